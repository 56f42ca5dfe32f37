"""The reference loop that lessons' budgets of CPU seconds are measured against."""

SECONDS = 0.5
"""CPU seconds of the loop on the machine that budgets speak of: a laptop of some years ago."""

MARGIN = 3
"""A lesson fails if it takes so many times its budget, measured against the loop in the same kernel."""


def loop() -> float:
    """CPU seconds of a fixed amount of Python and NumPy, about half and half."""
    import time

    import numpy as np

    start = time.thread_time()
    x, counts = np.linspace(0, 1, 250_000, dtype="float32"), {}
    for i in range(280):
        x += 0.001 * np.tanh(1.5 * x)
        for j in range(12_000):
            counts[j % 977] = counts.get(j % 977, 0) + i
    return time.thread_time() - start
