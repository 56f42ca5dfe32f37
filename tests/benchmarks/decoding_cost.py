"""What it costs that the curves of token tasks are those of the decoded sequence."""

import statistics
from unittest.mock import patch

from mtl_tutorial import evaluation
from mtl_tutorial.corpora import people
from mtl_tutorial.curves import curve_sample
from mtl_tutorial.model import build_model
from mtl_tutorial.training import train
from tests.benchmarks.timing import in_turn


def best_of_each_token(task, scores, learned, lengths):
    return scores.argmax(axis=-1)


def main() -> None:
    data = people.load("en").only(["ner"])
    parts = [curve_sample(data["train"], ["ner"], 0), data["valid"]]
    print(f"curves of one epoch, ner, {' + '.join(str(len(part)) for part in parts)} sentences:")
    for crf in (False, True):
        model = build_model(data, crf=crf)
        for steps in (1, 300):
            run = train(
                model, data, epochs=1, steps_per_epoch=steps, learning_rate=3e-3, progress=False
            )

            def decoded(model=model) -> None:
                for part in parts:
                    evaluation.measure(model, part)

            def undecoded(measured=decoded) -> None:
                with patch.object(evaluation, "decode", best_of_each_token):
                    measured()

            ours, others = (statistics.median(times) for times in in_turn(decoded, undecoded))
            print(
                f"  {'with a CRF' if crf else 'without a CRF'}, f1 {run.final()['ner']:.2f}: "
                f"{1000 * ours:.0f} ms, {1000 * (ours - others):+.0f} ms for decoding"
            )
