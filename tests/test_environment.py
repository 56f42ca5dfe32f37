"""The environment check: what is declared, what is found, and what is said to be done."""

import re
import sys
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from mtl_tutorial import environment
from mtl_tutorial.environment import Report, Row, check, declared
from mtl_tutorial.languages import LANGUAGES

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def meminfo(monkeypatch, tmp_path) -> Path:
    """What the system tells of memory: enough, whatever other tests take of it."""
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:  8000000 kB\nMemAvailable:    4000000 kB\n")
    monkeypatch.setattr(environment, "MEMINFO", file)
    return file


@pytest.fixture(autouse=True)
def ones_own_machine(monkeypatch):
    """Wherever the tests run."""
    for variable in environment.HOSTS.values():
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def installed(monkeypatch):
    """Distribution → version, as if these were what is installed; None is left out."""
    real, changed = metadata.version, {}

    def version(name):
        found = changed.get(name, real)
        if found is None:
            raise metadata.PackageNotFoundError(name)
        return real(name) if found is real else found

    monkeypatch.setattr(environment.metadata, "version", version)
    return changed


def row(report: Report, name: str) -> Row:
    return next(row for row in report.rows if row.name == name)


def test_here_everything_fits():
    report = check()
    assert report.ready, report
    assert report.advice == ["Everything that the course needs is there."]
    assert {"Python", "numpy", "tensorflow", "ipykernel", "disk"} <= {r.name for r in report.rows}
    assert not {"pytest", "dask"} & {r.name for r in report.rows}  # extras are nobody's need


def test_what_is_needed_is_what_pyproject_says():
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    wanted = re.search(r"\ndependencies = \[\n(.*?)\n\]", text, re.DOTALL)[1]
    names = re.findall(r'^ *"([a-z0-9_-]+)[^"]*",', wanted, re.MULTILINE)
    python, requirements = declared()
    assert sorted(r.name for r in requirements) == sorted(names)
    assert python == SpecifierSet(re.search(r'requires-python = "(.+)"', text)[1])
    # requirements.txt sends pip to the same place.
    lines = (CHECKOUT / "requirements.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-e .[lab]"]


def test_without_a_checkout_pips_notes_are_read(monkeypatch, tmp_path):
    notes = ["numpy>=1.26,<3", "tomli>=2; python_version < '3'", "pytest>=8; extra == 'test'"]
    notes.append("jupyterlab>=4.4; extra == 'lab'")
    monkeypatch.setattr(environment, "PYPROJECT", tmp_path / "none.toml")
    monkeypatch.setattr(environment.metadata, "requires", lambda name: notes)
    head = Message()  # the form in which pip keeps it
    for name, value in (
        ("Requires-Python", ">=3.10"),
        ("Provides-Extra", "test"),
        ("Provides-Extra", "lab"),
    ):
        head[name] = value
    monkeypatch.setattr(environment.metadata, "metadata", lambda name: head)
    python, requirements = declared()
    assert str(python) == ">=3.10" and [r.name for r in requirements] == ["numpy"]
    assert [r.name for r in declared("lab")[1]] == ["jupyterlab", "numpy"]
    with pytest.raises(ValueError, match="unknown extra 'labs'"):
        declared("labs")


@pytest.mark.parametrize(
    "found, verdict",
    [
        (None, "missing"),
        ("", "missing"),
        ("1.20.0", "too old"),
        ("3.0", "too new"),
        ("2.4.6", "ok"),
    ],
)
def test_a_package_is_judged_by_its_version(installed, found, verdict):
    installed["numpy"] = found
    report = check()
    assert row(report, "numpy").verdict == verdict
    assert report.ready == (verdict == "ok")
    assert ('%pip install "numpy>=1.26,<3"' in report.advice) == (verdict != "ok")


def test_all_packages_that_do_not_fit_are_installed_by_one_line(installed):
    installed |= {"numpy": None, "pandas": "1.0"}
    assert check().advice[-1] == '%pip install "numpy>=1.26,<3" "pandas>=2.2.1,<4"'


def test_a_version_of_its_own_makers_before_release_fits(installed):
    installed["pandas"] = "3.0.0rc1"
    assert row(check(), "pandas").verdict == "ok"


def test_tensorflow_may_come_as_tensorflow_cpu(installed):
    installed |= {"tensorflow": None, "tensorflow-cpu": "2.21.0"}
    assert row(check(), "tensorflow-cpu").verdict == "ok"
    installed["tensorflow-cpu"] = "2.16.1"
    assert check().advice[-1] == '%pip install "tensorflow-cpu>=2.20,<3"'
    installed["tensorflow-cpu"] = None
    assert check().advice[-1] == '%pip install "tensorflow>=2.20,<3"'


@pytest.mark.parametrize(
    ("version", "verdict"),
    [((3, 9, 1), "too old"), ((3, 10, 0), "ok"), ((3, 13, 9), "ok"), ((3, 14, 0), "too new")],
)
def test_another_python_is_no_matter_for_pip(monkeypatch, version, verdict):
    python, _ = declared()  # below 3.11, which reads no TOML, pip's notes would answer
    monkeypatch.setattr(environment, "declared", lambda extra="": (python, []))
    monkeypatch.setattr(environment.sys, "version_info", version)
    report = check("zh")
    assert row(report, "Python").verdict == verdict
    says = "本课程需要 Python >=3.10,<3.14。请安装其中一个，启动课程时指明用它：make lab PYTHON=python3.12"
    assert (report.advice == [says]) == (verdict != "ok")


def test_jupyter_counts_where_it_is_installed(installed):
    installed |= {"jupyterlab": None, "ipykernel": "7.0.1"}
    report = check()
    assert not [r for r in report.rows if r.name == "jupyterlab"]  # a server's, elsewhere
    assert report.advice[-1] == '%pip install "ipykernel>=7.1,<8"'


@pytest.mark.parametrize("host", environment.HOSTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_borrowed_machine_is_known_and_advised_in_its_own_words(
    monkeypatch, installed, host, language
):
    monkeypatch.setenv(environment.HOSTS[host], "1")
    installed |= {"ipykernel": "6.17.1", "numpy": "2.1.3"}
    report = check(language)
    assert report.host == host and host.lower() in report.advice[0].lower()
    assert report.ready == (host in environment.OWN_JUPYTER)  # theirs is not ours to judge
    installed |= {"ipykernel": "7.4", "numpy": "1.0"}
    advice = "".join(check(language).advice)
    assert ("%pip" in advice) == (host not in environment.OWN_JUPYTER)
    assert "make lab" not in advice
    lines = Report((Row("Python", ">=3.10", "3.9", "too old"),), language, host).advice
    assert len(lines) == 2 and "make lab" not in lines[1] and ">=3.10" in lines[1]


def test_ones_own_machine_is_nobody_elses():
    assert environment.borrowed_from() == "" == check().host


def test_memory_and_disk(monkeypatch, tmp_path, meminfo):
    meminfo.write_text("MemTotal:  8000000 kB\nMemAvailable:     500000 kB\n")
    report = check()
    assert row(report, "memory") == Row("memory", "1.2 GB", "0.5 GB", "too little")
    assert "Shut Down All Kernels" in report.advice[0]
    monkeypatch.setattr(environment, "MEMINFO", tmp_path / "not Linux")
    assert "memory" not in {r.name for r in check().rows}
    monkeypatch.setattr(environment, "ROOM", {"disk": 1e6})
    assert row(check(), "disk").verdict == "too little"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_and_advice_can_be_said(language):
    verdicts = ("ok", "missing", "too old", "too new", "too little")
    for name in ("Python", "memory", "disk", "numpy"):
        rows = tuple(Row(name, "1", "2", v, "numpy" if name == "numpy" else "") for v in verdicts)
        report = Report(rows, language)
        assert repr(report).count("\n") > len(verdicts) and report._repr_html_()
        said = "".join(report.advice)
        assert any("\u4e00" <= c <= "\u9fff" for c in said) == (language == "zh")


def test_what_is_shown_holds_no_path_and_is_escaped():
    report = check()
    assert sys.prefix not in repr(report) + report._repr_html_()
    shown = Report((Row("<b>", ">=1,<2", "<script>", "too old", "<b>>=1,<2"),))._repr_html_()
    assert (
        "<script>" not in shown and "&lt;script&gt;" in shown and "&lt;b&gt;&gt;=1,&lt;2" in shown
    )


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        check("fr")
