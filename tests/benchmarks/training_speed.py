"""Training steps: ours beside stock Keras `fit` and, where it is installed, a PyTorch loop.

embedding (10,000 × 100) → encoder (64) → dropout → three heads; 32 tokens, batch 32.
"""

import statistics
from importlib.util import find_spec

import numpy as np

from mtl_tutorial.data import MultiTaskData, Split
from mtl_tutorial.model import MultiTaskModel, build_model
from mtl_tutorial.pipeline import batches
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import Vocabulary
from tests.benchmarks.timing import in_turn, ratio

TOKENS, LENGTH, BATCH, STEPS, CLASSES = 10_000, 32, 32, 150, 6
LEVELS = ("embedding", "encoder_1")


def random_data(tasks: int, steps: int = STEPS) -> MultiTaskData:
    """Sentences of random tokens; each label follows from one token, so that losses fall."""
    rng = np.random.default_rng(0)
    inputs = rng.integers(2, TOKENS, size=(BATCH * steps, LENGTH), dtype=np.int32)
    labels = tuple(map(str, range(CLASSES)))
    names = [f"task_{i}" for i in range(tasks)]
    targets = {name: (inputs[:, i] % CLASSES).astype(np.int32) for i, name in enumerate(names)}
    ids = tuple(map(str, range(len(inputs))))
    split = Split(ids, ((),) * len(inputs), inputs, targets)
    vocabulary = Vocabulary(f"w{i}" for i in range(TOKENS - 2))
    return MultiTaskData(
        {n: Task(n, "sequence", labels) for n in names}, vocabulary, {"train": split}
    )


def our_model(data: MultiTaskData, encoder: str, **options) -> MultiTaskModel:
    """One level of the encoder for all tasks; `options` are those of ``compile``."""
    model = build_model(data, SharingPlan.hard(list(data.tasks), LEVELS), encoder=encoder)
    model.compile(**options)
    return model


def stock_model(data: MultiTaskData, encoder: str) -> keras.Model:
    """What a Keras user would write, compile and fit."""
    layers = keras.layers
    inputs = keras.Input((LENGTH,), dtype="int32")
    x = layers.Embedding(TOKENS, 100)(inputs)
    if encoder == "cnn":
        x = layers.Conv1D(64, 3, padding="same", activation="relu")(x)
    else:
        x = layers.Dense(64, activation="relu")(x)
    x = layers.GlobalMaxPooling1D()(layers.Dropout(0.2)(x))
    heads = {task: layers.Dense(CLASSES, name=task)(layers.Dropout(0.2)(x)) for task in data.tasks}
    model = keras.Model(inputs, heads)
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss={task: keras.losses.SparseCategoricalCrossentropy(from_logits=True) for task in heads},
        metrics=dict.fromkeys(heads, "accuracy"),
        jit_compile=False,
    )
    return model


def torch_epoch(data: MultiTaskData, encoder: str):
    """A plain PyTorch training loop with fused Adam; calling it trains one epoch, gives its loss."""
    import torch
    from torch import nn
    from torch.nn import functional

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(TOKENS, 100)
            self.cnn = nn.Conv1d(100, 64, 3, padding="same") if encoder == "cnn" else None
            self.dense = nn.Linear(100, 64) if encoder == "mlp" else None
            self.heads = nn.ModuleList(nn.Linear(64, CLASSES) for _ in data.tasks)
            self.dropout = nn.Dropout(0.2)

        def forward(self, tokens):
            x = self.embedding(tokens)
            x = self.cnn(x.transpose(1, 2)).transpose(1, 2) if self.cnn else self.dense(x)
            x = self.dropout(functional.relu(x)).amax(dim=1)
            return [head(self.dropout(x)) for head in self.heads]

    torch.manual_seed(0)
    net = Net()
    for name, values in net.named_parameters():  # Keras' starting values
        if name.startswith("embedding"):
            nn.init.uniform_(values, -0.05, 0.05)
        elif values.ndim > 1:
            nn.init.xavier_uniform_(values)
        else:
            nn.init.zeros_(values)
    optimizer = torch.optim.Adam(net.parameters(), eps=1e-7, fused=True)
    inputs = torch.from_numpy(data["train"].inputs.astype("int64"))
    targets = [torch.from_numpy(y.astype("int64")) for y in data["train"].targets.values()]

    def epoch() -> float:
        net.train()
        total = torch.zeros(())
        order = torch.randperm(len(inputs))
        for rows in order.split(BATCH):
            outputs = net(inputs[rows])
            losses = [
                functional.cross_entropy(o, y[rows]) for o, y in zip(outputs, targets, strict=True)
            ]
            loss = torch.stack(losses).sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            total += loss.detach()
        return float(total) / (len(inputs) / BATCH)

    return epoch


def against_others(encoder: str) -> None:
    data = random_data(3)
    ours, stock = our_model(data, encoder), stock_model(data, encoder)
    pipeline = batches(data["train"], list(data.tasks), BATCH, seed=0)
    train = data["train"]
    losses: dict[str, list[float]] = {"ours": [], "Keras": [], "PyTorch": []}

    def our_epoch() -> None:
        losses["ours"] += ours.fit(pipeline, verbose=0, shuffle=False).history["loss"]

    def stock_epoch() -> None:
        fitted = stock.fit(train.inputs, train.targets, batch_size=BATCH, verbose=0)
        losses["Keras"] += fitted.history["loss"]

    rivals = {"Keras": stock_epoch}
    if find_spec("torch"):
        loop = torch_epoch(data, encoder)
        rivals["PyTorch"] = lambda: losses["PyTorch"].append(loop())
    own, *others = in_turn(our_epoch, *rivals.values())
    print(f"{encoder}: {1000 * statistics.median(own) / STEPS:.2f} ms a step of {BATCH} sentences")
    for name, times in zip(rivals, others, strict=True):
        print(f"  faster than {name} by {ratio(own, times)}")
    if "PyTorch" not in rivals:
        print("  PyTorch is not installed; not compared")
    for name, curve in losses.items():
        if curve:
            print(f"  loss by epoch, {name}: " + " ".join(f"{loss:.2f}" for loss in curve))


def against_separate(counts: tuple[int, ...] = (1, 2, 4, 8, 16)) -> None:
    """One hard-shared model of T tasks beside T models of one task each, the same sentences."""
    steps = 40
    print("tasks | shared, ms a step | as many separate models, ms | ratio")
    for count in counts:
        data = random_data(count, steps)
        tasks = list(data.tasks)
        shared = our_model(data, "cnn")
        alone = our_model(data.only(tasks[:1]), "cnn")
        together = batches(data["train"], tasks, BATCH, seed=0)
        single = batches(data["train"], tasks[:1], BATCH, seed=0)

        def fit_alone(model=alone, pipeline=single, times=count) -> None:
            for _ in range(
                times
            ):  # as many epochs of one model cost what one epoch of as many does
                model.fit(pipeline, verbose=0, shuffle=False)

        def fit_shared(model=shared, pipeline=together) -> None:
            model.fit(pipeline, verbose=0, shuffle=False)

        ours, theirs = in_turn(fit_shared, fit_alone, rounds=3)
        per_step = [1000 * statistics.median(times) / steps for times in (ours, theirs)]
        print(f"{count:5} | {per_step[0]:17.2f} | {per_step[1]:27.2f} | {ratio(ours, theirs)}")
        keras.backend.clear_session()


def main() -> None:
    for encoder in ("mlp", "cnn"):
        against_others(encoder)
    against_separate()


if __name__ == "__main__":
    main()
