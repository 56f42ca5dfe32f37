"""The face of the Sharing Lab in a browser: how soon a click is drawn; frames while a piece is dragged, and while curves grow."""

import itertools
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
GROWN = """() => {  // the answer comes epoch by epoch, as from a training that takes no time of its own
    PageModel.prototype.show = function (number) {
        const whole = this.entry(number);
        const upto = (epoch) => (values) => values && values.slice(0, epoch + 1);
        const part = (plan, cut) => Object.fromEntries(Object.entries(plan).map(([name, values]) => [name, cut(values)]));
        const seen = (of, cut) => ({ ...of, curves: Object.fromEntries(
            Object.entries(of.curves).map(([view, two]) => [view, { ...two, plan: part(two.plan, cut) }])) });
        const more = (epoch) => {
            const tasks = Object.entries(whole.tasks).map(([task, of]) => [task, seen(of, upto(epoch))]);
            this.set("shown", { ...whole, epoch, tasks: Object.fromEntries(tasks) });
            if (epoch < whole.epoch) setTimeout(more, 250, epoch + 1);
            else window.grown = true;
        };
        more(0);
    };
}"""
SIXTIETH = 17  # milliseconds, one more than a frame at 60 a second takes


def while_growing(page: Any) -> None:
    """The frames while all curves grow, an epoch every quarter of a second."""
    page.evaluate(GROWN)
    page.evaluate(DRAWN)
    page.click(".train")
    page.wait_for_function("window.grown")
    apart = [later - earlier for earlier, later in itertools.pairwise(page.evaluate("frames_at"))]
    late = sum(gap > SIXTIETH for gap in apart)
    print(
        f"Sharing Lab, frames while curves grow: {1000 / statistics.median(apart):.0f} a second, "
        f"{late / len(apart):.1%} of {len(apart)} took over {SIXTIETH} ms (the slowest {max(apart):.0f} ms)"
    )


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
        address = write(Path(folder)).as_uri()
        script = Path(folder) / "lab.js"  # without the function around it: the bench looks inside
        script.write_text(
            script.read_text("utf-8").removeprefix("(() => {\n").removesuffix("})();\n")
        )
        page.goto(f"{address}#language=en")
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
        page.goto("about:blank")
        page.goto(f"{address}#language=en")  # with a plan whose finished run is known
        page.wait_for_selector(".piece")
        while_growing(page)
        browser.close()
