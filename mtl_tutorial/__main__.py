"""The command line: ``python -m mtl_tutorial demo | corpus | calibrate | lab-table | lesson-table | snips | binder``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mtl_tutorial", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    demo = commands.add_parser(
        "demo", help="train baselines and a shared model; leave table and figure"
    )
    demo.add_argument("--corpus", choices=["zh", "en"], default="zh", help="language (default: zh)")
    demo.add_argument("--out", type=Path, default=Path("results"), help="folder (default: results)")

    corpus = commands.add_parser("corpus", help="write the shipped corpus anew, the same bytes")
    corpus.add_argument("--out", type=Path, default=None, help="folder (default: where it lies)")
    corpus.add_argument("--seed", type=int, default=None, help="another seed gives another corpus")

    calibrate = commands.add_parser(
        "calibrate", help="measure the data card's table; can be resumed"
    )
    calibrate.add_argument("--corpus", choices=["zh", "en"], nargs="+", default=["zh", "en"])
    calibrate.add_argument("--out", type=Path, default=Path("results/calibration"))
    calibrate.add_argument("--workers", type=int, default=1, help="processes (default: 1)")

    finished = commands.add_parser(
        "lesson-table", help="train the finished runs that a lesson reads; can be resumed"
    )
    finished.add_argument("lesson", choices=["03", "04", "12"], help="number of the lesson")
    finished.add_argument("--out", type=Path, help="where runs are kept (default: results/lessons)")
    finished.add_argument("--workers", type=int, default=1, help="processes (default: 1)")

    goal = commands.add_parser(
        "snips", help="train lesson 12's model for SNIPS and print it beside published figures"
    )
    goal.add_argument("--seeds", type=int, default=5, help="trainings (default: 5)")
    goal.add_argument("--out", type=Path, default=Path("results/snips"), help="where runs are kept")

    binder = commands.add_parser("binder", help="print the link and badge that open it on Binder")
    binder.add_argument("--language", choices=["en", "zh"], default="en", help="(default: en)")

    lab = commands.add_parser(
        "lab-table", help="train the Sharing Lab's table of finished runs; can be resumed"
    )
    lab.add_argument("--out", type=Path, default=Path("results/lab"), help="where runs are kept")
    lab.add_argument("--workers", type=int, default=1, help="processes (default: 1)")

    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; give the exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command == "demo":
        from mtl_tutorial.demo import run_demo

        run_demo(chosen.corpus, chosen.out)
    elif chosen.command == "corpus":
        from mtl_tutorial.corpora import people

        target = chosen.out or people.folder()
        people.write(target, people.SEED if chosen.seed is None else chosen.seed)
        print(f"wrote {', '.join(people.SIZES)} of each language to {target}")
    elif chosen.command == "lesson-table":
        from mtl_tutorial.lessons import finished as tables

        print(f"wrote {tables.make(chosen.lesson, chosen.out, chosen.workers)}")
    elif chosen.command == "snips":
        from mtl_tutorial.lessons import lesson_12

        print(lesson_12.measure(chosen.seeds, chosen.out))
    elif chosen.command == "binder":
        from mtl_tutorial.binder import badge, launch_link, origin

        try:
            link = launch_link(*origin(Path(__file__).parents[1]), chosen.language)
        except ValueError as problem:
            parser.exit(1, f"{problem}\n")
        print(link, badge(link), sep="\n")
    elif chosen.command == "lab-table":
        from mtl_tutorial.lab.finished import make

        print(f"wrote {make(chosen.out, chosen.workers)}")
    else:
        from mtl_tutorial.calibration import as_markdown
        from mtl_tutorial.calibration import calibrate as measure

        table = measure(chosen.corpus, chosen.out, chosen.workers)
        for language in chosen.corpus:
            print(f"\n{language}\n\n{as_markdown(table, language)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
