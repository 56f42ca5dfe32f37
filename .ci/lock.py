"""Write `colab.txt` or `oldest.txt` beside this file: an environment to test in, every version exact.

Run it as ``make colab-lock`` or ``make oldest-lock``, on Linux with that environment's Python. What
Colab's image brings is stated here by hand, after ``pip list`` in a session there; the oldest versions
are the lower bounds in ``pyproject.toml``; the rest is what pip finds to go with either.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

from mtl_tutorial.environment import declared

IMAGE = {  # of August 2026
    "tensorflow-cpu": "2.20.0",  # there: tensorflow, the same for machines without a GPU
    "keras": "3.13.2",
    "numpy": "2.1.3",
    "pandas": "2.2.3",
    "matplotlib": "3.10.0",
    "ipython": "7.34.0",
    "ipywidgets": "7.7.1",
    "ipykernel": "6.17.1",
}
TOOLS = ("hypothesis", "jupytext", "nbclient", "psutil", "pytest", "pyyaml")  # what the tests need
HEADER = "# The environment of `make test-{0}`. Written by `make {0}-lock`; do not edit.\n"


def of_colab() -> list[str]:
    """What to ask pip for: the image, the course and the tools of its tests."""
    others = [str(r) for r in declared()[1] if r.name not in IMAGE and r.name != "tensorflow"]
    return [*(f"{name}=={version}" for name, version in IMAGE.items()), *others, *TOOLS]


def of_oldest() -> list[str]:
    """What to ask pip for: the oldest of all that the course and `make lab` need, and the tools."""
    return [*(f"{r.name}=={lower_bound(r)}" for r in declared("lab")[1]), *TOOLS]


def lower_bound(requirement: Requirement) -> str:
    (lower,) = (s.version for s in requirement.specifier if s.operator == ">=")
    return lower


WANTED = {"colab": of_colab, "oldest": of_oldest}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("which", choices=WANTED)
    parser.add_argument("python", help="the command of that environment's Python")
    asked = parser.parse_args()
    if not (python := shutil.which(asked.python)):
        sys.exit(f"There is no {asked.python} on the path.")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    install = ["install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    report = subprocess.run(
        [*pip, *install, *WANTED[asked.which]()], check=True, stdout=subprocess.PIPE
    )
    text = HEADER.format(asked.which) + lock(report.stdout)
    (Path(__file__).parent / f"{asked.which}.txt").write_text(text, "utf-8")


def lock(report: str | bytes) -> str:
    """The lines of a lock; `report` is pip's."""
    found = (entry["metadata"] for entry in json.loads(report)["install"])
    pairs = sorted((re.sub("[-_.]+", "-", e["name"]).lower(), e["version"]) for e in found)
    return "".join(f"{name}=={version}\n" for name, version in pairs)


if __name__ == "__main__":
    main()
