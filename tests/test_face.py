"""The face's rooms: put together to one module, small, without the network, tested by Node itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mtl_tutorial.lab.catalogue import CATALOGUE
from mtl_tutorial.widgets import face

TESTS = Path(__file__).parent / "js"


def node() -> str:
    return shutil.which("node") or pytest.skip("there is no node on the PATH")


def test_the_rooms_do_what_their_own_tests_ask():
    files = sorted(map(str, TESTS.glob("*.test.js")))
    done = subprocess.run([node(), "--test", *files], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]
    assert int(re.search(r"# pass (\d+)", done.stdout)[1]) >= len(files) == 4


def test_the_rooms_types_hold():
    compiler = shutil.which("tsc") or pytest.skip("there is no tsc on the PATH")
    done = subprocess.run(
        [compiler, "-p", face.FOLDER / "jsconfig.json"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "script",
    [
        face.module(*face.LAB),
        face.module(*face.BOX),
        face.module(*face.MIXING),
        face.script(*face.LAB, *face.LAB_PAGE),
        face.script(*face.BOX, *face.BOX_PAGE),
    ],
)
def test_the_rooms_make_one_script(script, tmp_path):
    (tmp_path / "face.mjs").write_text(script, "utf-8")
    done = subprocess.run(
        [node(), "--check", tmp_path / "face.mjs"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert not re.search(r"^import ", script, re.MULTILINE)
    assert script.count("export ") == script.count("export default { render };") <= 1


def test_each_room_stands_after_those_that_it_imports():
    for rooms in ((*face.LAB, *face.LAB_PAGE), (*face.BOX, *face.BOX_PAGE), face.MIXING):
        for place, name in enumerate(rooms):
            text = (face.FOLDER / f"{name}.js").read_text("utf-8")
            imported = re.findall(r'from "\./(\w+)\.js";', text)
            assert set(imported) <= set(rooms[:place]), name


def test_the_module_is_small_and_asks_nobody_for_anything():
    module = face.module(*face.LAB)
    assert len(module.encode()) < 60_000 and max(map(len, module.split("\n"))) < 200
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", module + face.style("lab", "page")))
    assert addresses == {"http://www.w3.org/2000/svg"}
    everything = face.script(*face.LAB, *face.LAB_PAGE, "box", "mixing", *face.BOX_PAGE[1:])
    for word in (
        "innerHTML",
        "insertAdjacentHTML",
        "outerHTML",
        "document.write",
        "eval(",
        "fetch(",
        "@import",
        "url(",
    ):
        assert word not in module + everything + face.style("lab", "page"), word


def test_what_the_face_says_is_in_the_catalogue():
    said = set(re.findall(r'say\("([^"]+)"', face.script(*face.LAB, *face.LAB_PAGE)))
    assert said and said <= set(CATALOGUE)
