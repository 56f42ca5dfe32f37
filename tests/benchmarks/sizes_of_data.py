"""What large data cost: 100,000 sentences read, long ones among short ones, many tasks, labels, words.

Each in a process of its own, whose memory is then its alone; goals are printed beside the figures.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mtl_tutorial.experiments import ONE_THREAD

SENTENCES, KNOWN = 100_000, 50_000
TASKS_AT_ONCE, LABELS, WORDS = 30, 5_000, 200_000
CRF_LABELS = 500  # above, `build_model` warns: what a CRF costs grows with their square
STEPS = 50
TASKS = {"mood": "sequence", "ner": "token"}


def megabytes() -> float:
    """The most memory that this process had; `getrusage` would count what its parent had, too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cost(what: str, action: Callable[[], object]) -> object:
    before, started = megabytes(), time.process_time()
    found = action()
    seconds = time.process_time() - started
    print(f"  {what}: {seconds:.1f} s of CPU, {megabytes() - before:.0f} MB more", flush=True)
    return found


def rows(number: int, longest: int = 18) -> list[dict]:
    """Sentences of 6 tokens to `longest`, words by Zipf's law."""
    rng = np.random.default_rng(0)
    made = []
    for i in range(number):
        words = rng.zipf(1.3, rng.integers(6, longest + 1)) % KNOWN
        tags = ["B-PER" if word % 17 == 0 else "O" for word in words]
        made.append({"tokens": [f"w{w}" for w in words], "mood": "ab"[i % 2], "ner": tags})
    return made


def write(folder: Path) -> None:
    made = rows(SENTENCES)
    joined = [(" ".join(r["tokens"]), r["mood"], " ".join(r["ner"])) for r in made]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, made)))
    lines = "\n".join(map(",".join, joined))
    (folder / "a.csv").write_text(f"tokens,mood,ner\n{lines}\n")
    blocks = (
        f"# mood = {r['mood']}\n"
        + "\n".join(map("\t".join, zip(r["tokens"], r["ner"], strict=True)))
        for r in made
    )
    (folder / "a.conll").write_text("\n\n".join(blocks))


def read(kind: str, file: str) -> None:
    """One format, in a process of its own."""
    from mtl_tutorial.data import MultiTaskData

    reader = getattr(MultiTaskData, f"from_{kind}")
    columns = {"columns": {"ner": 1}} if kind == "conll" else {}
    goal = "goal: under 15 s and 600 MB"
    what = f"{SENTENCES:,} sentences, {kind} ({goal})"
    cost(what, lambda: reader({"train": file}, TASKS, **columns))


def long_and_short() -> None:
    """20 sentences of 512 tokens among 20,000 short ones, read, trained, measured, answered."""
    from mtl_tutorial.data import MultiTaskData
    from mtl_tutorial.evaluation import evaluate
    from mtl_tutorial.model import build_model
    from mtl_tutorial.prediction import predict
    from mtl_tutorial.training import train

    made = rows(20_000)
    for row in made[::1000]:
        row["tokens"], row["ner"] = ["w1"] * 512, ["O"] * 512
    data = cost(
        "20,000 sentences, 20 of 512 tokens, from memory",
        lambda: MultiTaskData.from_rows({"train": made, "valid": made[:2000]}, TASKS),
    )
    model = build_model(data)
    cost("  an epoch, curves included", lambda: train(model, data, epochs=1, progress=False))
    cost("  evaluate, 20,000 sentences", lambda: evaluate(model, data, "train"))
    texts = [row["tokens"] for row in made[:10_000]]
    cost("  predict, 10,000 sentences", lambda: predict(model, texts))


def learned(
    what: str, made: list[dict], tasks: dict | list, steps: int = STEPS, **options: bool
) -> None:
    """Read, the first step, some more, and answers: what each costs."""
    from mtl_tutorial.data import MultiTaskData
    from mtl_tutorial.model import build_model
    from mtl_tutorial.prediction import predict
    from mtl_tutorial.training import train

    splits = {"train": made, "valid": made[:500]}
    data = cost(
        f"{what}: {len(made):,} sentences from memory",
        lambda: MultiTaskData.from_rows(splits, tasks),
    )
    model = cost("  a model", lambda: build_model(data, **options))
    few = {"epochs": 1, "progress": False, "validation": None}
    cost("  the first step", lambda: train(model, data, steps_per_epoch=1, **few))
    cost(f"  steps: {steps}", lambda: train(model, data, steps_per_epoch=steps, **few))
    texts = [row["tokens"] for row in made[:100]]
    cost("  predict, 100 sentences", lambda: predict(model, texts))


def many_tasks() -> None:
    made = rows(2_000)
    names = [f"task_{i}" for i in range(TASKS_AT_ONCE)]
    for row in made:
        row |= {name: "ab"[len(row["tokens"]) + i & 1] for i, name in enumerate(names)}
    learned(f"{TASKS_AT_ONCE} tasks", made, dict.fromkeys(names, "sequence"))


def many_labels(labels: int, crf: bool) -> None:
    from mtl_tutorial.tasks import Task

    made = rows(2_000)
    for row in made:
        row["tag"] = [f"t{int(word[1:]) % labels}" for word in row["tokens"]]
    tag = Task("tag", "token", [f"t{i}" for i in range(labels)], score="accuracy")
    what = f"{labels:,} labels of a token task{', CRF' if crf else ''}"
    learned(what, made, [tag], 10, crf=crf)


def many_words() -> None:
    made = rows(20_000)
    for i, row in enumerate(made):
        row["tokens"] = [f"w{(12 * i + j) % WORDS}" for j in range(12)]
    learned(f"{WORDS:,} words", made, {"mood": "sequence"})


def as_long_as_in_texts(number: int) -> list[dict]:
    """Sentences of 3 tokens to 100, half of them of at most 12 (log-normal), words by Zipf's law."""
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(2.5, 0.6, number), 3, 100).astype(int)
    return [
        {"tokens": [f"w{w % KNOWN}" for w in rng.zipf(1.3, length)], "mood": "ab"[i % 2]}
        for i, length in enumerate(lengths)
    ]


def against_keras() -> None:
    """An epoch of our CNN beside stock Keras `fit` of a model of the same shape, the same sentences.

    The goal is one for 100,000 sentences. Of 20,000 short ones, half of our time is Adam's one
    kernel over all word vectors, most of the rest convolutions, which both have.
    """
    uneven = as_long_as_in_texts(20_000)
    for what, made, by_length in (
        ("6 to 18 tokens", rows(SENTENCES), False),
        ("6 to 18 tokens", rows(20_000), False),
        ("3 to 100 tokens", uneven, False),
        ("3 to 100 tokens by length", uneven, True),
    ):
        found = _beside_keras(made, by_length)
        print(f"  an epoch of {len(made):,} sentences of {what}, CNN: {found}", flush=True)


def _beside_keras(made: list[dict], by_length: bool) -> str:
    from mtl_tutorial.data import MultiTaskData
    from mtl_tutorial.model import build_model
    from mtl_tutorial.pipeline import batches
    from mtl_tutorial.startup import keras
    from tests.benchmarks.timing import in_turn, ratio

    data = MultiTaskData.from_rows({"train": made}, {"mood": "sequence"})
    train = data["train"]
    ours = build_model(data)
    ours.compile()
    pipeline = batches(train, ["mood"], 32, seed=0, by_length=by_length)
    layers = keras.layers
    inputs = keras.Input((train.inputs.shape[1],), dtype="int32")
    x = layers.Embedding(len(data.vocabulary), 100)(inputs)
    for _ in range(2):
        x = layers.Dropout(0.2)(layers.Conv1D(64, 3, padding="same", activation="relu")(x))
    outputs = layers.Dense(2)(layers.Dropout(0.2)(layers.GlobalMaxPooling1D()(x)))
    stock = keras.Model(inputs, outputs)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    stock.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"], jit_compile=False)
    own, theirs = in_turn(
        lambda: ours.fit(pipeline, verbose=0, shuffle=False),
        lambda: stock.fit(train.inputs, train.targets["mood"], batch_size=32, verbose=0),
        rounds=3,
        clock=time.process_time,
    )
    return (
        f"{min(own):.1f} s of CPU, {ratio(own, theirs)} as fast as stock Keras fit "
        "(goal: at least 2)"
    )


def main() -> None:
    print("data; TensorFlow with one thread, as in each process of a sweep:", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        for kind in ("csv", "jsonl", "conll"):
            code = f"from tests.benchmarks.sizes_of_data import read; read({kind!r}, {folder + '/a.' + kind!r})"
            subprocess.run([sys.executable, "-c", code], check=True)
    for work in (
        "long_and_short()",
        "many_tasks()",
        f"many_labels({LABELS}, crf=False)",
        f"many_labels({CRF_LABELS}, crf=True)",
        "many_words()",
        "against_keras()",
    ):
        code = f"from tests.benchmarks import sizes_of_data as sizes; sizes.{work}"
        subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | ONE_THREAD)


if __name__ == "__main__":
    main()
