"""Tag schemes: what is a span in each, which one it is, and what is none."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval import scheme as seqeval
from seqeval.metrics import f1_score

from mtl_tutorial.schemes import TagError, malformed, recognize, scheme_of, spans, to_bio
from mtl_tutorial.scoring import entity_f1

SCHEMES = {
    "BIO": "BI", "IOB1": "BI", "IOE2": "IE", "IOE1": "IE",
    "BIOES": "BIES", "BMES": "BMES", "BILOU": "BILU", "BMEWO": "BMEW",
}  # fmt: skip
REFERENCE = {
    "BIO": seqeval.IOB2, "IOB1": seqeval.IOB1, "IOE2": seqeval.IOE2, "IOE1": seqeval.IOE1,
    "BIOES": seqeval.IOBES, "BILOU": seqeval.BILOU,
}  # fmt: skip
TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-PER.NAM", "I-PER.NAM")


def written(length: int, marked: list[tuple[int, int, str]], scheme: str) -> list[str]:
    """The tags of a scheme for some spans, by the scheme's definition."""
    tags = ["O"] * length
    for start, end, kind in marked:
        neighbors = [s for s in marked if s[2] == kind and (s[1] == start or s[0] == end)]
        follows = any(s[1] == start for s in neighbors)
        followed = any(s[0] == end for s in neighbors)
        inner = {"BMES": "M", "BMEWO": "M"}.get(scheme, "I")
        letters = [inner] * (end - start)
        if scheme == "BIO" or (scheme == "IOB1" and follows):
            letters[0] = "B"
        elif scheme == "IOE2" or (scheme == "IOE1" and followed):
            letters[-1] = "E"
        elif scheme not in ("IOB1", "IOE1"):
            letters[0], letters[-1] = "B", "L" if scheme == "BILOU" else "E"
            if end - start == 1:
                letters = [{"BILOU": "U", "BMEWO": "W"}.get(scheme, "S")]
        tags[start:end] = [f"{letter}-{kind}" if kind else letter for letter in letters]
    return tags


@st.composite
def marked(draw, kinds=("A", "B-c", "人")):
    """A length and spans in it, in order and apart."""
    length = draw(st.integers(1, 12))
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2)) | {0, length})
    chosen = [draw(st.sampled_from([None, *kinds])) for _ in cuts[1:]]
    pairs = zip(pairwise(cuts), chosen, strict=True)
    return length, [(start, end, kind) for (start, end), kind in pairs if kind is not None]


# -- spans


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([], []),
        (["O", "O"], []),
        (["B-PER", "I-PER"], [(0, 2, "PER")]),
        (["B-PER", "B-PER"], [(0, 1, "PER"), (1, 2, "PER")]),
        (["O", "I-PER", "I-PER", "O"], []),
        (["B-PER", "I-LOC"], [(0, 1, "PER")]),
        (["B-PER", "I-LOC", "I-PER"], [(0, 1, "PER")]),
        (["B-a-b", "I-a-b", "O", "B-a"], [(0, 2, "a-b"), (3, 4, "a")]),
        (["B", "I", "O", "B"], [(0, 2, ""), (3, 4, "")]),
    ],
)
def test_spans_by_hand(tags, found):
    assert spans(tags) == found


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_what_a_scheme_writes_it_reads(scheme, data):
    length, true = data.draw(st.one_of(marked(), marked(("",))))
    tags = written(length, true, scheme)
    assert spans(tags, scheme) == true
    assert to_bio(tags) == written(length, true, "BIO")
    assert malformed(tags, scheme) == 0


@given(st.lists(st.sampled_from(TAGS), max_size=12))
def test_strict_spans_are_in_order_apart_of_one_type_and_among_the_lenient(tags):
    strict, lenient = spans(tags), spans(to_bio(tags))
    inside = [i for start, end, _ in lenient for i in range(start, end)]
    assert inside == [i for i, tag in enumerate(tags) if tag != "O"]
    assert all({tag[2:] for tag in tags[start:end]} == {kind} for start, end, kind in lenient)
    assert set(strict) == {span for span in lenient if tags[span[0]].startswith("B")}
    assert len(lenient) - len(strict) == malformed(tags, "BIO")


HOLES = {  # pairs of tags that seqeval's own tables forget
    "IOB1": lambda a, b: a[0] == b[0] == "B" and a != b,  # that a B- ends a B- of another type
    "IOE1": lambda a, b: b[0] == "E" and a[1:] != b[1:],  # that an E- may stand alone
}


def random_tags(scheme: str, length: int, rng: random.Random) -> list[str]:
    """Any tags of the scheme, allowed or not."""
    every = ["O", *(f"{letter}-{kind}" for letter in SCHEMES[scheme] for kind in ("A", "B"))]
    forgotten = HOLES.get(scheme, lambda a, b: False)
    while True:
        tags = rng.choices(every, k=length)
        if not any(forgotten(a, b) for a, b in pairwise(["O", *tags])):
            return tags


@pytest.mark.parametrize("scheme", REFERENCE)
def test_entity_f1_is_seqevals_in_strict_mode_on_ten_thousand_random_pairs(scheme):
    rng = random.Random(scheme)
    for _ in range(500):
        lengths = [rng.randint(1, 8) for _ in range(20)]
        labels, answers = ([random_tags(scheme, n, rng) for n in lengths] for _ in "12")
        answers[:10] = labels[:10]
        expected = f1_score(
            labels, answers, mode="strict", scheme=REFERENCE[scheme], zero_division=0
        )
        assert entity_f1(labels, answers, scheme) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("scheme", ["BIO", "IOE2", "BIOES", "BILOU"])
def test_entity_f1_recognizes_the_scheme(scheme):
    gold = [written(6, [(0, 1, "A"), (2, 5, "B")], scheme)]
    tags = [written(6, [(0, 1, "A"), (2, 4, "B")], scheme)]
    assert entity_f1(gold, tags) == 0.5
    assert entity_f1(gold, gold) == 1


@pytest.mark.parametrize("tags", [["B", "I", "O"], ["B-A", "I-A"], ["B", "M", "E", "S"]])
def test_equal_tags_have_an_f1_of_1(tags):
    assert entity_f1([tags], [tags]) == 1


def test_tags_that_mark_no_spans_have_no_f1():
    with pytest.raises(ValueError, match=r"no entities: \['NOUN'\]"):
        entity_f1([["NOUN"]], [["VERB"]])
    with pytest.raises(ValueError, match="tag 'o' is no tag of BIO"):
        entity_f1([["B-A", "I-A", "O"]], [["B-A", "I-A", "o"]])


def test_unknown_schemes_and_foreign_tags_are_refused():
    with pytest.raises(ValueError, match="unknown tag scheme 'IOB'"):
        spans(["O"], "IOB")
    for tags, scheme in [(["S-A"], "BIO"), (["B_A"], "BIO"), (["M-A"], "BIOES"), (["x"], "BIO")]:
        with pytest.raises(ValueError, match=f"tag '{tags[0]}' is none of {scheme}"):
            spans(tags, scheme)


# -- recognizing


@pytest.mark.parametrize(
    ("sentences", "scheme"),
    [
        (["I-PER O I-PER"], "IOB1"),
        (["I-PER I-PER B-PER O", "O I-LOC"], "IOB1"),
        (["B-PER I-PER O", "B-LOC O I-LOC"], "BIO"),
        (["B-PER O"], "BIO"),
        (["O O"], "BIO"),
        (["I-PER E-PER O E-LOC"], "IOE2"),
        (["I-PER I-PER O E-LOC I-LOC", "I-A O"], "IOE1"),
        (["B-PER E-PER O S-LOC", "B-A I-A E-A"], "BIOES"),
        (["O S-PER"], "BIOES"),
        (["B-PER M-PER E-PER O S-LOC"], "BMES"),
        (["B-PER M-PER E-PER O W-LOC"], "BMEWO"),
        (["B-PER I-PER L-PER O U-LOC"], "BILOU"),
        (["B I O B"], "BIO"),
        (["I I O I"], "IOB1"),
        (["B M E S B E"], "BMES"),
        (["B I I B"], "BIO"),
        (["B-人 I-人 O"], "BIO"),
        (["NOUN VERB O"], None),
        (["O Bold Italic"], None),
        (["A-plus B-minus B-plus"], None),
        (["E-mail Phone O"], None),
        (["B S B"], None),
        (["m_sg f_pl m_pl"], None),
        (["a b c d i o v"], None),
        ([], None),
    ],
)
def test_a_scheme_is_recognized(sentences, scheme):
    assert recognize([sentence.split() for sentence in sentences]) == scheme


def test_missing_tags_do_not_count():
    assert recognize([["B-PER", None, "O"], [None]]) == "BIO"
    assert recognize([[None, "NOUN"]]) is None
    assert to_bio(["I-A", None, "I-A"]) == ["B-A", None, "B-A"]


@pytest.mark.parametrize(
    ("labels", "tag", "says"),
    [
        ("O B-PER I-PER Orecurring_x", "Orecurring_x", "no tag of BIO, though most are"),
        ("B-PER I-PER o", "o", "no tag of BIO"),
        ("B-PER 0", "0", "no tag of BIO"),
        ("O B-PER I-PER B-LOC B", "B", "no tag of BIO"),
        ("O B-PER I-PER o 0 Ox B I", "o", "no tag of BIO"),
        ("O B-PER I-PER B-", "B-", "no tag of BIO"),
        ("O B-PER I-PER b-PER", "b-PER", "no tag of BIO"),
        ("B-PER I-PER", None, "none is 'O'"),
        ("B-NN E-NN S-VV", None, "none is 'O'"),
        ("O B I o", "o", "no tag of BIO"),
        ("O B-A I-A L-A E-A", "L-A", "no tag of BIOES"),
        ("O X-PER Y-PER", "X-PER", "tag of no scheme"),
        ("b-per i-per o", "b-per", "write it as 'B-per'"),
        ("O B_PER I_PER", "B_PER", "write it as 'B-PER'"),
        ("O PER-B PER-I", "PER-B", "write it as 'B-PER'"),
        ("b i o", "b", "write it as 'B'"),
        ("O BPER IPER", "BPER", "write it as 'B-PER'"),
        ("O BPer IPer BLoc", "BPer", "write it as 'B-Per'"),
        ("O B–PER I–PER", "B–PER", "write it as 'B-PER'"),
        ("O Ｂ－PER Ｉ－PER", "Ｂ－PER", "write it as 'B-PER'"),
        ("O B- I-", "B-", "write it as 'B'"),
    ],
)
def test_tags_that_are_almost_a_scheme_are_refused(labels, tag, says):
    with pytest.raises(TagError, match=says) as caught:
        scheme_of(labels.split())
    assert caught.value.tag == tag


@pytest.mark.parametrize("bad", ["E-PER", "S-PER", "L-PER", "M-PER", "U-LOC", "E-LOC"])
def test_one_tag_of_another_scheme_does_not_make_it_that_scheme(bad):
    for scheme, prefixes in SCHEMES.items():
        if bad[0] not in prefixes:
            spans = [(0, 1, "PER"), (1, 3, "PER"), (4, 7, "LOC")]
            with pytest.raises(TagError) as caught:
                recognize([written(7, spans, scheme)] * 5 + [["O", bad, "O"]])
            assert caught.value.tag == bad


def test_most_tags_decide_whether_the_others_are_strays():
    assert recognize([["B-A", "O", "B-A", "x", "y", "z"]]) is None
    with pytest.raises(TagError, match="though most are, such as 'B-A'"):
        recognize([["B-A", "O", "B-A", "B-A", "x", "y", "z"]])
    assert recognize([["b_x", "i_x", "noun", "verb", "adj"]]) is None
    with pytest.raises(TagError, match="write it as 'B-x'"):
        recognize([["b_x", "i_x", "noun", "verb"]])


def test_a_few_broken_spans_make_no_other_scheme():
    bioes = written(6, [(0, 1, "A"), (2, 5, "B")], "BIOES")
    assert recognize([bioes] * 5 + [["B-A", "O"], ["I-A", "E-A"]]) == "BIOES"


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data(), bad=st.sampled_from(["o", "0", "Ox_y", "B_PER", "b-PER", "Q-LOC", "OO"]))
def test_one_corrupt_tag_is_never_taken_for_a_label(scheme, data, bad):
    sentences = [written(3, [(0, 2, "PER")], scheme)]
    sentences += [written(*data.draw(marked(("PER", "LOC"))), scheme) for _ in range(5)]
    assert recognize(sentences) in SCHEMES
    with pytest.raises(TagError) as caught:
        recognize([*sentences, ["O", bad]])
    assert caught.value.tag == bad
