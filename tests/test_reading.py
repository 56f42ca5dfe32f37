"""Files of learners: what they hold is read rightly, and what is wrong is named with its place."""

import bz2
import gzip
import itertools
import lzma
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import DataError, read_vectors
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import Vocabulary

BOM = b"\xef\xbb\xbf"
NER = Task("ner", "token", ("O", "B-PER", "I-PER"))
KINDS = {"mood": "sequence", "ner": "token", "lm": "lm"}


def from_jsonl(tasks=KINDS, **paths):
    return MultiTaskData.from_jsonl(paths, tasks)


def from_csv(tasks=KINDS, **paths):
    return MultiTaskData.from_csv(paths, tasks)


def from_conll(tasks=KINDS, **paths):
    return MultiTaskData.from_conll(paths, tasks, columns={"ner": 1})


READERS = {"jsonl": from_jsonl, "csv": from_csv, "conll": from_conll}
GOOD = {
    "jsonl": '{"id": "x", "text": "Ana 笑了", "mood": "good", "ner": ["B-PER", "O", "O"]}\n'
    '{"tokens": "so so", "mood": null, "ner": "O O"}\n',
    "csv": "id,tokens,mood,ner\nx,Ana 笑 了,good,B-PER O O\n,so so,,O O\n",
    "conll": "# sent_id = x\n# mood = good\nAna B-PER\n笑 O\n了 O\n\nso\tO\nso\tO\n",
}


def place(folder: Path, content: str | bytes, name: str = "train.txt") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def label(data: MultiTaskData, task: str) -> list:
    """The labels of the training part in words, None where missing."""
    names = [*data.tasks[task].labels, None]
    rows = data["train"].targets[task].tolist()
    return [[names[i] for i in row] if isinstance(row, list) else names[row] for row in rows]


# -- good files


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_the_three_formats_say_the_same(tmp_path, kind, mark, end):
    file = place(tmp_path, mark + GOOD[kind].encode().replace(b"\n", end))
    data = READERS[kind](train=file)
    assert data["train"].tokens == (("Ana", "笑", "了"), ("so", "so"))
    assert data["train"].ids[0] == "x"
    assert label(data, "mood") == ["good", None]
    assert label(data, "ner") == [["B-PER", "O", "O"], ["O", "O", None]]
    assert data["train"].targets["lm"].shape == (2, 3)


@pytest.mark.parametrize("kind", READERS)
def test_tasks_may_come_one_by_one(tmp_path, kind):
    tasks = (Task("mood", "sequence", ("good",)), NER)
    data = READERS[kind](iter(tasks), train=place(tmp_path, GOOD[kind]))
    assert tuple(data.tasks.values()) == tasks


@pytest.mark.parametrize("kind", READERS)
def test_the_last_line_needs_no_end(tmp_path, kind):
    data = READERS[kind](train=place(tmp_path, GOOD[kind].rstrip("\n")))
    assert len(data["train"]) == 2


def test_blank_lines_between_json_rows_do_not_count(tmp_path):
    file = place(tmp_path, "\n" + GOOD["jsonl"].replace("\n", "\n \n"))
    assert len(from_jsonl(train=file)["train"]) == 2


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        *itertools.product(READERS, ["\u2028", "\u2029", "\x85"]),
        *itertools.product(["csv", "conll"], ["\x0c", "\x1c"]),  # which JSON does not allow
    ],
)
def test_only_line_ends_end_a_line(tmp_path, kind, odd):
    content = GOOD[kind].replace("good", f"go{odd}od")
    data = READERS[kind](train=place(tmp_path, content))
    assert label(data, "mood") == [f"go{odd}od", None]


def test_blank_lines_and_cells_of_csv_do_not_count(tmp_path):
    content = "\n  \n text , mood ,ner\n\n a , good ,O\n,,\n \t\nb,, O \n"
    data = from_csv(train=place(tmp_path, content))
    assert data["train"].tokens == (("a",), ("b",))
    assert label(data, "mood") == ["good", None]
    assert label(data, "ner") == [["O"], ["O"]]


def test_columns_without_a_name_do_not_count(tmp_path):
    data = from_csv({"mood": "sequence"}, train=place(tmp_path, ",text,mood,\n0,a,x,\n1,b,y,\n"))
    assert label(data, "mood") == ["x", "y"]


def test_whole_numbers_of_csv_are_read_as_pandas_writes_them(tmp_path):
    frame = pd.DataFrame({"text": ["a", "b", "c", "d"], "stars": [1, None, 20, -3]})
    frame.to_csv(tmp_path / "train.csv", index=False)
    frame.dropna().astype({"stars": int}).to_csv(tmp_path / "test.csv", index=False)
    paths = {split: tmp_path / f"{split}.csv" for split in ("train", "test")}
    data = MultiTaskData.from_csv(paths, {"stars": "sequence"})
    assert label(data, "stars") == ["1", None, "20", "-3"]
    file = place(tmp_path, "text,version\na,1.0.0\nb,3.10\nc,v2.0\nd,1.05\n")
    assert label(from_csv({"version": "sequence"}, train=file), "version") == [
        *("1.0.0", "3.10", "v2.0", "1.05")
    ]


def test_json_nan_is_missing(tmp_path):
    file = place(tmp_path, '{"text": "a", "mood": NaN}\n{"text": "b", "mood": 1.0}\n')
    assert label(from_jsonl({"mood": "sequence"}, train=file), "mood") == [None, "1"]


def test_a_json_label_may_be_a_whole_number(tmp_path):
    file = place(tmp_path, '{"text": "a", "stars": 5}\n{"text": "b", "stars": "5"}\n')
    data = from_jsonl({"stars": "sequence"}, train=file)
    assert label(data, "stars") == ["5", "5"]


def test_csv_cells_may_be_quoted_and_hold_line_ends(tmp_path):
    file = place(tmp_path, 'stars,review\n5,"Good, ""very"" good.\nReally."\n1,bad\n')
    data = MultiTaskData.from_csv({"train": file}, {"stars": "sequence"}, text="review")
    assert data["train"].tokens[0] == (
        *("Good", ",", '"', "very", '"', "good", "."),
        *("Really", "."),
    )
    assert label(data, "stars") == ["5", "1"]


def test_csv_may_be_separated_by_tabs(tmp_path):
    file = place(tmp_path, "text\tmood\na, b\tgood\n")
    data = MultiTaskData.from_csv({"train": file}, {"mood": "sequence"}, delimiter="\t")
    assert data["train"].tokens == (("a", ",", "b"),)


def test_conll_may_have_several_tag_columns_counted_from_either_end(tmp_path):
    file = place(tmp_path, "1 Ana N x B-PER\n2 runs V y O\n\n1 So A z O\n")
    data = MultiTaskData.from_conll(
        {"train": file}, {"pos": "token", "ner": "token"}, {"pos": 2, "ner": -1}, token=1
    )
    assert data["train"].tokens == (("Ana", "runs"), ("So",))
    assert label(data, "pos") == [["N", "V"], ["A", None]]
    assert label(data, "ner") == [["B-PER", "O"], ["O", None]]


@pytest.mark.parametrize(
    ("columns", "missing", "unknown"),
    [
        ({"pos": 1, "nre": 2}, ["ner"], ["nre"]),
        ({"pos": 1}, ["ner"], []),
        ({"pos": 1, "ner": 2, "mood": 3}, [], ["mood"]),
    ],
)
def test_conll_columns_are_those_of_the_token_tasks(tmp_path, columns, missing, unknown):
    file = place(tmp_path, "# mood = good\nAna N B-PER x\n")
    says = re.escape(
        f"each token task, ['pos', 'ner'], and nothing else; missing: {missing}, unknown: {unknown}"
    )
    with pytest.raises(DataError, match=says):
        MultiTaskData.from_conll({"train": file}, {"pos": "token", **KINDS}, columns)


def test_a_conll_column_between_tabs_may_hold_blanks(tmp_path):
    file = place(tmp_path, "New York\tB-LOC\nis\tO\n")
    data = MultiTaskData.from_conll({"train": file}, {"ner": "token"}, {"ner": 1})
    assert data["train"].tokens == (("New York", "is"),)


def test_conll_comments_name_and_label_the_next_sentence_alone(tmp_path):
    file = place(
        tmp_path, "# mood = good\n# just words\na O\n\n# id = second\nb O\n\n# mood = bad\nc O\n"
    )
    data = from_conll(train=file)
    assert label(data, "mood") == ["good", None, "bad"]
    assert data["train"].ids == ("train-0", "second", "train-2")


@pytest.mark.parametrize("first", ["#", "#tag", "#1"])
def test_a_token_may_begin_with_a_number_sign(tmp_path, first):
    data = from_conll({"ner": "token"}, train=place(tmp_path, f"{first} B-PER\nb O\n\n"))
    assert data["train"].tokens == ((first, "b"),)


def test_a_conll_comment_called_tokens_is_no_sentence(tmp_path):
    data = from_conll({"ner": "token"}, train=place(tmp_path, "# tokens = 2\na O\nb O\n"))
    assert data["train"].tokens == (("a", "b"),)


# -- bad files: kind, content, line, what the message must say

BAD = [
    # no row at all, or no such row
    ("jsonl", '{"text": "a"}\n{"text": "b"\n', 2, "not JSON"),
    ("jsonl", '{"text": "a"}\n\n["b"]\n', 3, "must be a JSON object {...}"),
    ("jsonl", '{\n "text": "a"\n}\n', 1, "write one object a line, each whole"),
    ("jsonl", '[\n{"text": "a"}\n]\n', 1, "write one object a line, each whole, without a list"),
    ("jsonl", '"just text"\n', 1, "must be a JSON object {...}"),
    ("jsonl", '{"text": "a\x00b", "mood": "x"}\n', 1, "zero bytes"),
    ("jsonl", "[" * 100_000, 1, "not JSON"),
    ("csv", 'text,mood,ner\na,x,O\n"b,x,O\nc,x,O\n', 3, "not CSV"),
    ("csv", 'text,mood,ner\na,"x"y,O\n', 2, "not CSV"),
    ("csv", "text,mood,ner\na,x,O\nb,x\n", 3, "2 cells, but the header has 3 columns"),
    ("csv", 'text,mood,ner\n"a\n",x,O\nb,x,O,O\n', 4, "4 cells, but the header has 3 columns"),
    ("conll", "a O\nb O\n\nc O\nd\n", 5, "1 column, but the lines of this file have 2 columns"),
    ("conll", "a O\nb O x\nc O\n", 2, "3 columns, but the lines of this file have 2 columns"),
    (
        "conll",
        "a\nb\n",
        1,
        "1 column, separated by tabs or blanks and counted from 0, but column 1",
    ),
    # columns and sentences
    ("csv", "mood,ner\nx,O\n", 1, "no column 'text'; the header has ['mood', 'ner']"),
    ("csv", "text,ner\na,O\n", 1, "no column 'mood'"),
    ("csv", "\n \nmood,ner\nx,O\n", 3, "no column 'text'"),
    ("csv", "text,mood,ner,mood\na,x,O,y\n", 1, "column 'mood' stands twice"),
    ("csv", "text,mood, mood ,ner\na,x,y,O\n", 1, "column 'mood' stands twice"),
    ("csv", "text;mood;ner\na;x;O\n", 1, "give delimiter=';'"),
    ("jsonl", '{"text": "a", "mood": "x", "mood": "y"}\n', 1, "not JSON: 'mood' stands twice"),
    ("jsonl", '{"mood": "x", "ner": "O"}\n', 1, "no sentence; give 'text'"),
    ("jsonl", '{"text": 5, "mood": "x", "ner": "O"}\n', 1, "no sentence; give 'text'"),
    ("jsonl", '{"text": " ", "mood": "x", "ner": "O"}\n', 1, "the sentence is empty"),
    ("jsonl", '{"tokens": [], "mood": "x", "ner": []}\n', 1, "the sentence is empty"),
    (
        "jsonl",
        '{"tokens": ["a", 1], "mood": "x", "ner": "O O"}\n',
        1,
        "a token must be a piece of text, not 1 ",
    ),
    (
        "jsonl",
        '{"tokens": ["a", ""], "mood": "x", "ner": "O O"}\n',
        1,
        "a token must be a piece of text, not '' ",
    ),
    (
        "jsonl",
        '{"tokens": ["\\ud800"], "mood": "x", "ner": "O"}\n',
        1,
        "a token must be a piece of text",
    ),
    (
        "jsonl",
        '{"tokens": ["\\ud800😀"], "mood": "x", "ner": "O"}\n',
        1,
        "a token must be a piece of text",
    ),
    ("csv", "text,mood,ner\na,x,O\n,x,O\n", 3, "no sentence"),
    ("csv", "tokens,mood,ner\n ,x,O\n", 2, "the sentence is empty"),
    ("conll", "\n\ta\tO\n", 2, "a token must be a piece of text"),
    # labels
    ("jsonl", '{"text": "a b", "mood": "x", "ner": ["O"]}\n', 1, "2 tokens but 1 labels"),
    ("csv", "text,mood,ner\na b,x,O O O\n", 2, "2 tokens but 3 labels of task 'ner'"),
    ("jsonl", '{"text": "a", "mood": "x", "ner": "O O"}\n', 1, "2 labels"),
    (
        "jsonl",
        '{"text": "a", "mood": 1.5, "ner": "O"}\n',
        1,
        "task 'mood': a label must be a string",
    ),
    ("jsonl", '{"text": "a", "mood": ["x"], "ner": "O"}\n', 1, "not ['x'] (a list)"),
    ("jsonl", '{"text": "a b", "mood": "x", "ner": ["O", ["B"]]}\n', 1, "not ['B'] (a list)"),
    ("jsonl", '{"text": "a", "mood": "x", "ner": {"a": 1}}\n', 1, "not {'a': 1} (a dict)"),
    (
        "jsonl",
        '{"text": "a", "mood": "x", "ner": 1}\n',
        1,
        "token task 'ner' wants a list of labels",
    ),
    ("conll", "# mood = x\na O\n\nb X-PER\nc O\n", 4, "tag 'X-PER' of task 'ner'"),
    (
        "csv",
        "text,mood,ner\na b c,x,O B-A I-A\nb,x,o\n",
        3,
        "tag 'o' of task 'ner' is no tag of BIO",
    ),
    ("csv", "text,mood,ner\na,,O\n", 2, "no label of task 'mood'"),
    # ids
    ("jsonl", GOOD["jsonl"] + '{"id": "x", "text": "a"}\n', 3, "id 'x' occurs before"),
    ("conll", "# id = x\n# mood = x\na O\n\n# sent_id = x\nb O\n", 6, "ids must differ"),
    ("csv", "id,text,mood,ner\nx,a,x,O\ny,b,x,O\nx,c,x,O\n", 4, "occurs before"),
]


@pytest.mark.parametrize(("kind", "content", "line", "says"), BAD)
def test_a_bad_file_is_named_with_its_line_and_cause(tmp_path, kind, content, line, says):
    file = place(tmp_path, content)
    with pytest.raises(DataError) as caught:
        READERS[kind](train=file)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("content", ["", "\n\n", " "], ids=["nothing", "line ends", "a blank"])
def test_an_empty_file_is_named(tmp_path, kind, content):
    file = place(tmp_path, content)
    with pytest.raises(DataError) as caught:
        READERS[kind](train=file)
    assert str(file) in str(caught.value)


def test_a_csv_header_alone_is_an_empty_file(tmp_path):
    good, file = place(tmp_path, GOOD["csv"], "a.csv"), place(tmp_path, "text,mood,ner\n", "b.csv")
    with pytest.raises(DataError, match="empty") as caught:
        from_csv(train=good, test=file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
@pytest.mark.parametrize("bad", ["好".encode("gb18030"), "é".encode("latin-1"), b"\xff\xfe"])
def test_another_encoding_is_named_with_its_line(tmp_path, kind, mark, bad):
    good = GOOD[kind].encode()
    file = place(tmp_path, mark + good + bad + b" O\n")
    with pytest.raises(DataError) as caught:
        READERS[kind](train=file)
    line = good.count(b"\n") + 1
    assert str(caught.value).startswith(f"{file}:{line}: not UTF-8")
    assert "save the file as UTF-8" in str(caught.value)


CHINESE = "text,mood\n我今天很高兴，去了很远的地方,good\n他不好,bad\n"
TRADITIONAL = "text,mood\n我覺得這個很好,good\n他們說不是,bad\n"
FRENCH = "text,mood\nle café est ouvert,good\nun être naïf,bad\n"


@pytest.mark.parametrize(
    ("text", "encoding", "line"),
    [
        (CHINESE, "gb18030", 2),
        (CHINESE, "gbk", 2),
        ("text,mood\n好,good\n", "gb18030", 2),
        ("text,mood\n我很好,good\n", "gbk", 2),
        ("text,mood\n是我們,good\n", "big5", 2),
        (TRADITIONAL, "big5", 2),
        (CHINESE, "utf-16", 1),
        (FRENCH, "utf-16", 1),
        (FRENCH, "utf-16-le", 2),
        (FRENCH, "utf-16-be", 2),
        ("text,mood\nplain,good\n", "utf-16-le", 1),
        (FRENCH, "cp1252", 2),
        (FRENCH, "latin-1", 2),
    ],
)
def test_an_encoding_is_named_with_a_remedy_that_works(tmp_path, text, encoding, line):
    file = place(tmp_path, text.encode(encoding))
    with pytest.raises(DataError) as caught:
        from_csv({"mood": "sequence"}, train=file)
    message = str(caught.value)
    assert message.startswith(f"{file}:{line}: not UTF-8")
    assert "save the file as UTF-8" in message
    (named,) = re.findall("give encoding='(.*?)'", message)
    read = MultiTaskData.from_csv({"train": file}, {"mood": "sequence"}, encoding=named)
    expected = from_csv({"mood": "sequence"}, train=place(tmp_path, text, "utf-8"))
    assert read["train"].tokens == expected["train"].tokens


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(GOOD["csv"].encode()), "compressed by gzip; unpack it"),
        (bz2.compress(GOOD["csv"].encode()), "compressed by bzip2"),
        (lzma.compress(GOOD["csv"].encode()), "compressed by xz"),
        (b"PK\x03\x04\x14\0\x06\0xl/workbook.xml", "Excel workbook; .* save it as 'CSV UTF-8'"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "old Excel workbook"),
        (b"PAR1\x15\x04", "give the frame to from_rows"),
        (b"%PDF-1.7\n", "a PDF"),
    ],
    ids=["gzip", "bzip2", "xz", "xlsx", "xls", "parquet", "pdf"],  # a gzip has the time inside
)
def test_a_file_that_is_no_text_is_called_what_it_is(tmp_path, kind, content, says):
    file = place(tmp_path, content)
    with pytest.raises(DataError, match=says) as caught:
        READERS[kind](train=file)
    assert str(caught.value).startswith(f"{file}:1: no text but")
    with pytest.raises(DataError, match=says):
        read_vectors(file, Vocabulary(["tea"]))


@pytest.mark.parametrize("kind", READERS)
def test_a_zero_byte_is_no_text(tmp_path, kind):
    good = GOOD[kind]
    file = place(tmp_path, f"{good}{good[: len(good) // 2]}\0{good[len(good) // 2 :]}")
    with pytest.raises(DataError, match=r"not UTF-8 \(it has zero bytes\)") as caught:
        READERS[kind](train=file)
    line = good.count("\n") + good[: len(good) // 2].count("\n") + 1
    assert str(caught.value).startswith(f"{file}:{line}:")


@pytest.mark.parametrize("encoding", ["utf-99", "base64", "undefined"])
def test_what_is_no_encoding_is_refused_by_name(tmp_path, encoding):
    file = place(tmp_path, "text,mood\ntea,good\n")
    with pytest.raises(ValueError, match=f"unknown encoding '{encoding}'"):
        MultiTaskData.from_csv({"train": file}, {"mood": "sequence"}, encoding=encoding)


def test_of_a_file_in_utf_8_with_a_broken_byte_no_other_encoding_is_named(tmp_path):
    file = place(tmp_path, CHINESE.encode() + b"\xff,bad\n")
    with pytest.raises(DataError, match=r":4: not UTF-8 \(invalid start byte\); save") as caught:
        from_csv({"mood": "sequence"}, train=file)
    assert "seems" not in str(caught.value)


@pytest.mark.parametrize("kind", READERS)
def test_a_wrong_encoding_that_was_given_is_named(tmp_path, kind):
    options = {"columns": {"ner": 1}} if kind == "conll" else {}
    read = getattr(MultiTaskData, f"from_{kind}")
    file = place(tmp_path, GOOD[kind].encode())
    with pytest.raises(DataError, match="not ASCII"):
        read({"train": file}, KINDS, encoding="ascii", **options)
    file = place(tmp_path, GOOD[kind].encode("utf-16"))
    assert len(read({"train": file}, KINDS, encoding="utf-16", **options)["train"]) == 2


@pytest.mark.parametrize("kind", READERS)
def test_a_label_that_was_not_declared_is_named_beside_those_that_were(tmp_path, kind):
    mood = Task("mood", "sequence", ("bad",))
    file = place(tmp_path, GOOD[kind])
    with pytest.raises(DataError) as caught:
        READERS[kind]([mood, NER], train=file)
    line = {"jsonl": 1, "csv": 2, "conll": 3}[kind]
    assert str(caught.value).startswith(f"{file}:{line}: label 'good'")
    assert "['bad']" in str(caught.value)


def test_a_type_that_was_not_declared_is_refused_at_its_line(tmp_path):
    file = place(tmp_path, "a O\n\nb O\nc E-LOC\n")
    with pytest.raises(DataError, match=r":4: label 'B-LOC'.*B- begins a span"):
        from_conll([NER], train=file)


@pytest.mark.parametrize("kind", READERS)
def test_a_label_that_only_the_test_part_has_is_refused(tmp_path, kind):
    train = place(tmp_path, GOOD[kind], "train")
    test = place(tmp_path, re.sub(r"\bx\b", "y", GOOD[kind]).replace("good", "grim"), "test")
    with pytest.raises(DataError, match=r"label 'grim' .*\['good'\]") as caught:
        READERS[kind](train=train, test=test)
    assert str(test) in str(caught.value)


@pytest.mark.parametrize("kind", READERS)
def test_an_id_in_two_splits_is_named_with_both_places(tmp_path, kind):
    train, test = place(tmp_path, GOOD[kind], "train"), place(tmp_path, GOOD[kind], "test")
    with pytest.raises(DataError, match="id 'x' occurs before") as caught:
        READERS[kind](train=train, test=test)
    line = {"jsonl": 1, "csv": 2, "conll": 3}[kind]
    assert str(caught.value).startswith(f"{test}:{line}: ")
    assert f"{train}:{line}" in str(caught.value)


@pytest.mark.parametrize("kind", READERS)
def test_without_a_training_part_there_are_no_data(tmp_path, kind):
    with pytest.raises(DataError, match=r"must be named 'train'; got \['test'\]"):
        READERS[kind](test=place(tmp_path, GOOD[kind]))


# -- any file at all

NASTY = st.sampled_from([
    BOM, b'"', b'""', b",", b"\n", b"\n\n", b"\r", b"\r\n", b"\t", b"\x00", b"\xff", b"#", b"# ",
    b"\n# tokens = a\n", b"\n# ner = a\n", b"# text = a\n", b"=", b"{", b"}", b"[", b"]", b"null",
    b"1", b"-1e999", b"NaN", b":", b"\\ud800", b"\\u0000", "，".encode(), "\u2028".encode(),
    b"B-", b"I-PER", b"tokens", b"text", b"mood", b"id", b" ", b"",
])  # fmt: skip


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("any") / "file"


def assert_data_or_data_error(read, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    try:
        data = read(train=file)
    except DataError as error:
        assert str(error).startswith(f"{file}:")
    else:
        assert isinstance(data, MultiTaskData)
        assert data["train"].inputs.shape == data["train"].targets["ner"].shape
        data.describe()


@pytest.mark.parametrize("kind", READERS)
@given(content=st.binary(max_size=60))
def test_any_bytes_give_data_or_a_data_error(scratch, kind, content):
    assert_data_or_data_error(READERS[kind], scratch, content)


@pytest.mark.parametrize("kind", READERS)
@given(edits=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 8), NASTY), max_size=4))
def test_a_spoiled_file_gives_data_or_a_data_error(scratch, kind, edits):
    content = GOOD[kind].encode()
    for start, length, new in edits:
        place = start % (len(content) + 1)
        content = content[:place] + new + content[place + length :]
    assert_data_or_data_error(READERS[kind], scratch, content)


# -- word vectors

WORDS = Vocabulary(["tea", "茶", "aunt"])
GLOVE = "the 0.5 -1\ntea 2 0.25\n茶 -3e-1 4\n. . . 1 2\n"


@pytest.mark.parametrize(
    "content",
    [
        GLOVE,
        "4 2\n" + GLOVE,
        GLOVE.replace("\n", " \n"),
        GLOVE.replace("\n", "\r\n"),
        GLOVE + "tea 9 9\n\n",
        GLOVE.replace(" ", "\t"),
        "4\t2\n" + GLOVE.replace("tea ", "tea\t").replace("\n", "\t\n"),
        "\ufeff" + GLOVE,
    ],
    ids=[
        *("GloVe", "word2vec and fastText", "blanks at the end", "Windows", "a token twice"),
        *("tabs", "tabs and blanks", "byte order mark"),
    ],
)
def test_vectors_stand_at_the_ids_of_their_tokens(tmp_path, content):
    vectors, found = read_vectors(place(tmp_path, content), WORDS)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors[2:4], np.float32([[2, 0.25], [-0.3, 4]]))
    assert found.tolist() == [False, False, True, True, False]
    others = vectors[~found]
    assert np.abs(others).max() <= 0.05
    assert len(np.unique(others)) == others.size


def test_tokens_without_a_vector_depend_on_the_seed_alone(tmp_path):
    file = place(tmp_path, GLOVE)
    first, again, other = (read_vectors(file, WORDS, seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first[4] != other[4]).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("tea 1 2\n茶 1\n", ":2: 1 numbers after '茶', not 2"),
        ("tea 1 2\n茶 1 2 3\n", ":2: 3 numbers after '茶', not 2"),
        ("1 3\ntea 1 2\n", ":2: 2 numbers after 'tea', not 3"),
        ("tea\n", ":1: 0 numbers after 'tea', not some"),
        ("the 1 2\ntea 1 x\n", ":2: could not convert string to float: 'x'"),
        ("tea 1 nan\n", ":1: the numbers of 'tea' must be finite"),
        (b"the 1 2\ntea\xff 1 2\n", ":2: not UTF-8"),
        ("9 2\n" + GLOVE, ":1: promises 9 vectors, but 4 follow"),
        ("the 1 2\n", ": none of the 3 tokens of the vocabulary"),
        ("", ": none of the 3 tokens"),
    ],
)
def test_what_is_wrong_with_vectors_is_named_with_its_place(tmp_path, content, message):
    file = place(tmp_path, content)
    with pytest.raises(DataError, match=re.escape(f"{file}{message}")):
        read_vectors(file, WORDS)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((None, WORDS), "path must be a path"),
        (("a.txt", None), "vocabulary must be a Vocabulary"),
        (("a.txt", ["tea"]), "vocabulary must be a Vocabulary"),
        (("a.txt", WORDS, "0"), "seed must be a whole number"),
    ],
)
def test_what_is_no_path_vocabulary_or_seed_is_refused(tmp_path, monkeypatch, arguments, says):
    place(tmp_path, GLOVE, "a.txt")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TypeError, match=says):
        read_vectors(*arguments)


@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(0, 8),
            st.sampled_from([b" ", b"\n", b"\t", b"\xff", b"3 2\n", b"inf", b"1e9", b"tea", b"-"]),
        ),
        max_size=4,
    )
)
def test_a_spoiled_file_gives_vectors_or_a_data_error(scratch, edits):
    content = GLOVE.encode()
    for start, length, new in edits:
        content = content[:start] + new + content[start + length :]
    scratch.write_bytes(content)
    try:
        vectors, found = read_vectors(scratch, WORDS)
    except DataError as error:
        assert str(scratch) in str(error)
    else:
        assert found.any()
        assert vectors.shape[0] == found.size == len(WORDS)
        assert np.isfinite(vectors).all()
