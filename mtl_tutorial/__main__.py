"""What the course does from the command line."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

CORPORA = ("zh", "en")
T = TypeVar("T")


def _demo(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.demo import run_demo

    run_demo(chosen.corpus, chosen.out)


def _corpus(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.corpora import people

    target = chosen.out or people.folder()
    people.write(target, people.SEED if chosen.seed is None else chosen.seed)
    print(f"wrote {', '.join(people.SIZES)} of each language to {target}")


def _calibrate(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.calibration import as_markdown, calibrate

    table = calibrate(chosen.corpus, chosen.out, chosen.workers)
    for language in chosen.corpus:
        print(f"\n{language}\n\n{as_markdown(table, language)}")


def _lesson_table(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.lessons.finished import make, with_tables

    if chosen.lesson not in with_tables():
        sys.exit(f"Lesson {chosen.lesson!r} reads no finished runs; {with_tables()} do.")
    print(f"wrote {make(chosen.lesson, chosen.out, chosen.workers)}")


def _lab_table(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.lab.grid import make

    print(f"wrote {make(chosen.out, chosen.workers)}")


def _snips(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.lessons.lesson_12 import measure

    print(measure(chosen.seeds, chosen.out))


def _links(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.links import of_checkout, table, wheel

    folder = Path(__file__).parents[1]
    try:
        rows = of_checkout(folder, chosen.language, chosen.hub)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    print(table(rows))
    if not wheel((folder / "pyproject.toml").read_text("utf-8")):
        print(
            "Colab and Kaggle find nothing to install before there is a release: CONTRIBUTING.md, "
            '"Versions", says how to make one.',
            file=sys.stderr,
        )


def _lab_page(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.widgets.lab_page import write

    print(f"wrote {write(chosen.out)}")


def _box_models(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.widgets.box_model import make

    for language in chosen.corpus:
        print(f"wrote {make(language)}")


def _serve(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.model import load_model
    from mtl_tutorial.serving import ModelServer

    try:
        server = ModelServer(load_model(chosen.model), chosen.port, chosen.language)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    print(f"{server.address} answers on this machine alone; Ctrl-C ends it", flush=True)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def _sheet(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.grading.writing import write

    _or_exit(lambda: write(chosen.lesson, chosen.out, chosen.seed))
    print(f"wrote {chosen.out}: learners/ to hand out, teacher/ for nobody else")


def _grade(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.grading import grade, sandbox

    for lacking, means in sandbox.missing().items():
        print(f"not guarded here, {lacking}: {means}", file=sys.stderr)
    limits = {"seconds": chosen.seconds, "megabytes": chosen.memory}
    protect = not chosen.unprotected
    _or_exit(lambda: grade.grade(chosen.folder, chosen.key, protect=protect, tell=print, **limits))
    print(f"wrote {chosen.folder / grade.GRADES}")


def _handouts(chosen: argparse.Namespace) -> None:
    from mtl_tutorial.handouts.printing import browser, write

    if browser() is None:
        print("no Chrome, Chromium or Edge here: open the pages and print them", file=sys.stderr)
    _or_exit(lambda: write(chosen.out, print))


def _or_exit(work: Callable[[], T]) -> T:
    """Do it; what the user can mend is said in a line, without a traceback."""
    try:
        return work()
    except (OSError, RuntimeError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)


def _said(given: str) -> str:
    """Something; nothing at all is what a shell makes of a variable that is not set."""
    if not given.strip():
        raise argparse.ArgumentTypeError("nothing is given")
    return given


def _place(given: str) -> Path:
    """A file or folder; nothing would be the current one, and hardly meant."""
    if not given.strip():
        raise argparse.ArgumentTypeError("no name is given; the current folder is .")
    return Path(given).expanduser()


def _count(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, at least 1, not {given!r}")
    return int(given)


def _for_teachers(commands: Any) -> None:
    sheet = commands.add_parser(
        "sheet", help="draw a graded sheet: learners' notebooks and, apart, the teacher's key"
    )
    sheet.add_argument("lesson", help="number of the lesson, such as 03")
    sheet.add_argument("--out", type=_place, required=True, help="folder")
    sheet.add_argument(
        "--seed", type=_said, help="who knows it can draw the key (default: one by lot)"
    )
    sheet.set_defaults(run=_sheet)

    grade = commands.add_parser(
        "grade", help="run learners' notebooks in a sandbox and judge them; can be resumed"
    )
    grade.add_argument(
        "folder", type=_place, help="with the notebooks; grades.csv is written there"
    )
    grade.add_argument("--key", type=_place, required=True, help="the teacher's key of the sheet")
    grade.add_argument("--seconds", type=_count, default=60, help="CPU time each (default: 60)")
    grade.add_argument("--memory", type=_count, default=2048, help="megabytes each (default: 2048)")
    grade.add_argument(
        "--unprotected", action="store_true",
        help="run them although this machine cannot guard your files",
    )  # fmt: skip
    grade.set_defaults(run=_grade)

    handouts = commands.add_parser(
        "handouts", help="print diagrams, prediction sheets, summaries, terms, quizzes and slides"
    )
    handouts.add_argument("out", type=_place, help="folder")
    handouts.set_defaults(run=_handouts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mtl_tutorial", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    demo = commands.add_parser(
        "demo", help="train baselines and a shared model; leave table and figure"
    )
    demo.add_argument("--corpus", choices=CORPORA, default="zh", help="language (default: zh)")
    demo.add_argument(
        "--out", type=_place, default=Path("results"), help="folder (default: results)"
    )
    demo.set_defaults(run=_demo)

    corpus = commands.add_parser(
        "corpus", help="write the shipped corpus again, byte by byte the same"
    )
    corpus.add_argument("--out", type=_place, help="folder (default: where it lies)")
    corpus.add_argument("--seed", type=int, help="another seed gives another corpus")
    corpus.set_defaults(run=_corpus)

    tables = argparse.ArgumentParser(add_help=False)
    tables.add_argument("--workers", type=_count, default=1, help="processes (default: 1)")

    calibrate = commands.add_parser(
        "calibrate", parents=[tables], help="measure the data card's table; can be resumed"
    )
    calibrate.add_argument("--corpus", choices=CORPORA, nargs="+", default=list(CORPORA))
    calibrate.add_argument("--out", type=_place, default=Path("results/calibration"))
    calibrate.set_defaults(run=_calibrate)

    lesson = commands.add_parser(
        "lesson-table", parents=[tables],
        help="train the finished runs that a lesson reads; can be resumed",
    )  # fmt: skip
    lesson.add_argument("lesson", help="number of the lesson, such as 03")
    lesson.add_argument("--out", type=_place, help="where runs are kept (default: results/lessons)")
    lesson.set_defaults(run=_lesson_table)

    lab = commands.add_parser(
        "lab-table", parents=[tables],
        help="train the Sharing Lab's table of finished runs; can be resumed",
    )  # fmt: skip
    lab.add_argument("--out", type=_place, default=Path("results/lab"), help="where runs are kept")
    lab.set_defaults(run=_lab_table)

    snips = commands.add_parser(
        "snips", help="train lesson 12's model for SNIPS and print it beside published figures"
    )
    snips.add_argument("--seeds", type=_count, default=5, help="trainings (default: 5)")
    snips.add_argument(
        "--out", type=_place, default=Path("results/snips"), help="where runs are kept"
    )
    snips.set_defaults(run=_snips)

    links = commands.add_parser(
        "links", help="print badges that open the lessons on Binder, Colab, Kaggle, Codespaces"
    )
    links.add_argument("--language", choices=["en", "zh"], default="en", help="(default: en)")
    links.add_argument("--hub", default="", help="a class server with nbgitpuller, https://...")
    links.set_defaults(run=_links)

    page = commands.add_parser(
        "lab-page", help="write the Sharing Lab as a web page without a kernel"
    )
    page.add_argument("out", type=_place, help="folder; serve it, or open its index.html")
    page.set_defaults(run=_lab_page)

    models = commands.add_parser(
        "box-models",
        help="train the models of the sentence box's page; write them, for Keras and as ONNX",
    )
    models.add_argument("--corpus", choices=CORPORA, nargs="+", default=list(CORPORA))
    models.set_defaults(run=_box_models)

    serve = commands.add_parser("serve", help="open a saved model on a page of this machine")
    serve.add_argument("model", type=_place, help="a file that model.save wrote")
    serve.add_argument("--port", type=int, default=8765, help="(default: 8765; 0: a free one)")
    serve.add_argument("--language", choices=["en", "zh"], default="en", help="(default: en)")
    serve.set_defaults(run=_serve)

    _for_teachers(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; give the exit status."""
    chosen = _parser().parse_args(arguments)
    chosen.run(chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
