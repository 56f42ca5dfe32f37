"""The Sharing Lab in JupyterLab under an impatient class: keys, drags, small windows, dead kernels."""

import nbformat
import pytest

from mtl_tutorial.lab.catalogue import texts
from tests.browser.faults import lost, serious_faults

SAYS = texts("en")
CELL = """\
from mtl_tutorial import SharingLab
lab = SharingLab(labels={"person": 60}, epochs=EPOCHS, learning_rate=0.002)
lab"""


def two_labs(folder, epochs=2):
    """Write a notebook of two cells, each with a lab of its own; the first trains so many epochs."""
    cells = [
        CELL.replace("EPOCHS", str(epochs)),
        "other = SharingLab(epochs=2, learning_rate=0.002)\nother",
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "small.ipynb")
    return folder / "small.ipynb"


@pytest.fixture
def small(tmp_path):
    return two_labs(tmp_path)


def says(page, place: str, text: str) -> None:
    """Wait until the lab says something, in its first view."""
    page.wait_for_function(
        "([place, text]) => document.querySelector(`.mtl-lab ${place}`).innerText.includes(text)",
        arg=[place, text],
    )


def on_the_board(notebook) -> dict:
    """The plan as the page has it."""
    return notebook.page.inner_text(".mtl-lab .code pre").replace("\n", "")


def pull(page, piece: str, onto: str) -> None:
    """Drag one piece onto another, or as far away as that."""
    start, end = (
        page.locator(f"[data-piece='{name}'] .hit").first.bounding_box() for name in (piece, onto)
    )
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in (start, end)]
    page.mouse.move(*middles[0])
    page.mouse.down()
    page.mouse.move(*middles[1], steps=6)
    page.mouse.up()


def test_keys_drags_windows_and_themes(lab, small):
    with lab.open(small) as notebook:
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page = notebook.page
        page.wait_for_selector(".mtl-lab .piece")

        # Keys stay in the lab: no cell becomes Markdown, none is deleted, none is run.
        page.locator(".mtl-lab .dial-encoder").first.focus()
        page.keyboard.press("m")
        assert page.locator(".mtl-lab .dial-encoder").first.input_value() == "MLP"
        for selector in ("[data-piece='encoder_2 ner']", ".train", ".do-undo", ".number, .do-undo"):
            page.locator(f".mtl-lab {selector}").first.focus()
            for key in ("d", "d", "m", "a", "b", "x", "Shift+m"):
                page.keyboard.press(key)
        cells = notebook._ask("return panel.content.widgets.map(cell => cell.model.type)")
        assert cells == ["code", "code"] and page.locator(".mtl-lab").count() == 2

        # By keyboard alone: an arrow, Enter, Shift and an arrow; then Tab to Train.
        page.locator("[data-preset='separate']").first.press("Enter")
        says(page, ".next", "separate")
        page.locator("[data-piece='encoder_2 person']").first.focus()
        page.keyboard.press("ArrowDown")
        says(page, ".will", "person shares encoder_1 with relation")  # before it is done
        page.keyboard.press("Enter")
        says(page, ".next", "person shares encoder_1 with relation.")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+ArrowRight")
        says(page, ".next", "person shares encoder_2 with relation.")
        for _ in range(6):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "train"
        outline = "getComputedStyle(document.activeElement).outlineWidth"
        assert page.evaluate(outline) == "3px"
        for selector in (".dial-encoder", ".do-save", ".book input[type=text]", "summary"):
            page.keyboard.press("Tab")
            page.locator(f".mtl-lab {selector}").first.focus()
            assert page.evaluate(outline) == "3px", selector

        # Weights are set by hand or found by a method, not both.
        page.locator(".mtl-lab .more summary").first.click()
        weight, method = (
            page.locator(f".mtl-lab {dial}").first for dial in (".weights-ner", ".dial-balancing")
        )
        for chosen, option, (by_hand, found) in (
            (weight, "4", ("4", "plain sum")),
            (method, "PCGrad", ("1", "PCGrad")),
            (weight, "2", ("2", "plain sum")),
        ):
            chosen.select_option(option)
            page.wait_for_function(
                "([hand, found]) => document.querySelector(`.mtl-lab .weights-ner`).value == hand && document.querySelector(`.mtl-lab .dial-balancing`).value == found",
                arg=[by_hand, found],
            )

        # Dragged onto another it is shared, dragged away it is split off.
        page.locator("[data-preset='separate']").first.click()
        pull(page, "embedding ner", "embedding person")
        says(page, ".next", "ner shares embedding with person.")
        assert page.locator(".mtl-lab .bridge").count() == 1  # they do not stand side by side
        pull(page, "embedding ner", "encoder_2 sentiment")
        says(page, ".next", "ner has a copy of embedding of its own.")

        # In narrow windows and at 200 % nothing is out of reach; both themes can be read.
        page.locator("[data-preset='all shared']").first.click()
        for width in (1920, 1280, 800, 640):
            notebook.set_size(width, 800)
            assert not lost(page, ".mtl-lab"), width
        notebook.set_size(1280, 800)
        notebook.set_theme("dark")
        page.wait_for_selector(".mtl-lab.dark")
        assert not serious_faults(page, ".mtl-lab")
        assert not notebook.complaints()


def test_trainings_reloads_restarts_and_a_second_lab(lab, tmp_path):
    # So many epochs that no page, however slow, is loaded again only after the training.
    with lab.open(two_labs(tmp_path, epochs=200)) as notebook:
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page = notebook.page
        page.wait_for_selector(".mtl-lab .piece")
        first, second = (page.locator(".mtl-lab").nth(i) for i in (0, 1))

        # In the middle of a training the page is loaded anew: the lab is there, and goes on.
        first.locator(".train").click()
        page.wait_for_selector(".mtl-lab .line.ours")
        notebook.save()
        page.reload()
        notebook.wait_until_idle()
        notebook.show("lab = SharingLab(")
        says(page, ".next", "epoch")

        # A second lab takes the worker: the first says so.
        second.locator(".train").click()
        page.wait_for_function(
            "text => [...document.querySelectorAll('.mtl-lab .next')].some(e => e.innerText.includes(text))",
            arg="Another lab has started",
        )
        second.locator(".stop").click()
        page.wait_for_function(
            "!document.querySelector('.mtl-lab .stop:not([aria-disabled=true])')"
        )

        # The kernel restarts: the lab says so, stands as it stood, and bears clicks.
        width = first.bounding_box()["width"]
        notebook._ask("return panel.sessionContext.session.kernel.restart()")
        says(page, ".gone", SAYS["gone"][:20])
        page.locator("[data-piece='encoder_2 ner']").first.click()
        assert first.bounding_box()["width"] == width
        notebook.wait_until_idle()
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page.wait_for_selector(".mtl-lab .piece")
        page.wait_for_function("document.querySelector('.mtl-lab .gone').hidden")


def test_thirty_answers_leave_a_quick_and_slender_page(lab, small):
    with lab.open(small) as notebook:
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page = notebook.page
        page.wait_for_selector(".mtl-lab .piece")
        page.locator(".mtl-lab .more summary").first.click()
        page.locator(".mtl-lab .dial-learning_rate").first.select_option("0.003")
        metrics = page.context.new_cdp_session(page)
        metrics.send("Performance.enable")

        def measured() -> dict[str, float]:
            metrics.send("HeapProfiler.collectGarbage")
            found = metrics.send("Performance.getMetrics")["metrics"]
            return {each["name"]: each["value"] for each in found}

        def answered(number: int) -> None:
            page.locator(".mtl-lab .train").first.click()
            page.wait_for_selector(f".mtl-lab tr[data-run='{number}']")
            page.check(f".mtl-lab [data-run='{number}'] input")  # at once: rows are not built anew

        for number in range(1, 4):
            answered(number)
        before = measured()
        for number in range(4, 31):
            answered(number)
        page.wait_for_function(
            "document.querySelectorAll('.mtl-lab tr input:checked').length == 30"
        )
        after = measured()
        assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 8e6
        per_run = (after["Nodes"] - before["Nodes"]) / 27
        assert per_run < 250  # a row is a hundred; board and charts, were they kept, 270 more

        # What was on the board when Train was pressed is trained, however quick the hand.
        page.evaluate(
            """() => {
                const lab = document.querySelector(".mtl-lab");
                for (const preset of ["separate", "lower half", "embedding only"]) {
                    lab.querySelector(`[data-preset='${preset}']`).click();
                    lab.querySelector(".train").click();
                }
            }"""
        )
        page.wait_for_selector(".mtl-lab tr[data-run='33']")
        plans = [page.inner_text(f".mtl-lab tr[data-run='{n}'] td .unseen") for n in (31, 32, 33)]
        assert [plan.count("all") for plan in plans] == [0, 2, 1]

        # What the book says stands beside its buttons, in view.
        page.locator(".mtl-lab .do-compare").first.click()
        says(page, ".answer", SAYS["choose two"])
        answer, button = (
            page.locator(f".mtl-lab {s}").first.bounding_box() for s in (".answer", ".do-compare")
        )
        assert abs(answer["y"] - button["y"]) < 60
        page.locator(".mtl-lab .do-remove").first.click()
        says(page, ".answer", "30 removed")
        assert page.locator(".mtl-lab").first.locator("tr[data-run]").count() == 3
        page.locator(".mtl-lab .do-undo").first.click()
        says(page, ".answer", "30 brought back")

        # Save never writes over the lesson.
        own = notebook.path.read_text("utf-8")
        page.locator(".mtl-lab .book input[type=text]").first.fill("small.ipynb")
        page.locator(".mtl-lab .do-save").first.click()
        says(page, ".answer", "ends in .csv")
        assert notebook.path.read_text("utf-8") == own
        assert not notebook.complaints()

        # A click is drawn with the next frame, without the kernel.
        page.locator("[data-piece='encoder_2 ner']").first.scroll_into_view_if_needed()
        frames = page.evaluate(
            """async () => {
                const lab = document.querySelector(".mtl-lab");
                const code = () => lab.querySelector(".code pre").textContent;
                const frame = () => new Promise(requestAnimationFrame);
                const before = code();
                await frame();
                lab.querySelector("[data-piece='encoder_2 ner']")
                    .dispatchEvent(new MouseEvent("click", {bubbles: true}));
                let frames = 0;
                for (; code() == before; frames++) await frame();
                return frames;
            }"""
        )
        assert frames <= 2
