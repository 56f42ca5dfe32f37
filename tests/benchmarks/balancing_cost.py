"""What weighing losses and combining gradients cost beside the plain sum: ratios of CPU time in one run."""

import statistics
import time

from mtl_tutorial.model import build_model
from mtl_tutorial.startup import keras
from tests.benchmarks.step_costs import epochs_of
from tests.benchmarks.timing import in_turn, ratio
from tests.benchmarks.training_speed import random_data

STEPS, SIZE = 30, {"units": 32, "embedding_dim": 32}
WAYS: dict[str, dict[str, str]] = {
    "uncertainty": {"weigh": "uncertainty"},
    "GradNorm": {"weigh": "gradnorm"},
    "FAMO": {"weigh": "famo"},
    "PCGrad, trunk": {"combine": "pcgrad"},
    "MGDA, trunk": {"combine": "mgda"},
    "IMTL-G, trunk": {"combine": "imtl_g"},
    "IMTL-G, features": {"combine": "imtl_g", "over": "features"},
}


def main(
    counts: tuple[int, ...] = (2, 4, 8), encoders: tuple[str, ...] = ("cnn", "bilstm")
) -> None:
    print("encoder, tasks | way | CPU ms a step | times as long as the plain sum")
    for encoder in encoders:
        for tasks in counts:
            data = random_data(tasks, STEPS)
            ways: tuple[dict[str, str], ...] = ({}, *WAYS.values())
            models = [build_model(data, encoder=encoder, **SIZE) for _ in ways]
            for model, how in zip(models, ways, strict=True):
                model.compile(**how)
            actions = [epochs_of(model, data) for model in models]
            plain, *others = in_turn(*actions, rounds=3, clock=time.process_time)
            for name, times in zip(WAYS, others, strict=True):
                spent = 1000 * statistics.median(times) / STEPS
                print(f"{encoder}, {tasks} | {name} | {spent:.2f} | {ratio(plain, times)}")
            keras.backend.clear_session()


if __name__ == "__main__":
    main()
