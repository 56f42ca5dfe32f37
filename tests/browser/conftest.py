"""What the browser tests share: one Chromium or JupyterLab for a file's tests, a kernel only while one runs."""

from contextlib import contextmanager

import pytest

from tests.browser.jupyterlab import chromium, jupyterlab


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    """A JupyterLab, or what the file's `APP` names."""
    try:
        chromium()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    app = getattr(request.module, "APP", "jupyterlab")
    with jupyterlab(tmp_path_factory.mktemp(app), app) as lab:
        yield lab


@pytest.fixture
def lab(server):
    """A running JupyterLab; whatever kernels a test leaves are gone after it."""
    yield server
    server.shut_down_kernels()


@pytest.fixture(scope="module")
def browser():
    """A Chromium for pages that need no kernel."""
    from playwright.sync_api import sync_playwright

    try:
        executable = chromium()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def page_of(browser, folder: str, width: int, height: int):
    """A page that asks for nothing but the files of `folder`, an address, and complains of nothing."""
    page = browser.new_page(viewport={"width": width, "height": height})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    yield page
    page.close()
    assert asked and all(url.startswith(f"{folder}/") for url in asked)
    assert not complaints
