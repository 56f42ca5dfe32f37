"""What all tests share: hypothesis' settings, and real data where they lie beside the checkout."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("course")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real corpora; a test that wants it is skipped where it is not."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real corpora are not here: no folder {folder}")
    return folder


_LINES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def report(pytestconfig):
    """Call it with a line that the summary at the end should show."""
    return pytestconfig.stash.setdefault(_LINES, []).append


def pytest_terminal_summary(terminalreporter, config):
    """What was measured while testing: each notebook's seconds and peak anonymous memory."""
    if lines := config.stash.get(_LINES, []):
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(sorted(lines)))
