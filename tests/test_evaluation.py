import warnings
from dataclasses import replace

import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.decoding import rules, viterbi
from mtl_tutorial.evaluation import answers, evaluate
from mtl_tutorial.scoring import entity_f1, overall_f1, score
from mtl_tutorial.startup import keras
from mtl_tutorial.tasks import Task
from tests.tiny import quickly, small, tiny_data


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


def test_evaluate_counts_as_a_loop_would(data):
    model = small(data)
    quickly(model, data)
    hidden = data.with_labels({"mood": 5}, seed=1)
    table, found = evaluate(model, hidden, "train"), answers(model, hidden["train"])
    train_part = hidden["train"]
    rows = np.flatnonzero(train_part.labeled("mood"))
    assert table.loc[("mood", "accuracy"), "value"] == np.mean(
        found["mood"][rows] == train_part.targets["mood"][rows]
    )
    assert table.loc[("mood", "accuracy"), "sentences"] == 5
    names = data.tasks["ner"].labels
    gold, tags = [], []
    for labels, answer, tokens in zip(
        train_part.targets["ner"], found["ner"], train_part.tokens, strict=True
    ):
        gold.append([names[i] for i in labels[: len(tokens)]])
        tags.append([names[i] for i in answer[: len(tokens)]])
    assert table.loc[("ner", "f1"), "value"] == entity_f1(gold, tags)


def test_answers_are_the_best_sequence_of_tags(data):
    model, part = small(data), data["test"]  # untrained: many a tag where BIO does not allow it
    names = data.tasks["ner"].labels
    found = answers(model, data)
    logits = model.predict(part.inputs, verbose=0)
    np.testing.assert_array_equal(found["mood"], logits["mood"].argmax(axis=-1))
    best = logits["ner"].argmax(axis=-1)
    assert found["ner"].shape == best.shape and found["ner"].dtype == np.int32
    for row, tokens in enumerate(part.tokens):
        np.testing.assert_array_equal(
            found["ner"][row, : len(tokens)],
            viterbi(logits["ner"][row, : len(tokens)], rules(data.tasks["ner"])),
        )
    assert "I-PROD" in [names[tags[0]] for tags in best]
    assert "I-PROD" not in [names[tags[0]] for tags in found["ner"]]
    for task, ids in answers(model, part).items():  # a split by itself
        np.testing.assert_array_equal(ids, found[task])


@pytest.mark.parametrize("crf", [False, True])
def test_one_score_is_meant_by_curve_early_stopping_table_and_answers(data, crf):
    """That of the best sequence: here I-PROD is held a little likelier than B-PROD wherever that is."""
    model = small(data, crf=crf)
    quickly(model, data, epochs=8, batch_size=8)
    head = model.get_layer("ner_head")
    dense = head.dense if crf else head
    kernel, bias = dense.get_weights()
    kernel[:, 2], bias[2] = kernel[:, 1], bias[1] + 0.01
    dense.set_weights([kernel, bias])
    scores = []
    logged = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: scores.append(logs["val_score"])
    )
    run = quickly(model, data, epochs=1, learning_rate=0.0, callbacks=[logged])
    ner, part = data.tasks["ner"], data["valid"]
    value = score(ner, part.targets["ner"], answers(model, data, "valid")["ner"])
    assert run.final()["ner"] == value == evaluate(model, data, "valid")["value"]["ner", "f1"]
    assert scores == [run.final().mean()]
    logits = model.predict(part.inputs, verbose=0)["ner"]
    assert value > 0.8 and score(ner, part.targets["ner"], logits.argmax(axis=-1)) < 0.1


def test_evaluate_counts_whole_sentences_and_all_entities(data):
    rows = [
        {"tokens": row, "mood": "good", "ner": ["O", "B-PROD"], "place": ["B-LOC", "O"]}
        for row in (["a", "b"], ["c", "d"], ["e", "f"])
    ]
    tasks = [data.tasks["mood"], data.tasks["ner"], Task.bio("place", ["LOC"])]
    data = MultiTaskData.from_rows({"train": rows, "test": rows}, tasks)
    data = data.with_labels({"mood": 3})
    model = small(data)
    quickly(model, data, epochs=25, batch_size=3, validation=None, learning_rate=0.05)
    assert evaluate(model, data, "test")["value"]["mood+ner+place", "sentences"] == 1
    targets = {task: target.copy() for task, target in data["test"].targets.items()}
    targets["mood"][:] = [1, 0, -1]  # right, wrong, missing
    targets["ner"][0, 1] = 0  # an entity that was found is none
    table = evaluate(
        model, replace(data, splits={**data.splits, "test": replace(data["test"], targets=targets)})
    )
    assert tuple(table.loc[("mood+ner+place", "sentences")]) == (0.0, 2)
    value, sentences = table.loc[("ner+place", "f1 of all")]
    assert value == pytest.approx(2 * 5 / (5 + 6)) and sentences == 3
    assert value == overall_f1(tasks[1:], targets, answers(model, data))
    targets["ner"][:] = data["test"].targets["ner"]
    table = evaluate(
        model, replace(data, splits={**data.splits, "test": replace(data["test"], targets=targets)})
    )
    assert tuple(table.loc[("mood+ner+place", "sentences")]) == (0.5, 2)


def test_a_single_task_has_whole_sentences_only_if_it_labels_tokens(data):
    mood, ner = data.only(["mood"]), data.only(["ner"])
    assert list(evaluate(small(mood), mood).index) == [("mood", "loss"), ("mood", "accuracy")]
    table = evaluate(small(ner), ner)
    assert list(table.index)[2:] == [("ner", "sentences"), ("ner", "f1 of all")]
    assert table["value"]["ner", "f1 of all"] == table["value"]["ner", "f1"]


def test_a_language_model_is_no_part_of_whole_sentences():
    data = tiny_data(("mood", "ner", "lm"))
    assert ("mood+ner", "sentences") in evaluate(small(data), data).index


def test_a_task_without_labels_in_a_part_is_measured_as_nan_without_a_warning(data):
    hidden = data.with_labels({"mood": 0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = evaluate(small(hidden), hidden, "train")
    assert np.isnan(table.loc[("mood", "accuracy"), "value"])
    assert np.isnan(table.loc[("mood", "loss"), "value"])
    assert table.loc[("mood", "loss"), "sentences"] == 0
    assert np.isnan(table.loc[("mood+person+ner", "sentences"), "value"])


def test_the_answer_to_a_sentence_does_not_hang_on_the_others():
    rows = [
        {"tokens": ["the", "good", "tea"] * n, "mood": "good", "ner": ["O"] * 3 * n}
        for n in (9, 1, 4)
    ]
    for row in rows:
        row["ner"] = ["O", "B-PROD", "I-PROD"] * (len(row["tokens"]) // 3)
    data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence", "ner": "token"})
    model = small(data)
    together = answers(model, data, "train")
    for i, row in enumerate(rows):
        alone = answers(model, data["train"].take([i]))
        n = len(row["tokens"])
        assert together["mood"][i] == alone["mood"][0]
        assert (together["ner"][i, :n] == alone["ner"][0, :n]).all()


def test_a_model_is_traced_once_however_many_sentences_of_whatever_length():
    data = tiny_data(("mood", "ner"), n=300)  # two chunks, of 256 and of 44 sentences
    model = small(data)
    for split in ("train", "valid"):
        evaluate(model, data, split)
    answers(model, data["test"].take(np.arange(3)))
    assert model.losses_and_answers.experimental_get_tracing_count() == 1
