"""The harness itself: it sees what goes wrong, and widgets that a thread updates live in the page."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import psutil
import pytest
from matplotlib.image import imread

from tests.waiting import until

ROOT = Path(__file__).parents[2]

# A button starts a thread, with the callback's context, that draws three pictures; the other button
# lets the picture vanish between two of them. The thread goes on when `next` is pressed.
DRAWING = """\
import contextvars, threading
import ipywidgets as widgets

def picture(number):
    fill = f"hsl({60 * number}, 70%, 50%)"
    box = f"<rect width='300' height='120' fill='{fill}'/>"
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='300' height='120'>{box}</svg>".encode()

image, status = widgets.Image(value=picture(0), format="svg+xml"), widgets.HTML("ready")
image.add_class("picture")
status.add_class("status")

pressed = threading.Semaphore(0)

def draw(name):
    for number in range(1, 4):
        image.layout.display = "none" if name == "flickering" else None
        status.value = f"{name} before {number}"
        pressed.acquire()
        image.value, image.layout.display = picture(number), None
        status.value = f"{name} has {number}"
        pressed.acquire()
    status.value = f"{name} is done"

def start(button):
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(draw, button.description), daemon=True).start()

buttons = [widgets.Button(description=name) for name in ("calm", "flickering", "next")]
for button in buttons:
    button.add_class(button.description)
    button.on_click(start if button.description != "next" else lambda _: pressed.release())
widgets.VBox([*buttons, status, image])"""


@pytest.fixture
def written(tmp_path):
    """Writes a notebook of these code cells and gives back its path."""

    def write(*cells: str):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, tmp_path / "small.ipynb")
        return tmp_path / "small.ipynb"

    return write


def test_a_picture_that_a_thread_updates_is_seen_and_so_is_its_flicker(lab, written):
    heights = {}
    with lab.open(written(DRAWING)) as notebook:
        notebook.run_all()
        for name in ("calm", "flickering"):
            with notebook.watch(".picture") as seen:
                notebook.page.click(f".{name}")
                for number in (1, 2, 3):
                    for state in ("before", "has"):
                        notebook.wait_for_text(".status", f"^{name} {state} {number}$")
                        notebook.page.click(".next")
                notebook.wait_for_text(".status", f"^{name} is done$")
            assert len(seen.sources) == 3 < len(seen.heights)
            heights[name] = set(seen.heights)
        assert not notebook.complaints()
    assert heights["flickering"] == heights["calm"] | {0} and len(heights["calm"]) == 1


HIDDEN = """\
import threading, warnings
import ipywidgets as w
from IPython.display import Javascript

def fail(where):
    raise ValueError(where if isinstance(where, str) else 1 / 0)
# %%
button = w.Button()
button.add_class("press")
button.on_click(fail)
button
# %%
thread = threading.Thread(target=fail, args=("thread",))
thread.start()
thread.join()
# %%
warnings.warn("warned")
# %%
w.HTML("<pre>Traceback (most recent call last): in a text")
# %%
Javascript("console.error('in the browser')")
# %%
fail("cell")
# %%
raise KeyError("never reached")"""


TOLD = (
    "kernel: Exception in thread",
    "ValueError: thread",
    "UserWarning: warned",
    "page: Traceback (most recent call last): in a text",
    "console: in the browser",
    "ValueError: cell",
)


def complaints(notebook, expected):
    """What the notebook complains of, once all that is expected is among it."""

    def heard() -> bool:
        notebook.draw(1)  # lets what the page and the kernel say come in
        return all(any(said in told for told in notebook.complaints()) for said in expected)

    until(heard)
    return notebook.complaints()


def test_a_failure_is_found_wherever_it_hides(lab, written):
    with lab.open(written(*HIDDEN.split("# %%\n"))) as notebook:
        notebook.run_all()
        before = complaints(notebook, TOLD)
        assert not any("ZeroDivisionError" in complaint for complaint in before)
        notebook.page.click(".press")
        after = complaints(notebook, (*TOLD, "ZeroDivisionError"))
    assert not any("KeyError" in complaint for complaint in after)


def test_a_saved_notebook_comes_back_with_its_kernel_and_without(lab, written):
    with lab.open(
        written(
            "import ipywidgets as w\nx = 6 * 7\nt = w.HTML(f'<b>{x}</b>')\nt.add_class('answer')\nt"
        )
    ) as notebook:
        notebook.run_all()
        notebook.wait_for_text(".answer", "^42$")
        notebook.save()
    saved = json.loads(notebook.path.read_text("utf-8"))
    assert saved["metadata"]["widgets"] and saved["cells"][0]["execution_count"] == 1
    with lab.open(notebook.path) as again:
        again.wait_for_text(".answer", "^42$")
        assert not again.complaints()
    lab.shut_down_kernels()
    with lab.open(notebook.path) as later:
        later.wait_for_text(".answer", "^42$")


def test_pictures_show_the_whole_notebook_in_the_size_and_theme_asked_for(lab, written, tmp_path):
    cells = [f"print('\\n'.join('{number} is here' for _ in range(12)))" for number in range(6)]
    with lab.open(written(*cells), size=(900, 600)) as notebook:
        notebook.run_all()
        light = notebook.save_pictures(tmp_path / "light")
        notebook.set_theme("dark")
        notebook.set_size(900, 1200)
        dark = notebook.save_pictures(tmp_path / "dark")
    assert len(light) > len(dark) > 1
    assert imread(light[0]).shape[:2] == (600, 900) and imread(dark[0]).shape[:2] == (1200, 900)
    assert imread(light[0]).mean() > 2 * imread(dark[0]).mean()
    assert len({path.read_bytes() for path in light}) == len(light)


def test_the_command_leaves_pictures_and_nothing_running(tmp_path, written, server):
    """Server, kernel and browser keep files in the folder for temporary ones: by it they are known."""

    def running() -> set[psutil.Process]:
        found = psutil.process_iter(["cmdline"])
        return {p for p in found if any(folder in word for word in p.info["cmdline"] or ())}

    command = [sys.executable, "-m", "tests.browser", written("1"), "--out", tmp_path / "pictures"]
    with TemporaryDirectory() as folder:  # a socket's path must be short
        process = subprocess.Popen(command, env={**os.environ, "TMPDIR": folder}, cwd=ROOT)
        seen = set()
        until(lambda: seen.update(running()) or process.poll() is not None)
        assert process.returncode == 0 and len(seen) >= 3
        assert not running() and not list(Path(folder).iterdir())
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["01.png"]
