"""Pictures of a lesson as JupyterLab shows it after all its cells have run."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.jupyterlab import SIZE, jupyterlab


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument(
        "notebook", type=Path, help="for example notebooks/en/01_tasks_and_data.ipynb"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for 01.png, 02.png, …")
    parser.add_argument(
        "--size", default="{}x{}".format(*SIZE), help="of the window; by default %(default)s"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    with (
        TemporaryDirectory() as folder,
        jupyterlab(Path(folder)) as lab,
        lab.open(options.notebook, (width, height)) as notebook,
    ):
        notebook.set_theme(options.theme)
        notebook.run_all(seconds=900)
        pictures = notebook.save_pictures(options.out)
        complaints = notebook.complaints()
    print(f"{len(pictures)} pictures in {options.out}", *complaints, sep="\n")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
