"""What the browser tests share: one JupyterLab for a file's tests, a kernel only while one runs."""

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
