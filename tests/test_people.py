"""The shipped corpus: what the generator promises, counted; and the files it wrote."""

import collections
import functools
import itertools
import json
import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mtl_tutorial.corpora import people, people_en, people_zh
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.scoring import spans
from mtl_tutorial.text import tokenize

LEXICONS = {"zh": people_zh, "en": people_en}
LABELS = {
    "sentiment": people.SENTIMENTS,
    "person": people.PERSONS,
    "relation": people.RELATIONS,
}

both_languages = pytest.mark.parametrize("language", sorted(LEXICONS))


@functools.cache
def clean(language: str) -> list[dict]:
    """Sentences with true labels; not to be changed."""
    return people.sample(600, language, seed=3, noise=0)


@functools.cache
def shipped(language: str, split: str) -> list[dict]:
    file = people.folder() / language / f"{split}.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def entities(row: dict) -> list[tuple[str, tuple[str, ...]]]:
    """Type and tokens of each name in a row."""
    tokens = tokenize(row["text"])
    tags = row["ner"].split() if isinstance(row["ner"], str) else row["ner"]
    return [(kind, tuple(tokens[start:end])) for start, end, kind in spans(tags)]


# -- samples


@both_languages
def test_a_seed_gives_the_same_sentences_all_different(language):
    rows = people.sample(200, language, seed=5)
    assert rows == people.sample(200, language, seed=5)
    assert rows[:50] == people.sample(50, language, seed=5)
    texts = {row["text"] for row in rows}
    assert len(texts) == 200
    assert len(texts & {row["text"] for row in people.sample(200, language, seed=6)}) < 5


@both_languages
def test_labels_are_among_those_of_the_tasks(language):
    for row in clean(language):
        assert all(row[task] in labels for task, labels in LABELS.items())
        assert set(row) == {"text", "ner", *LABELS}
    for task, labels in LABELS.items():
        assert {row[task] for row in clean(language)} == set(labels)


def test_the_tasks_are_declared_with_the_generators_labels():
    declared = {task.name: task for task in people.tasks()}
    assert list(declared)[-1] == "lm"
    assert {name: declared[name].labels for name in LABELS} == LABELS
    assert declared["ner"].is_bio
    assert {tag[2:] for tag in declared["ner"].labels} == {"", *people.ENTITIES}


@both_languages
def test_every_task_can_be_read_from_a_sample(language):
    data = MultiTaskData.from_rows({"train": clean(language)}, people.tasks())
    assert (data.describe()["missing"] == 0).all()


@both_languages
@pytest.mark.parametrize("noise", [0, 0.1])
def test_tags_are_sound_bio(language, noise):
    for row in people.sample(200, language, noise=noise):
        assert len(row["ner"]) == len(tokenize(row["text"])) <= people.MAX_TOKENS
        for before, tag in itertools.pairwise(["O", *row["ner"]]):
            assert tag[0] != "I" or before in (f"B-{tag[2:]}", tag)


@both_languages
def test_spans_cover_exactly_the_names(language, monkeypatch):
    said: list[str] = []
    text = people._Sentence.text

    def listen(sentence):
        said.append(text(sentence))
        return said[-1]

    monkeypatch.setattr(people._Sentence, "text", listen)
    rows = people.sample(300, language, noise=0)
    marked = {people._NAME.sub(r"\2", sentence): sentence for sentence in said}
    for row in rows:
        names = people._NAME.findall(marked[row["text"]])
        assert entities(row) == [(kind, tuple(tokenize(name))) for kind, name in names]
        assert len(names) > 0
        assert not set(row["text"]) & set("\x01\x02\x03{}")


@pytest.mark.parametrize(
    ("said", "tags"),
    [
        ("\x01PER\x02Ana\x03 left.", ["B-PER", "O", "O"]),
        ("\x01PER\x02Ana Li\x03\x01LOC\x02广州\x03", ["B-PER", "I-PER", "B-LOC", "I-LOC"]),
        ("\x01PER\x02An\x03a left.", None),
        ("An\x01PER\x02a\x03 left.", None),
        ("a " * people.MAX_TOKENS + "\x01PER\x02Ana\x03", None),
    ],
)
def test_a_sentence_that_tags_cannot_tell_truly_is_dropped(said, tags):
    sentence = SimpleNamespace(text=lambda: said, sentiment="", person_class="", relation="")
    row = people._row(sentence)
    assert (row and row["ner"]) == tags


@both_languages
def test_noise_changes_labels_only_and_at_its_rate(language):
    noisy = people.sample(600, language, seed=3, noise=0.2)
    assert [row["text"] for row in noisy] == [row["text"] for row in clean(language)]
    pairs = list(zip(noisy, clean(language), strict=True))
    for task in LABELS:
        rate = np.mean([a[task] != b[task] for a, b in pairs])
        assert 0.13 < rate < 0.27  # 0.2 and four standard errors
    true = [(i, e) for i, (_, row) in enumerate(pairs) for e in spans(row["ner"])]
    kept = {(i, e) for i, (row, _) in enumerate(pairs) for e in spans(row["ner"])}
    assert 0.15 < np.mean([entity not in kept for entity in true]) < 0.25


@both_languages
def test_at_full_noise_no_label_is_right(language):
    wrong = people.sample(50, language, seed=3, noise=1)
    for noisy, row in zip(wrong, clean(language), strict=False):
        assert all(noisy[task] != row[task] for task in LABELS)
        assert not set(spans(noisy["ner"])) & set(spans(row["ner"]))


# -- the auxiliary task


def information(rows: list[dict], a: str, b: str) -> float:
    """Mutual information of two labels, in nats."""
    n = len(rows)
    joint = collections.Counter((row[a], row[b]) for row in rows)
    of_a, of_b = (collections.Counter(row[x] for row in rows) for x in (a, b))
    return sum(k / n * math.log(k * n / (of_a[x] * of_b[y])) for (x, y), k in joint.items())


@pytest.mark.parametrize("target", sorted(LABELS))
def test_relatedness_turns_mutual_information_from_none_to_all(target):
    measured = [
        information(people.sample(400, "zh", auxiliary=(target, share)), target, "auxiliary")
        for share in (0, 0.4, 0.7, 1)
    ]
    rows = people.sample(400, "zh", auxiliary=(target, 1))
    chance = (len(LABELS[target]) - 1) ** 2 / (2 * len(rows))  # expected of unrelated labels
    assert measured[0] < 2 * chance
    assert measured[0] < measured[1] < measured[2] < measured[3]
    assert measured[3] == pytest.approx(information(rows, target, target))
    assert all(re.fullmatch("a[0-9]", row["auxiliary"]) for row in rows)


def test_the_shipped_corpus_takes_an_auxiliary_task_too():
    plain, data = people.load("en"), people.load("en", auxiliary=("person", 0.5))
    assert [*plain.tasks, "auxiliary"] == list(data.tasks)
    for split, part in data.splits.items():
        assert (part.inputs == plain[split].inputs).all()
        assert (part.targets["person"] == plain[split].targets["person"]).all()
        agreeing = (part.targets["person"] + 1) % 6 == part.targets["auxiliary"]
        assert agreeing.mean() == pytest.approx(0.5 + 0.5 / 6, abs=0.05)
    again = people.load("en", auxiliary=("person", 0.5))
    assert (again["train"].targets["auxiliary"] == data["train"].targets["auxiliary"]).all()
    with pytest.raises(ValueError, match="relatedness must lie between 0 and 1, not 2"):
        people.load("en", auxiliary=("person", 2))


def test_unrelated_auxiliary_labels_are_as_frequent_as_the_targets():
    rows = people.sample(500, "zh", auxiliary=("relation", 0))
    target = sorted(collections.Counter(row["relation"] for row in rows).values())
    auxiliary = sorted(collections.Counter(row["auxiliary"] for row in rows).values())
    assert auxiliary == pytest.approx(target, abs=45)
    assert [row["text"] for row in rows] == [row["text"] for row in people.sample(500, "zh")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"language": "de"}, r"unknown language 'de'.*\['en', 'zh'\]"),
        ({"noise": 1.1}, "noise must lie between 0 and 1, not 1.1"),
        ({"held_out": -0.1}, "held_out must lie between 0 and 1"),
        ({"auxiliary": ("person", 2)}, "relatedness must lie between 0 and 1, not 2"),
        ({"auxiliary": ("ner", 0.5)}, "'sentiment', 'person' or 'relation', not 'ner'"),
        ({"noise": math.nan}, "noise must lie"),
    ],
)
def test_a_bad_wish_is_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        people.sample(1, **arguments)


@pytest.mark.parametrize(
    ("arguments", "says"), [(("de",), "'de'"), (("zh", ["pos"]), r"\['pos'\]")]
)
def test_a_corpus_that_does_not_exist_cannot_be_loaded(arguments, says):
    with pytest.raises(ValueError, match=says):
        people.load(*arguments)


# -- held-out words


@both_languages
@pytest.mark.parametrize("held_out", [people.HELD_OUT["train"], people.HELD_OUT["test"]])
def test_held_out_words_are_rare_in_their_own_slot_and_common_elsewhere(
    language, held_out, monkeypatch
):
    drawn = collections.defaultdict(list)  # slot (by its offset) → places of the words drawn
    pick_word = people._Sentence.pick_word

    def listen(sentence, words, every, offset):
        word = pick_word(sentence, words, every, offset)
        drawn[every, offset].append(words.index(word) % every)
        return word

    monkeypatch.setattr(people._Sentence, "pick_word", listen)
    people.sample(400, language, held_out=held_out)
    person, relation, opinion = (np.array(drawn[slot]) for slot in ((4, 1), (4, 3), (3, 1)))
    assert min(len(person), len(relation), len(opinion)) > 300
    assert (person == 1).mean() == pytest.approx(held_out, abs=0.06)
    assert (relation == 3).mean() == pytest.approx(held_out, abs=0.06)
    assert (opinion == 1).mean() == pytest.approx(held_out, abs=0.06)
    assert (relation == 1).mean() > 0.15 * (1 - held_out)
    assert (person == 3).mean() > 0.15 * (1 - held_out)


@pytest.mark.parametrize("split", people.SIZES)
def test_the_shipped_sentences_hold_words_out(split):
    """Chinese: a relation word behind 我 (的) stands in the slot of `person`, else of a pair."""
    place = {
        entry.partition(":")[0]: i % 4
        for words in people_zh.RELATIONS.values()
        for i, entry in enumerate(words)
    }
    longest_first = "|".join(sorted(place, key=len, reverse=True))
    own, pair = [], []
    for row in shipped("zh", split):
        for me, word in re.findall(f"(我的?)?({longest_first})", row["text"]):
            (own if me else pair).append(place[word])
    assert np.mean(np.array(own) == 1) == pytest.approx(people.HELD_OUT[split], abs=0.05)
    assert np.mean(np.array(pair) == 1) > 0.15


# -- words


def names_of(thing: dict) -> set[str]:
    parts = thing["parts"]
    return {
        name.format_map(dict(zip(parts, choice, strict=True)))
        for name in thing["names"]
        for choice in itertools.product(*parts.values())
    }


def test_both_lexicons_define_the_same():
    def shape(lexicon) -> dict:
        public = {name: value for name, value in vars(lexicon).items() if name.isupper()}
        return {name: sorted(v) if isinstance(v, dict) else None for name, v in public.items()}

    public = {name: keys for name, keys in shape(people_zh).items() if name[0] != "_"}
    assert public == {name: keys for name, keys in shape(people_en).items() if name[0] != "_"}
    assert sorted(people.PERSONS) == public["RELATIONS"] == public["DESCRIBED"]
    assert public["FRAMES"] == sorted(["any", *people_zh.THINGS]) == public["OPINIONS"]


@both_languages
def test_the_lexicon_is_rich_enough(language):
    words = LEXICONS[language]
    frames = [frame for group in words.FRAMES.values() for frame in group]
    assert len(set(frames)) == len(frames) >= 60
    relations = [entry.partition(":")[0] for group in words.RELATIONS.values() for entry in group]
    assert len(set(relations)) == len(relations) >= 60
    for sentiment in people.SENTIMENTS:
        groups = [group[sentiment] for group in words.OPINIONS.values()]
        expressions = {e for group in groups for form in group.values() for e in form}
        assert len(expressions) >= 150
    named = collections.defaultdict(set)
    for thing in words.THINGS.values():
        named[thing["entity"]] |= names_of(thing)
    assert len(named["LOC"] | set(words.CITIES)) >= 80
    assert len(named["ORG"] | set(words.EMPLOYERS)) >= 60
    assert len(named["PROD"]) >= 100


@both_languages
def test_no_expression_is_praise_and_blame(language):
    """One expression, one verdict: else a label would be wrong by construction."""
    verdicts = collections.defaultdict(set)
    for group in LEXICONS[language].OPINIONS.values():
        for sentiment, forms in group.items():
            for expression in itertools.chain(*forms.values()):
                verdicts[expression].add(sentiment)
    assert [expression for expression, found in verdicts.items() if len(found) > 1] == []


@both_languages
def test_no_relation_word_is_in_two_classes(language):
    classes = collections.Counter(
        word
        for words in LEXICONS[language].RELATIONS.values()
        for word in {entry.partition(":")[0] for entry in words}
    )
    assert [word for word, n in classes.items() if n > 1] == []


# -- the shipped files


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    people.write(tmp_path)
    written = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*.jsonl"))
    assert len(written) == len(LEXICONS) * len(people.SIZES)
    for file in written:
        assert (tmp_path / file).read_bytes() == (people.folder() / file).read_bytes(), file
    assert sum((people.folder() / file).stat().st_size for file in written) <= 6_000_000


def test_a_sentence_that_another_split_has_is_not_written(tmp_path, monkeypatch):
    def same_for_all(*_):
        return ({"text": f"{i}", "ner": ["O"]} for i in itertools.count())

    monkeypatch.setattr(people, "_grow", same_for_all)
    monkeypatch.setattr(people, "SIZES", {"train": 3, "valid": 1, "test": 2})
    people.write(tmp_path)
    texts = [
        json.loads(line)["text"]
        for split in people.SIZES
        for line in (tmp_path / "zh" / f"{split}.jsonl").read_text("utf-8").splitlines()
    ]
    assert texts == ["0", "1", "2", "3", "4", "5"]


@both_languages
def test_no_sentence_occurs_twice(language):
    texts = [row["text"] for split in people.SIZES for row in shipped(language, split)]
    assert len(texts) == len(set(texts)) == sum(people.SIZES.values())


@both_languages
def test_most_full_names_of_the_test_part_are_new(language):
    def full_names(split: str) -> set[tuple[str, ...]]:
        named = itertools.chain(*map(entities, shipped(language, split)))
        return {name for kind, name in named if kind == "PER" and len(name) > 1}

    test = full_names("test")
    assert len(test) > 100
    assert len(test - full_names("train")) > len(test) / 2


@both_languages
def test_the_shipped_corpus_loads(language):
    data = people.load(language, [task.name for task in people.tasks()])
    assert {name: len(split) for name, split in data.splits.items()} == people.SIZES
    assert list(data.tasks) == ["sentiment", "person", "relation", "ner", "lm"]
    table = data.describe()
    assert (table["missing"] == 0).all()
    assert (table.loc[table.index.get_level_values("task") == "lm", "unknown"] > 0).all()
    assert table["max_length"].max() <= people.MAX_TOKENS
    for task, labels in LABELS.items():
        counts = data.label_counts(task, "test")
        assert counts.max() < 2.5 * counts.sum() / len(labels)


def test_the_files_are_found_in_the_checkout_or_beside_the_package():
    assert isinstance(people.folder(), Path)
    assert people.folder().name in ("data", "data_files")
