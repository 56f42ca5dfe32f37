"""What a training step costs: part by part, and what is added by what `compile` offers.

Four tasks on one trunk; ratios of CPU time, pair by pair in one run, beside what was aimed at.
"""

import statistics
import time
from typing import Any

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.gradients import dense
from mtl_tutorial.keras_model import MultiTaskModel
from mtl_tutorial.pipeline import batches
from mtl_tutorial.startup import tf
from tests.benchmarks.timing import in_turn, ratio
from tests.benchmarks.training_speed import BATCH, our_model, random_data

STEPS = 60
OFFERED: dict[str, tuple[dict[str, Any], float]] = {
    "combine='mgda'": ({"combine": "mgda"}, 2.5),
    "combine='mgda', over='features'": ({"combine": "mgda", "over": "features"}, 1.3),
    "record=10": ({"record": 10}, 1.2),
}
"""What is added → how to ask for it, and the ratio to a plain step that it may have."""

PARTS = ("forward", "backward", "Adam", "metrics")


class Bare(MultiTaskModel):
    """A step that sums the losses and knows nothing of presence, balancers or combiners.

    It ends after the part that is named by `last`.
    """

    last = PARTS[-1]

    def train_step(self, batch: Any) -> dict[str, Any]:
        inputs, targets = self.read(batch)
        with tf.GradientTape() as tape:
            logits = self(inputs, training=True)
            losses, _ = self.losses_and_presence(targets, logits)
            total = tf.add_n(list(losses.values()))
        if self.last == "forward":
            return {"loss": total}
        gradients = tape.gradient(total, [v.value for v in self.trainable_variables])
        if self.last == "backward":  # a number of each, or the graph would leave it out
            parts = [g.values if isinstance(g, tf.IndexedSlices) else g for g in gradients]
            return {"loss": total + tf.add_n([tf.reshape(part, [-1])[0] for part in parts])}
        self.optimizer.apply([dense(g) for g in gradients], self.trainable_variables)
        if self.last == "Adam":
            return {"loss": total}
        return self._update_metrics(total, losses, targets, logits)


def bare(data: MultiTaskData, encoder: str, last: str = PARTS[-1]) -> MultiTaskModel:
    model = Bare.from_config(our_model(data, encoder).get_config())
    model.last = last
    model.compile()
    return model


def epochs_of(model: MultiTaskModel, data: MultiTaskData):
    """An action that trains for an epoch."""
    pipeline = batches(data["train"], list(data.tasks), BATCH, seed=0)
    return lambda: model.fit(pipeline, verbose=0, shuffle=False)


def main(encoders: tuple[str, ...] = ("mlp", "cnn")) -> None:
    for encoder in encoders:
        costs_with(encoder)


def costs_with(encoder: str) -> None:
    data = random_data(4, STEPS)
    models = {
        "plain": our_model(data, encoder),
        "bare": bare(data, encoder),
        **{name: our_model(data, encoder, **how) for name, (how, _) in OFFERED.items()},
        **{part: bare(data, encoder, part) for part in PARTS[:-1]},
    }
    actions = [epochs_of(model, data) for model in models.values()]
    times = dict(zip(models, in_turn(*actions, clock=time.process_time), strict=True))
    plain = times["plain"]
    print(f"{encoder}, 4 tasks: {1000 * statistics.median(plain) / STEPS:.2f} CPU ms a plain step")
    spent = [0.0, *(1000 * statistics.median(times[part]) / STEPS for part in PARTS[:-1])]
    spent.append(1000 * statistics.median(times["bare"]) / STEPS)
    shares = zip(PARTS, spent, spent[1:], strict=False)
    print("  of a bare one: " + ", ".join(f"{name} {b - a:.2f}" for name, a, b in shares))
    print(f"  plain beside bare: {ratio(times['bare'], plain)}, at most 1")
    for name, (_, most) in OFFERED.items():
        print(f"  {name}: {ratio(plain, times[name])} of a plain step, at most {most}")
