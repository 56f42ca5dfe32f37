"""What all tests share: hypothesis' settings, and real data where they lie beside the checkout."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("course")


REAL_DATA = Path(__file__).parents[2] / "shared" / "data"
"""Where the real corpora may lie, laid out as the cache is."""


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real corpora; a test that wants it is skipped where it is not."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real corpora are not here: no folder {REAL_DATA}")
    return REAL_DATA


def pytest_terminal_summary(terminalreporter):
    """What was measured while testing (``record_property("measured", line)``), whichever process did."""
    lines = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "measured" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(sorted(lines)))
