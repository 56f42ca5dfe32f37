"""``make bench``: ratios measured in one run; nothing here passes or fails.

``make bench ARGS="balancing_cost"`` runs the benchmarks of these names alone.
"""

import os
import statistics
import subprocess
import sys
from importlib import import_module

from tests.benchmarks.timing import seconds

IMPORT = "import mtl_tutorial, sys; sys.exit('tensorflow' in sys.modules)"
BENCHMARKS = (
    "training_speed",
    "step_costs",
    "balancing_cost",
    "decoding_cost",
    "sharing_lab",
    "lab_in_browser",
    "many_runs",
    "sizes_of_data",
)
"""Modules beside this one, each with a ``main()``."""


def import_time() -> None:
    bare, ours = [], []
    for _ in range(7):
        bare.append(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)))
        ours.append(seconds(lambda: subprocess.run([sys.executable, "-c", IMPORT], check=True)))
    own = statistics.median(ours) - statistics.median(bare)
    print(f"import mtl_tutorial: {own:.3f} s beyond Python's own start, without TensorFlow")


def main(*names: str) -> None:
    unknown = set(names) - {*BENCHMARKS}
    if unknown:
        sys.exit(f"no benchmark is called {sorted(unknown)}; there are {', '.join(BENCHMARKS)}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start\n")
    if not names:
        import_time()
    for name in names or BENCHMARKS:
        print()
        import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main(*sys.argv[1:])
