"""JupyterLab as a learner has it, in the system's Chromium, for tests and for pictures.

    with jupyterlab(folder) as lab, lab.open("notebooks/en/01_tasks_and_data.ipynb") as notebook:
        notebook.run_all()
        assert not notebook.complaints()
        notebook.save_picture("first_page.png")

Nothing of the user's is read or written: settings, workspaces and run-time files lie in `folder`.
Questions about the notebook as a whole go to JupyterLab's own objects, for which the server is
started with ``--expose-app-in-browser``: in some versions the page has only the cells in view.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil

from tests.waiting import DEADLINE, until

SIZE = (1280, 800)
OVERRIDES = Path(__file__).parents[2] / "binder" / "overrides.json"  # as learners on Binder have it
PRIVATE = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
# JupyterLab asks a new kernel for its widgets; one that has not imported ipywidgets complains.
NOISE = r"No such comm( target registered: jupyter\.widget\.control|: [0-9a-f-]{36})\n"


def chromium() -> str:
    """The path of this system's Chromium or Chrome; `FileNotFoundError` if it has none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if path := next(filter(None, map(shutil.which, names)), None):
        return path
    raise FileNotFoundError(f"there is no {', '.join(names[:-1])} or {names[-1]} on the PATH")


@contextmanager
def jupyterlab(folder: Path, app: str = "jupyterlab") -> Iterator[JupyterLab]:
    """A server and a browser of their own. At the end both are gone, and all kernels with them.

    With `app` ``"notebook"`` notebooks open in Jupyter Notebook 7, a page each.
    """
    from playwright.sync_api import sync_playwright

    executable = chromium()
    for name in ("files", *PRIVATE.values()):
        (folder / name).mkdir(parents=True)
    (folder / "config" / "labconfig").mkdir()
    defaults = folder / "config" / "labconfig" / "default_setting_overrides.json"
    shutil.copy(OVERRIDES, defaults)
    with _server(folder, app) as (url, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            # No sandbox, as containers need it; and no host but this one can be reached.
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        try:
            yield JupyterLab(folder / "files", url, token, browser, app)
        finally:
            browser.close()


@contextmanager
def _server(folder: Path, app: str) -> Iterator[tuple[str, str]]:
    """A running server's address and token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", app, "--no-browser", "--allow-root"),
        *("--expose-app-in-browser", "--ip=127.0.0.1", f"--port={port}"),
        f"--ServerApp.root_dir={folder / 'files'}",
    ]
    environment = {**os.environ, **{k: str(folder / v) for k, v in PRIVATE.items()}}
    log = folder / "jupyterlab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield _address(process, folder / "runtime", log)
    finally:
        with suppress(psutil.NoSuchProcess):  # a server that has failed
            server = psutil.Process(process.pid)
            family = [server, *server.children(recursive=True)]
            process.terminate()
            for left in psutil.wait_procs(family, timeout=DEADLINE)[1]:
                left.kill()
        process.wait()


def _address(process: subprocess.Popen, runtime: Path, log: Path) -> tuple[str, str]:
    """What the server writes down about itself once it listens."""
    found: dict[str, Any] = {}

    def listening() -> bool:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            written = (runtime / f"jpserver-{process.pid}.json").read_text("utf-8")
            found.update(json.loads(written))
        return bool(found)

    until(lambda: listening() or process.poll() is not None)
    if not found:
        raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
    return f"http://127.0.0.1:{found['port']}", found["token"]


class JupyterLab:
    """A running JupyterLab; `jupyterlab` makes one."""

    def __init__(self, files: Path, url: str, token: str, browser: Any, app: str) -> None:
        self.files, self.url, self._token, self._browser = files, url, token, browser
        self._place = "/lab/workspaces/{}/tree/{}" if app == "jupyterlab" else "/notebooks/{1}"
        self._numbers = count(1)

    @contextmanager
    def open(self, path: Path, size: tuple[int, int] = SIZE) -> Iterator[Notebook]:
        """The notebook in a page of its own, its kernel idle; the page is closed at the end.

        What is not yet among the server's files is copied there. The kernel outlives the page, as
        a learner's does: whoever opens `notebook.path` again meets it.
        """
        number = next(self._numbers)
        if not path.is_relative_to(self.files):
            (self.files / str(number)).mkdir()
            path = Path(shutil.copy(path, self.files / str(number)))
        page = self._browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.set_default_timeout(1000 * DEADLINE)
        try:
            notebook = Notebook(path, page)
            where = self._place.format(number, path.relative_to(self.files).as_posix())
            page.goto(f"{self.url}{where}?reset&token={self._token}")
            notebook.wait_until_idle()
            yield notebook
        finally:
            page.close()

    def shut_down_kernels(self) -> None:
        """End all kernels of the server, and the sessions that tie them to notebooks."""
        for session in json.loads(self._ask("GET", "/api/sessions")):
            self._ask("DELETE", f"/api/sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {self._token}"}
        with urlopen(
            Request(self.url + path, headers=headers, method=method), timeout=DEADLINE
        ) as reply:
            return reply.read()


@dataclass
class Seen:
    """What became of an element while it was watched."""

    heights: list[float] = field(
        default_factory=list
    )  # in each frame drawn; 0 where it is not there
    sources: list[str] = field(default_factory=list)  # of an image: the pictures it was given


class Notebook:
    """A notebook open in JupyterLab. `page` is Playwright's page, for clicking and typing."""

    def __init__(self, path: Path, page: Any) -> None:
        self.path, self.page = path, page
        self._console: list[str] = []
        self._kernel: list[str] = []
        page.on("console", lambda said: said.type == "error" and self._console.append(said.text))
        page.on("pageerror", lambda error: self._console.append(str(error)))
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    # -- running

    def wait_until_idle(self) -> None:
        """Until a kernel is connected and idle. (The sign in the toolbar says idle without one.)"""
        self._wait_for(
            """const kernel = panel?.sessionContext?.session?.kernel;
            return kernel?.connectionStatus == "connected" && kernel.status == "idle";"""
        )

    def run_all(self, seconds: float = DEADLINE) -> None:
        """Run all cells and wait for the last, or for the first that fails; at most so long."""
        self._ask(
            """window.ran = false;
            app.commands.execute("notebook:run-all-cells").then(() => { window.ran = true; });"""
        )
        self._wait_for("return window.ran", seconds)
        self.wait_until_idle()
        self._settle()

    def complaints(self) -> list[str]:
        """All that went wrong since the page was opened, wherever it hides.

        Errors and `stderr` in outputs, tracebacks that a widget shows, errors on the browser's
        console, and what the kernel reported of callbacks and threads, which no cell shows.
        """
        shown = self._ask(
            """const outputs = panel.node.querySelectorAll(
                '.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"],' +
                '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]');
            const widgets = [...panel.node.querySelectorAll(".widget-html-content, .mtl-lab .trouble")].filter(
                node => node.textContent.includes("Traceback (most recent call last)"));
            return [...outputs, ...widgets].map(node => node.textContent);"""
        )
        told = {"page": shown, "console": self._console, "kernel": self._kernel}
        return [f"{where}: {text}" for where, texts in told.items() for text in texts]

    def save(self) -> None:
        """Save the notebook to its file."""
        self._ask('return app.commands.execute("docmanager:save")')
        self._wait_for("return !panel.context.model.dirty")

    # -- what the page shows

    def show(self, code: str) -> None:
        """Scroll to the first cell that has `code` in its source."""
        self._ask(
            """const cells = panel.content.widgets.map(cell => cell.model.sharedModel.source);
            const index = cells.findIndex(source => source.includes(argument));
            if (index < 0) throw Error(`no cell has ${argument}`);
            panel.content.activeCellIndex = index;
            return panel.content.scrollToItem(index, "start");""",
            code,
        )
        self._settle()

    def enter(self, selector: str, text: str) -> None:
        """Type into a field and press Enter.

        A busy JupyterLab may take the focus for itself in between, and what is typed goes astray;
        like a learner who sees that the field is empty, begin again.
        """
        field = self.page.locator(selector)

        def keeps_it() -> bool:
            field.fill(text)
            self.draw(6)
            return field.evaluate(
                "(e, text) => e.value == text && document.activeElement == e", text
            )

        until(keeps_it)
        field.press("Enter")

    def wait_for_text(self, selector: str, pattern: str, frames: int = 20) -> None:
        """Until the element's text has matched the pattern in so many frames without a break."""
        self.page.evaluate("window.matched = 0")
        self._wait_for(
            """const [selector, pattern, frames] = argument;
            const text = document.querySelector(selector)?.innerText ?? "";
            window.matched = RegExp(pattern).test(text) ? window.matched + 1 : 0;
            return window.matched >= frames;""",
            argument=[selector, pattern, frames],
        )

    def draw(self, frames: int) -> None:
        """Let the browser draw so many frames: the page's own measure of time, on any machine."""
        self.page.evaluate(
            """async frames => {
                for (; frames > 0; frames--) await new Promise(requestAnimationFrame);
            }""",
            frames,
        )

    @contextmanager
    def watch(self, selector: str) -> Iterator[Seen]:
        """Look at the element in every frame that the browser draws; filled in at the end.

        A chart that flickers loses its height in some frame; one that grows gets new pictures.
        """
        seen = Seen()
        self.page.evaluate(
            """selector => {
                const seen = {heights: [], sources: []};
                const element = () => document.querySelector(selector);
                const pictures = new MutationObserver(() => seen.sources.push(element()?.src));
                const options = {subtree: true, attributes: true, attributeFilter: ["src"]};
                pictures.observe(document.body, options);
                let frame = requestAnimationFrame(function look() {
                    seen.heights.push(element()?.getBoundingClientRect().height ?? 0);
                    frame = requestAnimationFrame(look);
                });
                window.stop_watching = () => {
                    cancelAnimationFrame(frame);
                    pictures.disconnect();
                    return seen;
                };
            }""",
            selector,
        )
        yield seen
        found = self.page.evaluate("window.stop_watching()")
        seen.heights, seen.sources = found["heights"], list(dict.fromkeys(found["sources"]))

    def set_theme(self, theme: str) -> None:
        """``"light"`` or ``"dark"``."""
        name = f"JupyterLab {theme.title()}"
        self._ask('app.commands.execute("apputils:change-theme", {theme: argument})', name)
        self._wait_for("return document.body.dataset.jpThemeName == argument", argument=name)
        self._settle()

    def set_size(self, width: int, height: int) -> None:
        """The window's inner size in pixels."""
        self.page.set_viewport_size({"width": width, "height": height})
        self._settle()

    def save_picture(self, path: Path) -> None:
        """What the window shows now."""
        self.page.screenshot(path=path)

    def save_pictures(self, folder: Path) -> list[Path]:
        """The whole notebook, a window at a time: ``01.png``, ``02.png``, …"""
        paths: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._ask("outer.scrollTop = 0")
        while True:
            self._settle()
            paths.append(folder / f"{len(paths) + 1:02}.png")
            self.save_picture(paths[-1])
            if self._ask(
                """const last = panel.content.widgets.at(-1).node;  // empty space comes after it
                const bottom = last.isConnected && last.getBoundingClientRect().bottom;
                return bottom && bottom <= outer.getBoundingClientRect().bottom + 1;"""
            ):
                return paths
            self._ask("outer.scrollTop += outer.clientHeight - 40")

    # -- how it asks

    _SETTING = """const app = window.jupyterapp, panel = app?.shell.currentWidget;
        const outer = panel?.node.querySelector(".jp-WindowedPanel-outer");"""

    def _ask(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(f"argument => {{ {self._SETTING} {script} }}", argument)

    def _wait_for(self, script: str, seconds: float = DEADLINE, argument: Any = None) -> None:
        self.page.wait_for_function(
            f"argument => {{ {self._SETTING} {script} }}", arg=argument, timeout=1000 * seconds
        )

    def _settle(self) -> None:
        """Until fonts and pictures are there and the layout has stood still for some frames."""
        self._ask(
            """const pictures = [...document.images].map(image => image.decode().catch(() => {}));
            window.still = {frames: 0};
            return Promise.all([document.fonts.ready, ...pictures]);"""
        )
        self._wait_for(
            """const cells = [...panel.node.querySelectorAll(".jp-Cell")];
            const now = cells.map(cell => Object.values(cell.getBoundingClientRect().toJSON()));
            const layout = JSON.stringify(now), before = window.still;
            window.still = {layout, frames: layout == before.layout ? before.frames + 1 : 0};
            return window.still.frames >= 15;"""
        )

    def _hear(self, frame: bytes | str) -> None:
        """Note what the kernel says of failures, in cells or outside of them.

        Jupyter's protocol v1: a table of offsets, then channel, header, parent, metadata, content.
        """
        if isinstance(frame, str):
            return
        offsets = [int.from_bytes(frame[8 * i : 8 * i + 8], "little") for i in range(1, 7)]
        _, header, _, _, content = (frame[a:b] for a, b in pairwise(offsets))
        kind, said = json.loads(header)["msg_type"], json.loads(content)
        if kind == "error":
            self._kernel.append(re.sub(r"\x1b\[[\d;]*m", "", "\n".join(said["traceback"])))
        elif (
            kind == "stream" and said["name"] == "stderr" and not re.fullmatch(NOISE, said["text"])
        ):
            self._kernel.append(said["text"])
