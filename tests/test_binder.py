"""Binder: the link, the recipe that repo2docker makes of `binder/`, and the lock, installed."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import nbformat
import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks import PythonBuildPack

from mtl_tutorial.binder import launch_link, origin
from tests.test_notebooks import failures

CHECKOUT = Path(__file__).parents[1]
BINDER = CHECKOUT / "binder"
_spec = importlib.util.spec_from_file_location("lock", BINDER / "lock.py")
lock = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(lock)


# -- the link


@pytest.mark.parametrize(
    "remote, repository",
    [
        ("https://github.com/someone/course.git", "gh/someone/course"),
        ("https://github.com/someone/course", "gh/someone/course"),
        ("https://github.com/someone/course/", "gh/someone/course"),
        ("https://GitHub.com/Some-One/co.ur_se.git", "gh/Some-One/co.ur_se"),
        ("https://someone:secret@github.com/someone/course.git", "gh/someone/course"),
        ("git@github.com:someone/course.git", "gh/someone/course"),
        ("github.com:someone/course", "gh/someone/course"),
        ("ssh://git@github.com/someone/course.git", "gh/someone/course"),
        ("ssh://git@ssh.github.com:443/someone/course.git", "gh/someone/course"),
        ("git://github.com/someone/course.git", "gh/someone/course"),
        ("https://gitlab.com/someone/course.git", "gl/someone%2Fcourse"),
        ("git@gitlab.com:group/sub/course.git", "gl/group%2Fsub%2Fcourse"),
        ("https://gitee.com/some/course.git", "git/https%3A%2F%2Fgitee.com%2Fsome%2Fcourse.git"),
        ("git@gitee.com:some/course.git", "git/https%3A%2F%2Fgitee.com%2Fsome%2Fcourse.git"),
        ("ssh://git@git.uni.edu:2222/a/b", "git/https%3A%2F%2Fgit.uni.edu%2Fa%2Fb"),
        ("https://me:secret@git.uni.edu:8443/a", "git/https%3A%2F%2Fgit.uni.edu%3A8443%2Fa"),
        ("http://git.uni.edu/a/b", "git/http%3A%2F%2Fgit.uni.edu%2Fa%2Fb"),
        ("https://git.uni.edu/~me/a%20b", "git/https%3A%2F%2Fgit.uni.edu%2F~me%2Fa%2520b"),
        ("https://git.uni.edu/课程", "git/https%3A%2F%2Fgit.uni.edu%2F%25E8%25AF%25BE%25E7%25A8%258B"),
    ],
)  # fmt: skip
def test_the_link_of_a_remote(remote, repository):
    landing = "?urlpath=lab%2Ftree%2Fnotebooks%2Fen%2F00_welcome.ipynb"
    assert launch_link(remote, "main") == f"https://mybinder.org/v2/{repository}/main{landing}"


def test_branch_and_language_are_part_of_the_link():
    link = launch_link("https://github.com/a/b", "fix/章 #2", "zh")
    assert "/gh/a/b/fix/%E7%AB%A0%20%232?urlpath=" in link  # Binder lets a branch contain slashes
    assert link.endswith("?urlpath=lab%2Ftree%2Fnotebooks%2Fzh%2F00_welcome.ipynb")


@pytest.mark.parametrize(
    "remote",
    ["/srv/git/course.git", "../course", "file:///srv/course.git", r"C:\course", "C:/course", "",
     "git@work-alias:someone/course.git", "https://localhost/a/b", "ftp://a.org/b", "https://a.org"],
)  # fmt: skip
def test_what_binder_cannot_fetch_from_is_an_error(remote):
    with pytest.raises(ValueError, match="Binder cannot fetch from"):
        launch_link(remote, "main")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A git repository with one commit on `main`; call it to run git there."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "A. Author")
        monkeypatch.setenv(f"{name}_EMAIL", "a@example.org")

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)
        return done.stdout.decode().strip()

    git("init", "--initial-branch=main")
    git("commit", "--allow-empty", "--message=first")
    git.folder = tmp_path
    return git


def test_what_head_follows_counts(repository):
    repository("remote", "add", "upstream", "https://github.com/them/course.git")
    assert origin(repository.folder) == ("https://github.com/them/course.git", "main")
    repository("remote", "add", "origin", "https://github.com/me/course.git")
    assert origin(repository.folder) == ("https://github.com/me/course.git", "main")
    repository("checkout", "-b", "fix/typo")
    assert origin(repository.folder) == ("https://github.com/me/course.git", "fix/typo")
    repository("config", "branch.fix/typo.remote", "upstream")
    repository("config", "branch.fix/typo.merge", "refs/heads/class/2027")
    assert origin(repository.folder) == ("https://github.com/them/course.git", "class/2027")
    repository("branch", "mine")
    repository("branch", "--set-upstream-to=mine")  # a branch of this same repository
    assert origin(repository.folder) == ("https://github.com/me/course.git", "fix/typo")
    repository("checkout", "--detach")
    commit = repository("rev-parse", "HEAD")
    assert origin(repository.folder) == ("https://github.com/me/course.git", commit)


def test_no_remote_no_checkout_and_no_git_are_told_apart(repository, tmp_path_factory, monkeypatch):
    with pytest.raises(ValueError, match=r"has no git remote.*git remote add origin URL"):
        origin(repository.folder)
    with pytest.raises(
        ValueError, match=r"git cannot tell where .* is from: .*not a git repository"
    ):
        origin(tmp_path_factory.mktemp("empty"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ValueError, match="git is not installed"):
        origin(repository.folder)


# -- the recipe


@pytest.fixture(scope="module")
def recipe():
    """What repo2docker would build; it looks into the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CHECKOUT)
        app = Repo2Docker()
        packs = (pack(app.base_image) for pack in app.buildpacks)
        found = next(pack for pack in packs if pack.detect())
        found.platform = "linux/amd64"
        found.dockerfile = found.render({})
        yield found


def test_repo2docker_builds_what_we_mean(recipe):
    assert type(recipe) is PythonBuildPack and recipe.python_version == lock.PYTHON == "3.11"
    steps = [
        "/tmp/env/environment.lock",
        '/bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        " src/ ${REPO_DIR}/",  # later than the lock: a changed lesson does not install anew
        "RUN ./binder/postBuild",
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"',
    ]
    places = [recipe.dockerfile.index(step) for step in steps]
    assert places == sorted(places)
    assert recipe.dockerfile.count("pip install") == 1


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_a_script_parses_and_may_be_run(name):
    subprocess.run(["bash", "-n", BINDER / name], check=True)
    assert os.access(BINDER / name, os.X_OK)


def test_start_caps_threads_and_becomes_the_command():
    code = "import os, sys; print(sys.argv[1:], *map(os.environ.get, sys.argv[1:])); sys.exit(7)"
    names = ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "a b"]
    command = [BINDER / "start", sys.executable, "-c", code, *names]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.stdout == f"{names} 2 2 2 None\n" and not done.stderr and done.returncode == 7


def test_the_settings_of_jupyterlab_are_settings_it_knows():
    share = Path(sys.prefix) / "share/jupyter"
    manager = "@jupyter-widgets/jupyterlab-manager"
    schemas = {
        "@jupyterlab/apputils-extension:notification": share / "lab/schemas",
        f"{manager}:plugin": share / "labextensions" / manager / "schemas",
    }
    settings = json.loads((BINDER / "overrides.json").read_text("utf-8"))
    assert settings.keys() == schemas.keys()
    for plugin, values in settings.items():
        schema = schemas[plugin] / (plugin.replace(":", "/") + ".json")
        jsonschema.validate(values, json.loads(schema.read_text("utf-8")))
        assert values


# -- the lock


@pytest.fixture(scope="module")
def locked():
    """The lock: name → version. Every line is one package in one version."""
    lines = (BINDER / "requirements.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    assert pairs == sorted(pairs)
    for name, version in pairs:
        assert name == canonicalize_name(name) and version == str(Version(version))
    return dict(pairs)


def test_lock_and_image_have_what_the_course_needs(locked):
    there = {**lock.image(), **locked}
    for needed in lock.course():
        assert needed.specifier.contains(there[needed.name]), f"run make binder-lock: {needed}"


def test_the_lock_moves_nothing_of_the_image_but_what_it_must(locked):
    image = lock.image()
    assert locked.keys() & image.keys() == lock.MOVED
    assert {"jupyterlab", "notebook", "jupyter-server", "jupyterhub"} < image.keys()
    assert Version(locked["ipykernel"]) >= Version("7.1")


def test_the_lock_has_the_small_tensorflow(locked):
    assert "tensorflow-cpu" in locked and "tensorflow" not in locked


# -- the lock, installed


@pytest.fixture
def image(recipe):
    """The variables of an environment that was made by the recipe's own commands.

    What the recipe takes from conda comes from PyPI here, in the same versions.
    """
    if "CI" not in os.environ:
        pytest.skip("fetches half a gigabyte; runs where CI is set")
    if not (interpreter := lock.python()):
        pytest.skip(f"needs Linux on x86-64 and python{lock.PYTHON}")
    with tempfile.TemporaryDirectory() as folder:  # two gigabytes, which pytest would keep
        prefix = Path(folder, "notebook")
        variables = {
            **os.environ,
            "PATH": f"{prefix / 'bin'}:{os.environ['PATH']}",
            "NB_PYTHON_PREFIX": str(prefix),
            "KERNEL_PYTHON_PREFIX": str(prefix),
            "MPLCONFIGDIR": f"{folder}/matplotlib",
            "IPYTHONDIR": f"{folder}/ipython",
        }

        def run(*command: str | Path) -> None:
            subprocess.run(command, cwd=CHECKOUT, env=variables, check=True)

        run(interpreter, "-m", "venv", prefix)
        conda = [f"{name}=={version}" for name, version in lock.image().items()]
        run("python", "-m", "pip", "install", "-q", "--no-deps", "--no-compile", *conda)
        ((_user, pip),) = recipe.get_preassemble_scripts()
        run("bash", "-c", pip)
        run(*recipe.get_post_build_scripts())
        yield variables


def test_the_environment_is_image_lock_and_course_and_runs_the_first_lesson(
    image, locked, tmp_path
):
    def pip(*arguments: str) -> str:
        command = ["python", "-m", "pip", *arguments]
        done = subprocess.run(command, env=image, check=False, capture_output=True, text=True)
        return done.stdout

    versions = {
        canonicalize_name(p["name"]): p["version"] for p in json.loads(pip("list", "--format=json"))
    }
    versions.pop("mtl-tutorial")
    assert versions == {**lock.image(), **locked}
    (complaint,) = pip("check").splitlines()
    assert re.fullmatch(r"mtl-tutorial \S+ requires tensorflow, which is not installed.", complaint)

    (lesson,) = (CHECKOUT / "notebooks/zh").glob("00_*.ipynb")
    shutil.copy(lesson, tmp_path)
    command = [BINDER / "start", "python", "-m", "nbconvert", "--to=notebook", "--execute"]
    names = ["--output=done", lesson.name]
    subprocess.run([*command, *names], cwd=tmp_path, env=image, check=True)
    notebook = nbformat.read(tmp_path / "done.ipynb", 4)
    assert not failures(notebook)
    outputs = [str(o) for cell in notebook.cells for o in cell.get("outputs", [])]
    assert not [text for text in outputs if "%pip install" in text]  # its own check is content
