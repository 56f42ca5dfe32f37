"""What large data cost: 100,000 sentences read; a few very long ones among short ones; many answers."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

SENTENCES, KNOWN = 100_000, 50_000
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
    cost(f"{SENTENCES:,} sentences, {kind}", lambda: reader({"train": file}, TASKS, **columns))


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


def main() -> None:
    print("data, on one core where TensorFlow is asked:", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        for kind in ("csv", "jsonl", "conll"):
            code = f"from tests.benchmarks.sizes_of_data import read; read({kind!r}, {folder + '/a.' + kind!r})"
            subprocess.run([sys.executable, "-c", code], check=True)
    code = "from tests.benchmarks.sizes_of_data import long_and_short; long_and_short()"
    subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main()
