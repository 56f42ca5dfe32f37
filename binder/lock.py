"""Write `requirements.txt` beside this file: what Binder installs, every version exact.

Run it with ``make binder-lock``, on Linux (x86-64) with the Python of `runtime.txt` on the path:
pip resolves for the machine and the Python that it runs on.

Binder's own image brings JupyterLab and its kin along, in the versions that repo2docker has fixed.
These are resolved together with the course's requirements, so that the two go together, and are
left out of the lock, so that they stay as they are.
"""

import json
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repo2docker.buildpacks import conda

from mtl_tutorial.environment import declared

BINDER = Path(__file__).parent
PYTHON = (BINDER / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
MOVED = {"ipykernel"}  # the image's 7.0.1 breaks widgets that a thread updates
RENAMED = {  # conda → PyPI
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}
HEADER = """\
# What Binder installs on top of its own JupyterLab. Written by `make binder-lock`; do not edit.
"""


def image() -> dict[str, str]:
    """The Python packages of Binder's image before ours are installed: name → version."""
    path = Path(conda.__file__).with_name(f"environment.py-{PYTHON}-linux-64.lock")
    # ".../noarch/attrs-25.4.0-pyh71513ae_0.conda#...": Python packages' builds begin with "py".
    found = re.findall(r"/([^/]+)-([^/-]+)-py[^/-]*\.(?:conda|tar\.bz2)#", path.read_text("utf-8"))
    return {canonicalize_name(RENAMED.get(name, name)): version for name, version in found}


def course() -> list[Requirement]:
    """What pyproject.toml asks for, with the smaller TensorFlow for machines without a GPU."""
    _python, requirements = declared("lab")
    for requirement in requirements:
        if requirement.name == "tensorflow":
            requirement.name = "tensorflow-cpu"
    return requirements


def python() -> str | None:
    """A Python of Binder's version, if this is a machine that it would be the same on."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return None
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    return sys.executable if here == PYTHON else shutil.which(f"python{PYTHON}")


def resolve(interpreter: str) -> dict[str, str]:
    """What pip would install into an empty environment for image and course: name → version."""
    kept = [f"{name}=={version}" for name, version in image().items() if name not in MOVED]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", interpreter]
    install = ["install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    report = subprocess.run(
        [*pip, *install, *kept, *map(str, course())], check=True, stdout=subprocess.PIPE
    )
    packages = [entry["metadata"] for entry in json.loads(report.stdout)["install"]]
    return {canonicalize_name(each["name"]): each["version"] for each in packages}


def main() -> None:
    if not (interpreter := python()):
        sys.exit(
            f"The lock is for Linux on x86-64: run this there, with python{PYTHON} on the path."
        )
    there = image()
    missing = [pair for pair in sorted(resolve(interpreter).items()) if pair not in there.items()]
    lines = "".join(f"{name}=={version}\n" for name, version in missing)
    (BINDER / "requirements.txt").write_text(HEADER + lines, "utf-8")
    print(f"wrote {len(missing)} packages to binder/requirements.txt")


if __name__ == "__main__":
    main()
