"""The shipped corpus: what the generator promises, counted; and the files it wrote."""

import collections
import functools
import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from mtl_tutorial.corpora import people, people_annotation, people_en, people_grammar, people_zh
from mtl_tutorial.data import MultiTaskData
from tests.names_to_avoid import AVOID
from tests.people_sentences import LABELS, LEXICONS, both_languages, clean, phrases, shipped

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
        assert set(row) == {"text", "ner", "role", *LABELS}
    for task, labels in LABELS.items():
        assert {row[task] for row in clean(language)} == set(labels)


def test_the_tasks_are_declared_with_the_generators_labels():
    declared = {task.name: task for task in people.tasks()}
    assert list(declared)[-1] == "lm"
    assert {name: declared[name].labels for name in LABELS} == LABELS
    for name, types in (("ner", people_grammar.ENTITIES), ("role", people_grammar.ROLES)):
        assert declared[name].is_bio
        assert {tag[2:] for tag in declared[name].labels} == {"", *types}


@both_languages
def test_every_task_can_be_read_from_a_sample(language):
    data = MultiTaskData.from_rows({"train": clean(language)}, people.tasks())
    assert (data.describe()["missing"] == 0).all()


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
    with pytest.raises(ValueError, match="auxiliary relatedness must be from 0 to 1, not 2"):
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
        ({"noise": 1.1}, "noise must be from 0 to 1, not 1.1"),
        ({"held_out": -0.1}, "held_out must be from 0 to 1, not -0.1"),
        ({"agreement": 65}, "agreement must be from 0 to 1, not 65"),
        ({"agreement": "most"}, "agreement must be a number, not 'most'"),
        ({"auxiliary": ("person", 2)}, "auxiliary relatedness must be from 0 to 1, not 2"),
        ({"auxiliary": ("ner", 0.5)}, r"unknown auxiliary target 'ner'; choose one of \['senti"),
        ({"auxiliary": "person"}, r"auxiliary must be \(target, relatedness\), .* not 'person'"),
        ({"noise": math.nan}, "noise must be a finite number, not nan"),
    ],
)
def test_a_bad_wish_is_refused(arguments, says):
    with pytest.raises((TypeError, ValueError), match=says):
        people.sample(1, **arguments)
    with pytest.raises((TypeError, ValueError), match=says):
        people.load(**arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"n": -1}, "n must be at least 0, not -1"),
        ({"n": 1, "seed": "new"}, "seed must be a whole number, not 'new'"),
    ],
)
def test_what_cannot_be_sampled_is_refused(arguments, says):
    with pytest.raises((TypeError, ValueError), match=says):
        people.sample(**arguments)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["pos"], r"unknown tasks \['pos'\]; the corpus has \['sentiment'"),
        ("ner", r"names must be a list of task names, such as \['ner'\], not 'ner'"),
    ],
)
def test_tasks_that_do_not_exist_cannot_be_loaded(names, says):
    with pytest.raises((TypeError, ValueError), match=says):
        people.load("zh", names)


# -- agreement of `person` and `relation`


@functools.cache
def agreeing(language: str, agreement: float) -> list[dict]:
    return people.sample(3000, language, seed=1, noise=0, agreement=agreement)


def pairs_of(rows: list[dict]) -> np.ndarray:
    """How often each `person` [rows] goes with each relation that is one [columns]."""
    table = np.zeros((len(people.PERSONS), len(people.PERSONS)))
    for row in rows:
        if row["relation"] != "none":
            table[people.PERSONS.index(row["person"]), people.PERSONS.index(row["relation"])] += 1
    return table


@both_languages
def test_without_agreement_the_relation_says_nothing_of_the_person(language):
    table = pairs_of(agreeing(language, 0))
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    assert ((table - expected) ** 2 / expected).sum() < 52.6  # χ² with 25 degrees, p = 0.001
    assert expected.min() > 20


@both_languages
@pytest.mark.parametrize("agreement", [0, 0.3, people.AGREEMENT, 1])
def test_as_many_pairs_agree_as_was_wished(language, agreement):
    table = pairs_of(agreeing(language, agreement))
    share = agreement + (1 - agreement) / len(people.PERSONS)  # some agree by lot
    error = np.sqrt(share * (1 - share) / table.sum())
    assert np.trace(table) / table.sum() == pytest.approx(share, abs=4 * error)


@both_languages
@pytest.mark.parametrize("agreement", [0, people.AGREEMENT, 1])
def test_agreement_leaves_each_task_by_itself_as_it_was(language, agreement):
    rows = agreeing(language, agreement)
    shares = {
        "sentiment": dict.fromkeys(people.SENTIMENTS, 1 / 3),
        "person": dict.fromkeys(people.PERSONS, 1 / 6),
        "relation": {"none": 0.25, **dict.fromkeys(people.PERSONS, 0.75 / 6)},
    }
    for task, expected in shares.items():
        counts = collections.Counter(row[task] for row in rows)
        assert set(counts) == set(expected)
        for label, share in expected.items():
            error = math.sqrt(share * (1 - share) / len(rows))
            assert counts[label] / len(rows) == pytest.approx(share, abs=4 * error), label
    kinds = collections.Counter(kind for row in rows for kind, _ in phrases(row, "ner"))
    usual = collections.Counter(kind for row in clean(language) for kind, _ in phrases(row, "ner"))
    for kind, n in usual.items():
        assert kinds[kind] / len(rows) == pytest.approx(n / len(clean(language)), rel=0.15), kind


# -- held-out words


@both_languages
@pytest.mark.parametrize("held_out", [people.HELD_OUT["train"], people.HELD_OUT["test"]])
def test_held_out_words_are_rare_in_their_own_slot_and_common_elsewhere(
    language, held_out, monkeypatch
):
    drawn = collections.defaultdict(list)  # slot (by its offset) → places of the words drawn
    pick_word = people_grammar.Sentence.pick_word

    def listen(sentence, words, every, offset, shift=0):
        word = pick_word(sentence, words, every, offset, shift)
        drawn[every, offset].append(words.index(word) % every)
        return word

    monkeypatch.setattr(people_grammar.Sentence, "pick_word", listen)
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
@pytest.mark.parametrize("kind", ["gadget", "food"])
def test_a_product_is_named_without_its_common_noun(language, kind):
    """The noun stands in the form, behind the name: 麦老太|锅巴, "Merriby Dark Cherry"|granola."""
    thing = LEXICONS[language].THINGS[kind]
    nouns = {form.partition("{name}")[2].strip() for form in thing["forms"]}
    assert all(nouns)
    assert not [name for name in names_of(thing) if any(noun in name for noun in nouns)]


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


@both_languages
def test_no_name_to_avoid_can_be_made(language):
    words = LEXICONS[language]
    people_named = {
        form.format(given=given, surname=surname)
        for form in words.NAMES
        for given in itertools.chain(*words.GIVEN.values())
        for surname in words.SURNAMES
    }
    named = people_named.union(words.EMPLOYERS, *map(names_of, words.THINGS.values()))
    assert named & AVOID[language] == set()


# -- the shipped files


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    people.write(tmp_path)
    written = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*.jsonl"))
    assert len(written) == len(LEXICONS) * len(people.SIZES)
    for file in written:
        assert (tmp_path / file).read_bytes() == (people.folder() / file).read_bytes(), file
    assert sum((people.folder() / file).stat().st_size for file in written) < 9_500_000  # "9 MB"


def test_a_sentence_that_another_split_has_is_not_written(tmp_path, monkeypatch):
    def same_for_all(*_):
        return ({"text": f"{i}", "ner": ["O"], "role": ["O"]} for i in itertools.count())

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
def test_no_frame_and_no_opinion_is_worn_out(language, monkeypatch):
    """Each shipped sentence is grown again, and tells how it was said."""
    told, said = {}, []
    annotate, opinion_word = people.annotate, people_grammar.Sentence.opinion_word

    def listen(sentence, *wish):
        said.append(opinion_word(sentence, *wish))
        return said[-1]

    def note(sentence):
        said.clear()
        row = annotate(sentence)
        if row is not None:
            told[row["text"]] = sentence.frame, set(said)
        return row

    monkeypatch.setattr(people_grammar.Sentence, "opinion_word", listen)
    monkeypatch.setattr(people, "annotate", note)
    people._grow_parts(language)
    ways = [told[row["text"]] for split in people.SIZES for row in shipped(language, split)]
    frames = collections.Counter(frame for frame, _ in ways)
    opinions = collections.Counter(itertools.chain(*(expressions for _, expressions in ways)))
    assert sum(n for _, n in frames.most_common(10)) <= 0.15 * len(ways)
    assert opinions.most_common(1)[0][1] <= 0.015 * len(ways)
    apart = sum(n for frame, n in frames.items() if "{bond}" in frame)  # in a clause of its own
    assert 0.1 * len(ways) < apart < len(ways) / 3


@both_languages
def test_most_full_names_of_the_test_part_are_new(language):
    def full_names(split: str) -> set[tuple[str, ...]]:
        named = itertools.chain(*(phrases(row, "ner") for row in shipped(language, split)))
        return {name for kind, name in named if kind == "PER" and len(name) > 1}

    test = full_names("test")
    assert len(test) > 100
    assert len(test - full_names("train")) > len(test) / 2


@both_languages
def test_the_shipped_corpus_loads(language):
    data = people.load(language, [task.name for task in people.tasks()])
    assert {name: len(split) for name, split in data.splits.items()} == people.SIZES
    assert list(data.tasks) == ["sentiment", "person", "relation", "ner", "role", "lm"]
    table = data.describe()
    assert (table["missing"] == 0).all()
    assert (table.loc[table.index.get_level_values("task") == "lm", "unknown"] > 0).all()
    assert table["max_length"].max() <= people_annotation.MAX_TOKENS
    for task, labels in LABELS.items():
        counts = data.label_counts(task, "test")
        assert counts.max() < 2.5 * counts.sum() / len(labels)


def same(a: MultiTaskData, b: MultiTaskData) -> bool:
    """Whether two data sets hold the same sentences with the same labels."""
    return a.tasks == b.tasks and all(
        a[split].tokens == b[split].tokens
        and all((a[split].targets[t] == b[split].targets[t]).all() for t in a.tasks)
        for split in people.SIZES
    )


@both_languages
def test_the_values_as_shipped_read_the_files_and_grow_nothing(language, monkeypatch):
    monkeypatch.setattr(people, "_grow", None)
    asked = people.load(language, noise=people.NOISE, agreement=people.AGREEMENT, held_out=None)
    assert same(asked, people.load(language))


@both_languages
def test_without_noise_the_shipped_sentences_carry_the_truth(language):
    noisy, true = people.load(language), people.load(language, noise=0)
    for split in people.SIZES:
        assert noisy[split].tokens == true[split].tokens
        assert noisy[split].ids == true[split].ids
        for task in LABELS:
            wrong = (noisy[split].targets[task] != true[split].targets[task]).mean()
            assert wrong == pytest.approx(people.NOISE, abs=0.02)


@pytest.fixture
def grown(monkeypatch):
    """What `_grow` is asked for, in a small corpus that no other test sees."""
    grow, asked = people._grow, []
    monkeypatch.setattr(people, "SIZES", {"train": 300, "valid": 100, "test": 200})
    monkeypatch.setattr(people, "_grow", lambda *dials: asked.append(dials) or grow(*dials))
    people._grown_parts.cache_clear()
    yield asked
    people._grown_parts.cache_clear()


def test_another_value_grows_another_corpus_once(grown):
    data = people.load("en", ["person", "relation"], agreement=1, noise=0)
    assert {name: len(part) for name, part in data.splits.items()} == people.SIZES
    sentences = [tokens for part in data.splits.values() for tokens in part.tokens]
    assert len(set(sentences)) == len(sentences)
    person, relation = (data["test"].targets[task] for task in ("person", "relation"))
    assert (relation[relation > 0] == person[relation > 0] + 1).all()
    assert len(grown) == 3

    other_tasks = people.load("en", agreement=1, noise=0, auxiliary=("person", 1))
    assert (other_tasks["test"].targets["auxiliary"] == (person + 1) % 6).all()
    assert same(people.load("en", ["person", "relation"], agreement=1, noise=0), data)
    assert len(grown) == 3

    people._grown_parts.cache_clear()
    assert same(people.load("en", ["person", "relation"], agreement=1, noise=0), data)
    assert len(grown) == 6


def test_words_are_held_out_as_shipped_or_alike_in_every_part(grown):
    people.load("zh", noise=0.5)
    people.load("zh", held_out=0.5)
    dials = [(noise, held_out, agreement) for _, _, noise, held_out, agreement in grown]
    own = [(0.5, share, people.AGREEMENT) for share in people.HELD_OUT.values()]
    assert dials == own + 3 * [(people.NOISE, 0.5, people.AGREEMENT)]


# -- the data card


@functools.cache
def card() -> str:
    return (people.folder() / "README.md").read_text("utf-8")


@both_languages
def test_the_data_card_counts_the_labels(language):
    data = people.load(language, [task.name for task in people.tasks() if task.labels])
    for name, task in data.tasks.items():
        counts = {split: data.label_counts(name, split) for split in people.SIZES}
        for label in task.labels:
            if task.kind == "sequence" or label.startswith("B-"):
                shown = " | ".join(f"{counts[split][label]:,}" for split in people.SIZES)
                assert f"| {language} | {name} | {label.removeprefix('B-')} | {shown} |" in card()


def crossed(data: MultiTaskData) -> np.ndarray:
    """How often each `person` [6 rows] goes with each `relation` [7 columns] in training."""
    person, relation = (data["train"].targets[task] for task in ("person", "relation"))
    return np.bincount(7 * person + relation, minlength=42).reshape(6, 7)


@both_languages
def test_the_data_card_shows_how_person_and_relation_agree(language):
    table = crossed(people.load(language))
    for person, counts in zip(people.PERSONS, table, strict=True):
        assert f"| {language} | {person} | {' | '.join(map(str, counts))} |" in card()
    by_lot = crossed(people.load(language, agreement=0))
    known = [f"{table.max(axis=0).sum() / table.sum():.0%}" for table in (table, by_lot)]
    assert known == {"zh": ["56%", "18%"], "en": ["54%", "19%"]}[language]
    assert "with 56 % in Chinese and 54 % in English" in card()
    assert "With `agreement=0` it is 18 % and 19 %" in card()


def test_the_files_are_found_in_the_checkout_or_beside_the_package():
    assert isinstance(people.folder(), Path)
    assert people.folder().name in ("data", "data_files")
