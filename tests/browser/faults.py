"""What keeps people out of a page who cannot see it or point at it, as axe finds it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe


def serious_faults(page: Any, selector: str) -> list[str]:
    """Serious and critical findings within the element: rule, what is wrong, where."""
    found = Axe().run(page, context=selector, options={"preload": False}).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def lost(page: Any, selector: str) -> list[str]:
    """Controls and texts of the element that reach out of it sideways, and cannot be scrolled to."""
    drawn = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(drawn)  # a new size of the window is drawn in the next frame
    page.evaluate(drawn)
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].flatMap(root => {
            const edge = root.getBoundingClientRect();
            return [...root.querySelectorAll("button, select, input, summary, p, text")].filter(node => {
                const box = node.getBoundingClientRect();
                if (!box.width || node.closest(".scroll, .unseen")) return false;
                return box.right > edge.right + 1 || box.left < edge.left - 1;
            }).map(node => node.outerHTML.slice(0, 120));
        })""",
        selector,
    )
