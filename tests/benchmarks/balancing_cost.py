"""What weighing losses and combining gradients cost beside the plain sum: ratios of CPU time in one run."""

import statistics
import time

from mtl_tutorial.balancing import WEIGHTINGS
from mtl_tutorial.combining import COMBINERS
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.model import build_model
from mtl_tutorial.startup import keras
from tests.benchmarks.step_costs import epochs_of
from tests.benchmarks.timing import in_turn, ratio
from tests.benchmarks.training_speed import random_data

STEPS, SIZE = 30, {"units": 32, "embedding_dim": 32}
WAYS: dict[str, dict[str, str]] = {
    **{name: {"weigh": name} for name in WEIGHTINGS if name != "equal"},
    **{f"{name}, trunk": {"combine": name} for name in COMBINERS if name != "equal"},
    **{f"{name}, features": {"combine": name, "over": "features"} for name in ("imtl_g", "pcgrad")},
}
"""Every weighting, every combiner over the trunk, and two over the features → how to ask for it."""


def main(
    counts: tuple[int, ...] = (2, 4, 8), encoders: tuple[str, ...] = ("cnn", "bilstm")
) -> None:
    """Time each way in turn with the plain sum, A B A B."""
    print("encoder, tasks | way | CPU ms a step | times as long as the plain sum")
    for encoder in encoders:
        for tasks in counts:
            data = random_data(tasks, STEPS)
            plain, spent = _training(data, encoder), []
            for name, how in WAYS.items():
                base, times = in_turn(
                    plain, _training(data, encoder, **how), rounds=3, clock=time.process_time
                )
                spent += base
                print(f"{encoder}, {tasks} | {name} | {_step(times)} | {ratio(base, times)}")
            print(f"{encoder}, {tasks} | plain sum | {_step(spent)} | 1", flush=True)
            keras.backend.clear_session()


def _training(data: MultiTaskData, encoder: str, **how: str):
    """An epoch of a new model that is compiled in this way."""
    model = build_model(data, encoder=encoder, **SIZE)
    model.compile(**how)
    return epochs_of(model, data)


def _step(times: list[float]) -> str:
    return f"{1000 * statistics.median(times) / STEPS:.2f}"


if __name__ == "__main__":
    main()
