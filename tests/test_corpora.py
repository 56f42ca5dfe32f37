"""The real corpora: their files where they are at hand, their loaders on small ones everywhere."""

import hashlib
import io
import json
import re
import tarfile
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pooch
import pytest

from mtl_tutorial import massive, pud, snips, weibo
from mtl_tutorial.corpora.download import DownloadError, Pin, fetch
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.schemes import spans

CORPORA = {"snips": snips, "weibo": weibo, "pud": pud, "massive": massive}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing is downloaded here, come what may."""

    def refuse(*_, **__):
        raise ConnectionError("the tests download nothing")

    monkeypatch.setattr(pooch, "HTTPDownloader", refuse)


@pytest.fixture(scope="module")
def real_cache(real_data):
    """The folder of real corpora, which is laid out as the cache is, is the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
        yield


def words(data: MultiTaskData, task: str, split: str) -> list:
    """The labels of a split in words: a list a sentence for a token task; None where missing."""
    names = [*data.tasks[task].labels, None]
    part = data[split]
    rows = part.targets[task].tolist()
    if data.tasks[task].kind == "sequence":
        return [names[i] for i in rows]
    return [
        [names[i] for i in row[: len(tokens)]]
        for row, tokens in zip(rows, part.tokens, strict=True)
    ]


def mentions(data: MultiTaskData, task: str, split: str) -> Counter:
    """How many spans of each type."""
    return Counter(kind for tags in words(data, task, split) for _, _, kind in spans(tags))


def among_training(data: MultiTaskData, split: str) -> np.ndarray:
    """Which sentences of a split also occur in training, token for token."""
    seen = set(data["train"].tokens)
    return np.array([tokens in seen for tokens in data[split].tokens])


def repeated(data: MultiTaskData, split: str = "train") -> int:
    """How many sentences repeat an earlier one of the split."""
    return len(data[split]) - len(set(data[split].tokens))


def broken(data: MultiTaskData, task: str) -> int:
    """Tags that continue nothing."""
    return sum(
        tag[:2] == "I-" and before[2:] != tag[2:]
        for split in data.splits
        for tags in words(data, task, split)
        if None not in tags
        for before, tag in pairwise(["O", *tags])
    )


# -- cards and pins


@pytest.mark.parametrize("name", CORPORA)
def test_every_file_is_pinned(name):
    for pin in CORPORA[name].CARD.files.values():
        whole = pin.archive or pin
        assert whole.address.startswith("https://")
        assert re.search(r"/[0-9a-f]{40}/|-1\.1\.tar\.gz$", whole.address)  # one version for ever
        for p in (pin, whole):
            assert re.fullmatch("[0-9a-f]{64}", p.sha256)
            assert 5_000 < p.size < 50_000_000
            assert p.path.count("/") >= 1 and not p.path.startswith(("/", "."))


def test_no_two_pins_share_a_place_or_a_hash():
    pins = {pin for corpus in CORPORA.values() for pin in corpus.CARD.files.values()}
    pins |= {pin.archive for pin in pins if pin.archive}
    assert len({pin.path for pin in pins}) == len({pin.sha256 for pin in pins}) == len(pins)


@pytest.mark.parametrize("name", CORPORA)
def test_a_card_says_whose_the_corpus_is(name):
    card = CORPORA[name].CARD
    for text in (card.about, card.source, card.license, card.citation, *card.problems):
        assert text and text in " ".join(repr(card).split())


@pytest.mark.parametrize("name", CORPORA)
def test_without_its_files_a_corpus_says_what_to_get(name, tmp_path, monkeypatch):
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(tmp_path))
    assert not CORPORA[name].CARD.is_here
    with pytest.raises(DownloadError, match="cannot download https://") as caught:
        CORPORA[name].load()
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("name", ["snips", "weibo", "pud"])
def test_a_card_knows_that_its_files_are_here(name, real_cache):
    assert CORPORA[name].CARD.is_here


@pytest.mark.parametrize("name", CORPORA)
def test_tasks_are_those_that_the_module_explains(name):
    described = re.findall(r"^``(\w+)``", CORPORA[name].__doc__, re.MULTILINE)
    assert [task.name for task in CORPORA[name].tasks()] == described


def test_an_unknown_language_or_fold_is_named():
    for corpus in (pud, massive):
        with pytest.raises(
            ValueError, match=r"unknown language 'fr'; choose one of \['en', 'zh'\]"
        ):
            corpus.load("fr")
        with pytest.raises(TypeError, match="language must be a string"):
            corpus.load(None)
    with pytest.raises(ValueError, match="fold must be from 0 to 9, not 10"):
        pud.load("en", 10)
    with pytest.raises(TypeError, match="fold must be a whole number"):
        pud.load("en", "0")


# -- SNIPS


@pytest.fixture(scope="module")
def snips_data(real_cache):
    return snips.load()


def test_the_real_files_are_those_pinned(real_cache):
    for corpus in (snips, weibo, pud):
        for path in fetch(*corpus.CARD.files.values()):
            assert path.is_file()


def test_snips_has_the_published_counts(snips_data):
    sentences = {name: len(split) for name, split in snips_data.splits.items()}
    assert sentences == snips.CARD.counts == {"train": 13_084, "valid": 700, "test": 700}
    tokens = {name: sum(map(len, split.tokens)) for name, split in snips_data.splits.items()}
    assert tokens == {"train": 117_700, "valid": 6_384, "test": 6_354}
    assert dict(snips_data.label_counts("intent")) == {
        "PlayMusic": 1_914, "GetWeather": 1_896, "BookRestaurant": 1_881, "RateBook": 1_876,
        "SearchScreeningEvent": 1_852, "SearchCreativeWork": 1_847, "AddToPlaylist": 1_818,
    }  # fmt: skip
    assert set(snips_data.label_counts("intent", "valid")) == {100}


def test_snips_has_the_published_slots(snips_data):
    found = {split: mentions(snips_data, "slots", split) for split in snips_data.splits}
    assert {split: sum(counts.values()) for split, counts in found.items()} == {
        "train": 33_958, "valid": 1_794, "test": 1_790,
    }  # fmt: skip
    assert found["train"].most_common(6) == [
        ("object_type", 3_023), ("object_name", 2_789), ("playlist", 1_963), ("timeRange", 1_879),
        ("rating_value", 1_877), ("artist", 1_804),
    ]  # fmt: skip
    assert set(found["train"]) == set(snips.SLOTS)
    tags = [(snips_data.label_counts("slots", split) > 0).sum() for split in snips_data.splits]
    assert tags == [72, 70, 70]
    for split in snips_data.splits:  # "half of the tags are O", as lesson 12 says
        counts = snips_data.label_counts("slots", split)
        assert 0.48 < counts["O"] / counts.sum() < 0.5
    assert broken(snips_data, "slots") == 0


def test_snips_reads_the_first_and_the_misspelt_sentence(snips_data):
    test = snips_data["test"]
    assert " ".join(test.tokens[0]) == "add sabrina salerno to the grime instrumentals playlist"
    assert words(snips_data, "slots", "test")[0] == (
        ["O", "B-artist", "I-artist", "O", "O", "B-playlist", "I-playlist", "O"]
    )
    assert words(snips_data, "intent", "test")[0] == "AddToPlaylist"
    assert "alumb" in snips_data["train"].tokens[0]


def test_snips_card_is_right_about_repetitions(snips_data):
    assert among_training(snips_data, "valid").sum() == 15
    assert among_training(snips_data, "test").sum() == 26
    assert repeated(snips_data) == 225
    assert "15 validation and 26 test" in snips.CARD.problems[0]
    assert "225 training sentences" in snips.CARD.problems[0]


def test_rare_tokens_are_unknown_unless_all_are_wanted(snips_data, real_cache):
    whole = snips.load(min_count=1)
    assert len(whole.vocabulary) - 2 == 11_418
    assert len(snips_data.vocabulary) < 11_418


# -- Weibo NER


@pytest.fixture(scope="module")
def weibo_data(real_cache):
    return weibo.load(min_count=1)


def test_weibo_has_the_published_counts(weibo_data):
    sentences = {name: len(split) for name, split in weibo_data.splits.items()}
    assert sentences == weibo.CARD.counts == {"train": 1_350, "valid": 270, "test": 270}
    characters = {name: sum(map(len, split.tokens)) for name, split in weibo_data.splits.items()}
    assert characters == {"train": 73_778, "valid": 14_509, "test": 14_842}
    assert len(weibo_data.vocabulary) - 2 == 3_128 - 5  # which stand there in both widths
    assert max(len(tokens) for tokens in weibo_data["train"].tokens) == 175
    persons = [weibo_data.label_counts("mentions_person", s)["yes"] for s in weibo_data.splits]
    assert persons == [605, 124, 134]


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("named", {"PER": (578, 90, 113), "GPE": (205, 26, 47), "ORG": (183, 47, 39), "LOC": (56, 6, 19)}),
        ("nominal", {"PER": (772, 208, 172), "ORG": (42, 5, 17), "LOC": (51, 6, 9), "GPE": (8, 1, 2)}),
    ],
)  # fmt: skip
def test_weibo_has_the_published_mentions(weibo_data, task, expected):
    found = pd.DataFrame({split: mentions(weibo_data, task, split) for split in weibo_data.splits})
    assert {kind: tuple(row) for kind, row in found.iterrows()} == expected
    assert broken(weibo_data, task) == 0


def test_weibo_mentions_that_begin_with_i_are_mended(weibo_data, real_cache):
    raw = [p.read_text(encoding="utf-8") for p in fetch(*weibo.CARD.files.values())]
    written = [Counter(re.findall(r"\tB-\w+\.(NA|NO)M", text)) for text in raw]
    mended = [
        {"NA": sum(mentions(weibo_data, "named", split).values()) - found["NA"],
         "NO": sum(mentions(weibo_data, "nominal", split).values()) - found["NO"]}
        for split, found in zip(weibo_data.splits, written, strict=True)
    ]  # fmt: skip
    assert mended == [{"NA": 4, "NO": 6}, {"NA": 0, "NO": 0}, {"NA": 2, "NO": 2}]
    assert "14 mentions begin with I- (10 in training, 4 in test)" in weibo.CARD.problems[1]


def test_weibo_words_begin_and_end_as_written(weibo_data):
    cuts = {split: Counter() for split in weibo_data.splits}
    for split, counts in cuts.items():
        for tags in words(weibo_data, "words", split):
            counts.update(tags)
            assert re.fullmatch("(S|BM*E)+", "".join(tags))
    found = {split: counts["S"] + counts["B"] for split, counts in cuts.items()}
    assert found == {"train": 45_678, "valid": 9_026, "test": 9_131}
    assert weibo_data["train"].tokens[0][:4] == ("科", "技", "全", "方")
    assert words(weibo_data, "words", "train")[0][:9] == [*"BEBMEBEBE"]


def test_weibo_odd_characters_are_one_token_each(weibo_data):
    tokens = [token for part in weibo_data.splits.values() for row in part.tokens for token in row]
    assert Counter(token for token in tokens if len(token) > 1) == {"\ufffd\ufffd": 44}
    assert any(token.isdigit() for token in tokens)  # a digit, then its position


def test_weibo_second_message_is_read_rightly(weibo_data):
    assert "".join(weibo_data["train"].tokens[1]) == "对，输给一个女人，的成绩。失望"
    nominal = words(weibo_data, "nominal", "train")[1]
    assert [(i, tag) for i, tag in enumerate(nominal) if tag != "O"] == [(6, "B-PER"), (7, "I-PER")]
    assert set(words(weibo_data, "named", "train")[1]) == {"O"}
    assert words(weibo_data, "mentions_person", "train")[1] == "yes"


def test_weibo_card_is_right_about_leaks(weibo_data):
    leaked = {split: among_training(weibo_data, split) for split in ("valid", "test")}
    assert {split: which.sum() for split, which in leaked.items()} == {"valid": 42, "test": 40}
    at_training = [words(weibo_data, task, "train") for task in ("named", "nominal")]
    labels: dict = {}
    for tokens, *tags in zip(weibo_data["train"].tokens, *at_training, strict=True):
        labels.setdefault(tokens, []).append(tags)
    at_test = [words(weibo_data, task, "test") for task in ("named", "nominal")]
    other = sum(
        tags not in labels[tokens]
        for tokens, *tags in zip(weibo_data["test"].tokens, *at_test, strict=True)
        if tokens in labels
    )
    assert other == 11
    assert "42 validation and 40 test" in weibo.CARD.problems[0]
    assert "11 of these 40" in weibo.CARD.problems[0]


# -- PUD


@pytest.fixture(scope="module")
def pud_data(real_cache):
    """Chinese in all folds, English in two."""
    wanted = [("en", 0), ("en", 9), *(("zh", fold) for fold in range(pud.FOLDS))]
    return {key: pud.load(*key) for key in wanted}


def by_id(data: MultiTaskData, task: str) -> dict:
    """Sentence id → its labels in words, over all splits."""
    return {
        i: labels
        for split in data.splits
        for i, labels in zip(data[split].ids, words(data, task, split), strict=True)
    }


def test_pud_has_the_published_counts(pud_data):
    for language, tokens, parts_of_speech, relations in (("en", 21_180, 17, 35), ("zh", 21_415, 15, 32)):  # fmt: skip
        data = pud_data[language, 0]
        assert sum(len(row) for part in data.splits.values() for row in part.tokens) == tokens
        assert len({tag for row in by_id(data, "pos").values() for tag in row}) == parts_of_speech
        assert len({tag for row in by_id(data, "deprel").values() for tag in row}) == relations
        assert Counter(by_id(data, "genre").values()) == {"news": 500, "wiki": 500}
        assert broken(data, "ner") == 0


def test_pud_entities_are_those_of_universal_ner(pud_data):
    found = Counter()
    for split in ("train", "valid", "test"):
        found += mentions(pud_data["zh", 0], "ner", split)
    assert found == {"PER": 473, "LOC": 512, "ORG": 154}


def test_pud_labels_are_missing_where_the_two_english_files_differ(pud_data):
    ner = by_id(pud_data["en", 0], "ner")
    missing = {name for name, tags in ner.items() if set(tags) == {None}}
    assert len(missing) == 4
    persons = by_id(pud_data["en", 0], "mentions_person")
    assert {name for name, label in persons.items() if label is None} == missing
    assert all(None not in tags for name, tags in ner.items() if name not in missing)
    assert None not in by_id(pud_data["zh", 0], "mentions_person").values()
    assert "In English 4 sentences" in pud.CARD.problems[1]


def test_pud_is_parallel(pud_data):
    for fold in (0, 9):
        english, chinese = pud_data["en", fold], pud_data["zh", fold]
        assert all(english[split].ids == chinese[split].ids for split in english.splits)
    persons = [by_id(pud_data[language, 0], "mentions_person") for language in ("en", "zh")]
    both = [name for name, label in persons[0].items() if label is not None]
    assert 0.98 < np.mean([persons[0][name] == persons[1][name] for name in both]) < 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pud_the_laziest_answer_to_mentions_person_is_right_in_seven_cases_of_ten(
    language, real_cache
):
    """In the five folds of lesson 12, whose prose holds its models against it."""
    shares = []
    for fold in range(5):
        data = pud.load(language, fold)
        assert data.label_counts("mentions_person").idxmax() == "no"
        counts = data.label_counts("mentions_person", "test")
        shares.append(counts["no"] / counts.sum())
    assert 0.69 < np.mean(shares) < 0.71


def test_pud_folds_are_made_of_documents(pud_data):
    documents = [
        {split: {name[:-3] for name in pud_data["zh", fold][split].ids} for split in ("train", "valid", "test")}
        for fold in range(pud.FOLDS)
    ]  # fmt: skip
    for fold in documents:
        assert sum(map(len, fold.values())) == len(set().union(*fold.values())) == 397
    tested = [name for fold in range(pud.FOLDS) for name in pud_data["zh", fold]["test"].ids]
    assert len(tested) == len(set(tested)) == pud.CARD.counts["sentences"] == 1_000
    assert len(set().union(*(fold["test"] for fold in documents))) == pud.CARD.counts["documents"]
    assert all(documents[f]["valid"] == documents[(f + 1) % 10]["test"] for f in range(pud.FOLDS))
    sizes = [len(pud_data["zh", fold]["test"]) for fold in range(pud.FOLDS)]
    assert min(sizes) >= 85 and max(sizes) <= 120
    for fold in range(pud.FOLDS):
        genres = pud_data["zh", fold].label_counts("genre", "test")
        assert genres.min() / genres.sum() > 0.35


def test_pud_ranges_of_words_are_no_tokens_and_script_stays(pud_data):
    english, chinese = pud_data["en", 0], pud_data["zh", 0]
    first = {name: tokens for part in english.splits.values() for name, tokens in zip(part.ids, part.tokens, strict=True)}["n01001011"]  # fmt: skip
    assert first[:6] == ("“", "While", "much", "of", "the", "digital")
    assert by_id(english, "pos")["n01001011"][:3] == ["PUNCT", "SCONJ", "ADJ"]
    assert by_id(english, "deprel")["n01001011"][:4] == ["punct", "mark", "nsubj", "case"]
    assert any("雖然" in tokens for tokens in chinese["train"].tokens + chinese["test"].tokens)


# -- MASSIVE: no real file is at hand, so small ones in its format


def massive_line(i: int, partition: str, intent: str, annotated: str, locale: str) -> str:
    row = {
        "id": str(i), "locale": locale, "partition": partition,
        "scenario": intent.partition("_")[0], "intent": intent,
        "utt": re.sub(r"\[\S+? : (.*?)\]", r"\1", annotated), "annot_utt": annotated,
        "worker_id": "1",
    }  # fmt: skip
    if locale != "en-US":
        row["utt"] = row["utt"].replace(" ", "")
        row["slot_method"] = [{"slot": "time", "method": "translation"}]
        row["judgments"] = [{"worker_id": "22", "intent_score": 1, "grammar_score": 4}]
    return json.dumps(row, ensure_ascii=False)


MASSIVE_LINES = {
    "en-US": [
        (0, "test", "alarm_set", "wake me up at [time : five am] [date : this week]"),
        (1, "train", "audio_volume_mute", "quiet"),
        (2, "train", "email_query", "any mail from [person : olly]'s boss"),
        (3, "dev", "play_music", "play [song_name : be warned] by [artist_name : tech n9ne]"),
    ],
    "zh-CN": [
        (0, "test", "alarm_set", "[date : 这周] [time : 早上五点] 叫醒我"),
        (1, "train", "audio_volume_mute", "安静"),
        (2, "train", "email_query", "[person : olly] 的老板有邮件来吗"),
        (3, "dev", "play_music", "播放 [artist_name : tech n9ne] 的 [song_name : 警告]"),
    ],
}


@pytest.fixture
def small_massive(tmp_path, monkeypatch):
    """An archive with the real one's layout lies in the cache, and the card is pinned to it."""
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(tmp_path))

    def as_if(pin: Pin, content: bytes, **changes) -> Pin:
        sha256 = hashlib.sha256(content).hexdigest()
        return replace(pin, size=len(content), sha256=sha256, **changes)

    buffer, contents = io.BytesIO(), {}
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for locale, lines in MASSIVE_LINES.items():
            content = "\n".join(massive_line(*line, locale) for line in lines).encode() + b"\n"
            entry = tarfile.TarInfo(f"1.1/data/{locale}.jsonl")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
            contents[entry.name] = content
    archive = as_if(massive.CARD.files["en"].archive, buffer.getvalue())
    archive.place.parent.mkdir()
    archive.place.write_bytes(buffer.getvalue())
    files = {
        language: as_if(pin, contents[pin.address], archive=archive)
        for language, pin in massive.CARD.files.items()
    }
    monkeypatch.setattr(massive, "CARD", replace(massive.CARD, files=files))


def test_massive_slots_become_tags_of_tokens(small_massive):
    data = massive.load("en")
    assert data["test"].tokens == (("wake", "me", "up", "at", "five", "am", "this", "week"),)
    assert words(data, "slots", "test") == [
        ["O", "O", "O", "O", "B-time", "I-time", "B-date", "I-date"]
    ]
    assert data["train"].tokens[1] == ("any", "mail", "from", "olly", "'s", "boss")
    assert words(data, "slots", "train")[1] == ["O", "O", "O", "B-person", "O", "O"]
    assert words(data, "slots", "valid") == [
        ["O", "B-song_name", "I-song_name", "O", "B-artist_name", "I-artist_name"]
    ]


def test_massive_is_read_in_chinese_without_the_blanks_around_slots(small_massive):
    data = massive.load("zh")
    assert data["test"].tokens == (tuple("这周早上五点叫醒我"),)
    assert words(data, "slots", "test") == [
        ["B-date", "I-date", "B-time", "I-time", "I-time", "I-time", "O", "O", "O"]
    ]
    assert data["valid"].tokens == ((*"播放", "tech", "n9ne", *"的警告"),)


def test_massive_languages_share_ids_split_and_intents(small_massive):
    english, chinese = massive.load("en"), massive.load("zh")
    for split in ("train", "valid", "test"):
        assert english[split].ids == chinese[split].ids
        for task in ("scenario", "intent"):
            assert words(english, task, split) == words(chinese, task, split)
    assert english["test"].ids == ("0",)
    assert words(english, "scenario", "valid") == ["play"]
    assert list(english.splits) == ["train", "test", "valid"]


def test_massive_has_the_published_labels():
    sizes = {task.name: len(task.labels) for task in massive.tasks()}
    assert sizes == {"scenario": 18, "intent": 60, "slots": 2 * 55 + 1}
