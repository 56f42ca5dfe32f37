"""The command line: ``python -m mtl_tutorial demo | corpus | calibrate``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; give the exit status."""
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

    chosen = parser.parse_args(arguments)
    if chosen.command == "demo":
        from mtl_tutorial.demo import run_demo

        run_demo(chosen.corpus, chosen.out)
    elif chosen.command == "corpus":
        from mtl_tutorial.corpora import people

        target = chosen.out or people.folder()
        people.write(target, people.SEED if chosen.seed is None else chosen.seed)
        print(f"wrote {', '.join(people.SIZES)} of each language to {target}")
    else:
        from mtl_tutorial.calibration import as_markdown
        from mtl_tutorial.calibration import calibrate as measure

        table = measure(chosen.corpus, chosen.out, chosen.workers)
        for language in chosen.corpus:
            print(f"\n{language}\n\n{as_markdown(table, language)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
