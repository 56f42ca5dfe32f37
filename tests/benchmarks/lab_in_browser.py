"""The face of the Sharing Lab in a browser: how soon a click is drawn, and frames while a piece is dragged."""

import itertools
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from mtl_tutorial.widgets.lab_page import write
from tests.browser.jupyterlab import chromium

CLICKS, STEPS = 21, 120
CLICKED = """() => {
    window.took = [];
    const board = document.querySelector(".board");
    board.addEventListener("pointerup", (event) =>
        requestAnimationFrame(() => took.push(performance.now() - event.timeStamp)), true);
}"""
DRAWN = """() => {
    window.frames_at = [];
    const note = (now) => { frames_at.push(now); requestAnimationFrame(note); };
    requestAnimationFrame(note);
}"""


def main() -> None:
    from playwright.sync_api import sync_playwright

    try:
        executable = chromium()
    except FileNotFoundError as error:
        print(f"Sharing Lab in a browser: {error}")
        return
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{write(Path(folder)).as_uri()}#language=en")
        page.wait_for_selector(".piece")
        piece = page.locator("[data-piece='encoder_1 person'] .hit")

        page.evaluate(CLICKED)
        for _ in range(CLICKS):
            piece.click()
        page.wait_for_function(f"took.length == {CLICKS}")
        times = page.evaluate("took")
        print(
            f"Sharing Lab, click → next frame with the new diagram: median {statistics.median(times):.0f} ms "
            f"({max(times):.0f} at most)"
        )

        box = piece.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(DRAWN)
        page.mouse.move(x + 300, y + 150, steps=STEPS)
        frames = page.evaluate("frames_at")
        page.mouse.up()
        apart = [later - earlier for earlier, later in itertools.pairwise(frames)]
        print(
            f"Sharing Lab, frames while a piece is dragged: {1000 / statistics.median(apart):.0f} a second "
            f"(the slowest took {max(apart):.0f} ms)"
        )
        browser.close()
