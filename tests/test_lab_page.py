"""The page without a kernel: what its folder holds."""

import gzip
import json
import re

from mtl_tutorial.__main__ import main
from mtl_tutorial.lab import grid
from mtl_tutorial.lab.outcome import look_up
from mtl_tutorial.lab.settings import Settings
from mtl_tutorial.lab.shown import shown
from mtl_tutorial.widgets import face


def test_the_command_writes_a_folder_that_holds_all_finished_runs(tmp_path, capsys):
    assert main(["lab-page", str(tmp_path / "page")]) == 0
    folder = tmp_path / "page"
    assert str(folder / "index.html") in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} == {
        "index.html",
        "data.js",
        "lab.js",
        "lab.css",
    }
    assert sum(len(gzip.compress(path.read_bytes())) for path in folder.iterdir()) < 1_000_000

    html = (folder / "index.html").read_text("utf-8")
    named = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert (
        sorted(named) == ["data.js", "data:,", "lab.css", "lab.js"] and 'type="module"' not in html
    )
    script = (folder / "lab.js").read_text("utf-8")
    assert face.script(*face.LAB, *face.LAB_PAGE) in script and "http" not in script.replace(
        "http://www.w3.org/2000/svg", ""
    )

    written = (folder / "data.js").read_text("utf-8")
    data = json.loads(re.fullmatch(r"const LAB_DATA = (.*);\n", written, re.DOTALL)[1])
    wanted = [*grid.settings()]
    assert len(data["answers"]) == len(wanted) == 50
    for setting, answer in zip(wanted[::17], data["answers"][::17], strict=True):
        assert answer == shown(look_up(setting))
        assert Settings.from_dict(answer["settings"]).plan == setting.plan
    assert set(data["words"]) == {"en", "zh"} == set(data["sizes"])
    assert (
        data["facts"]["folded"] == ["corpus", "balancing", "wide"] and not data["facts"]["trains"]
    )
