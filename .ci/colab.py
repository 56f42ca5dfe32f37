"""Write `colab.txt` beside this file: an environment like Colab's, every version exact.

Run it as ``make colab-lock``, on Linux with Colab's Python on the path. What Colab's image brings is
stated here by hand, after ``pip list`` in a session there; the rest is what pip finds to go with it.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from mtl_tutorial.environment import declared

PYTHON = "3.13"
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
HEADER = "# The environment of `make test-colab`. Written by `make colab-lock`; do not edit.\n"


def wanted() -> list[str]:
    """What to ask pip for: the image, the course and the tools of its tests."""
    _python, course = declared()
    others = [str(r) for r in course if r.name not in IMAGE and r.name != "tensorflow"]
    return [*(f"{name}=={version}" for name, version in IMAGE.items()), *others, *TOOLS]


def main() -> None:
    if not (python := shutil.which(f"python{PYTHON}")):
        sys.exit(f"There is no python{PYTHON} on the path.")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    install = ["install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    report = subprocess.run([*pip, *install, *wanted()], check=True, stdout=subprocess.PIPE)
    (Path(__file__).parent / "colab.txt").write_text(lock(report.stdout), "utf-8")


def lock(report: str | bytes) -> str:
    """The text of the lock; `report` is pip's."""
    found = (entry["metadata"] for entry in json.loads(report)["install"])
    pairs = sorted((re.sub("[-_.]+", "-", e["name"]).lower(), e["version"]) for e in found)
    return HEADER + "".join(f"{name}=={version}\n" for name, version in pairs)


if __name__ == "__main__":
    main()
