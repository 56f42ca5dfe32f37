"""The pictures of the Sharing Lab in the README: ``python -m tests.browser.readme_pictures``."""

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from mtl_tutorial.lab.catalogue import texts
from tests.browser.jupyterlab import JupyterLab, jupyterlab

DOCS = Path(__file__).parents[2] / "docs"
FILES = {"en": "sharing_lab.png", "zh": "sharing_lab.zh.png"}
SIZE = (1580, 1000)
GUESSES = {"person": "gains", "ner": "cannot tell"}
PRESETS = ("all shared", "separate", "embedding only")  # asked one after the other


def picture(server: JupyterLab, language: str, folder: Path) -> None:
    """Ask a lab in JupyterLab for three plans, with guesses for the last, and take its picture."""
    code = f'from mtl_tutorial import SharingLab\nSharingLab(language="{language}")'
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_code_cell(code)]
    path = folder / f"{language}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    with server.open(path, SIZE) as notebook:
        notebook.run_all()
        page, said = notebook.page, texts(language)["instant answer"]
        page.wait_for_selector(".mtl-lab .piece")
        for number, preset in enumerate(PRESETS, 1):
            page.click(f"[data-preset='{preset}']")
            for task, guess in GUESSES.items() if preset == PRESETS[-1] else ():
                page.select_option(
                    f".chart:has(b:text-is('{task}')) .guess",
                    label=texts(language)[f"guess {guess}"],
                )
            page.click(".train")
            page.wait_for_selector(f"tr[data-run='{number}']")
        notebook.wait_for_text(".mtl-lab .next", said)
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        page.locator(".mtl-lab").screenshot(path=DOCS / FILES[language])


def main() -> None:
    with TemporaryDirectory() as folder, jupyterlab(Path(folder) / "server") as server:
        for language in FILES:
            picture(server, language, Path(folder))


if __name__ == "__main__":
    main()
