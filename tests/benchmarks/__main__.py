"""``make bench``: ratios measured in one run; nothing here passes or fails."""

import os
import statistics
import subprocess
import sys

from tests.benchmarks.timing import seconds

IMPORT = "import mtl_tutorial, sys; sys.exit('tensorflow' in sys.modules)"


def import_time() -> None:
    bare, ours = [], []
    for _ in range(7):
        bare.append(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)))
        ours.append(seconds(lambda: subprocess.run([sys.executable, "-c", IMPORT], check=True)))
    own = statistics.median(ours) - statistics.median(bare)
    print(f"import mtl_tutorial: {own:.3f} s beyond Python's own start, without TensorFlow")


def main() -> None:
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start\n")
    import_time()
    from tests.benchmarks import (
        balancing_cost,
        decoding_cost,
        lab_in_browser,
        many_runs,
        sharing_lab,
        sizes_of_data,
        step_costs,
    )
    from tests.benchmarks.training_speed import against_others, against_separate

    for encoder in ("mlp", "cnn"):
        print()
        against_others(encoder)
        step_costs.main(encoder)
    print()
    against_separate()
    print()
    balancing_cost.main()
    print()
    decoding_cost.main()
    print()
    sharing_lab.main()
    lab_in_browser.main()
    print()
    many_runs.main()
    print()
    sizes_of_data.main()


if __name__ == "__main__":
    main()
