"""CoNLL files: columns, comments, what separates sentences, and the line of what is wrong."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.conll import conll_rows
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import DataError


def rows(folder: Path, content: str, columns=None, **options) -> list[dict]:
    file = folder / "a.conll"
    file.write_bytes(content.encode())
    return [row for _, row in conll_rows(file, columns or {"ner": 1}, **options)]


def tokens(folder: Path, content: str, **options) -> list[list[str]]:
    return [row["tokens"] for row in rows(folder, content, **options)]


# -- what separates


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
@pytest.mark.parametrize("blank", ["", " ", "\t", " \t ", "\u3000", "\u00a0"])
def test_a_line_of_white_space_ends_a_sentence(tmp_path, end, blank):
    content = end.join(["a O", "b O", blank, blank, "c O", ""])
    assert tokens(tmp_path, content) == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    "odd", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85", "\u00a0", "\u3000"]
)
def test_only_blanks_and_tabs_split_columns_and_only_line_ends_split_lines(tmp_path, odd):
    assert tokens(tmp_path, f"a{odd}b O\nc O\n") == [[f"a{odd}b", "c"]]
    assert tokens(tmp_path, f"a{odd}b\tO\nc\tO\n") == [[f"a{odd}b", "c"]]


def test_several_blanks_are_one_and_those_at_the_ends_none(tmp_path):
    assert rows(tmp_path, "  a   O  \nb \t O\n") == [{"tokens": ["a", "b"], "ner": ["O", "O"]}]


def test_files_joined_with_their_byte_order_marks_are_read(tmp_path):
    assert tokens(tmp_path, "\ufeffa O\n\n\ufeffb O\n") == [["a"], ["b"]]


@pytest.mark.parametrize(
    "start",
    [
        "-DOCSTART- -X- -X- O\n\n",
        "-DOCSTART- -X- -X- O\n",
        "-DOCSTART-\tO\n\n",
        "-DOCSTART- (7) O\n\n",
    ],
)
def test_the_start_of_a_document_is_no_sentence(tmp_path, start):
    content = f"{start}a N x O\n\n{start}b N x B-PER\n"
    found = rows(tmp_path, content, {"ner": 3})
    assert [row["tokens"] for row in found] == [["a"], ["b"]]
    assert found[1]["ner"] == ["B-PER"]


# -- comments and tokens that begin with a number sign


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("#a=b B-TAG\nc O\n", [["#a=b", "c"]]),
        ("#a:b B-TAG\nc O\n", [["#a:b", "c"]]),
        ("# a remark of ours\nc O\n", [["c"]]),
        ("# remark\nc N O\n", [["c"]]),
        ("#remark\nc O\n", [["c"]]),
        ("#\nc O\n", [["c"]]),
        ("# O\nc O\n", [["#", "c"]]),
        ("#1 B-PER\n#2 O\n", [["#1", "#2"]]),
        ("# a b c\nd\tO\n", [["d"]]),
        ("a b\tO\n# c\tO\n", [["a b", "# c"]]),
        ("c O\n# O\n#d O\n", [["c", "#", "#d"]]),
        ("# http://a.b/?c=d\nc O\n", [["c"]]),
        ("# remark\nc O\n", [["c"]]),
        ("# N\nc N\nd V\n", [["#", "c", "d"]]),
        ("# B-PER\nc O\n", [["#", "c"]]),
    ],
)
def test_the_number_of_columns_tells_a_remark_from_a_token(tmp_path, content, expected):
    column = {"ner": -1}
    assert tokens(tmp_path, content, columns=column) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "# intent = play", "# intent: play", "#intent=play", "#intent: play", "#intent = play",
        "#  intent  =  play ", "# intent :play", "# intent =play",
    ],
)  # fmt: skip
@pytest.mark.parametrize("line", ["a O", "a\tO", "a N O", "a N x O", "a\tN\tx\tO"])
def test_comments_label_a_sentence_whatever_the_columns(tmp_path, comment, line):
    file = tmp_path / "a.conll"
    file.write_text(f"{comment}\n{line}\n\n# intent = stop\n{line}\n", encoding="utf-8")
    data = MultiTaskData.from_conll(
        {"train": file}, {"intent": "sequence", "ner": "token"}, {"ner": -1}
    )
    assert data.tasks["intent"].labels == ("play", "stop")
    assert data["train"].tokens == (("a",), ("a",))


def test_values_of_comments_keep_what_they_hold(tmp_path):
    content = "# sent_id = a:b\n# text = He said: x = y\n# newdoc id = n01\na O\n"
    assert rows(tmp_path, content) == [
        {"id": "a:b", "text": "He said: x = y", "newdoc id": "n01", "tokens": ["a"], "ner": ["O"]}
    ]


def test_two_labels_of_one_sentence_are_refused(tmp_path):
    with pytest.raises(DataError, match=r":2: 'mood' is said twice"):
        rows(tmp_path, "# mood = good\n# mood = bad\na O\n", names=["mood"])


# -- one number of columns


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("a O\nb\n", 2, "1 column, but the lines of this file have 2 columns"),
        ("a N O\nb N\nc N O\n", 2, "2 columns, but the lines of this file have 3 columns"),
        ("a O\nb O O\nc O\n", 2, "3 columns, but the lines of this file have 2 columns"),
        ("a\tO\nb O x\nc\tO\n", 2, "3 columns"),
        ("a O\n\nb O\n #\nc O\n", 4, "1 column"),
    ],
)
def test_a_line_with_other_columns_is_named(tmp_path, content, line, says):
    with pytest.raises(DataError, match=rf"a\.conll:{line}: {says}"):
        rows(tmp_path, content, {"ner": -1})


def test_empty_cells_beyond_the_last_column_do_not_count(tmp_path):
    assert tokens(tmp_path, "a\tO\nb\tO\t\t\nc\tO\n") == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("columns", "token", "says"),
    [
        ({"ner": 2}, 0, "have 2 columns.* but column 2 is asked for task 'ner'"),
        ({"ner": -3}, 0, "column -3 is asked for task 'ner'"),
        ({"ner": 1}, 5, "column 5 is asked for the tokens"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path, columns, token, says):
    with pytest.raises(DataError, match=rf"a\.conll:3: .*{says}"):
        rows(tmp_path, "# remark here now\n\na O\n", columns, token=token)


@pytest.mark.parametrize(
    ("content", "line"), [("a\tO\nb\tO\n\tO\nc\tO\n", 3), ("a\tO\n \tO\n", 2), ("\tO\n", 1)]
)
def test_an_empty_token_is_named_at_its_own_line(tmp_path, content, line):
    file = tmp_path / "a.conll"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(
        DataError, match=rf"a\.conll:{line}: a token must be a piece of text, not '' "
    ):
        MultiTaskData.from_conll({"train": file}, {"ner": "token"}, {"ner": 1})


def test_a_label_is_named_at_its_own_line(tmp_path):
    file, test = tmp_path / "a.conll", tmp_path / "b.conll"
    file.write_text("# x\na N\nb V\n", encoding="utf-8")
    test.write_text("a N\n\n# x\nb V\nc ADJ\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.conll:5: label 'ADJ' .* in training: \['N', 'V'\]"):
        MultiTaskData.from_conll({"train": file, "test": test}, {"pos": "token"}, {"pos": 1})


# -- CoNLL-U and others that count the tokens

WORD = "{}\t{}\t_\t{}\t_\t_\t0\troot\t_\t_"


def conllu(*sentences: str) -> str:
    lines = [
        "\n".join(WORD.format(i, word, "NOUN") for i, word in enumerate(sentence.split(), 1))
        for sentence in sentences
    ]
    return "\n\n".join(lines) + "\n\n"


def test_conllu_is_recognized(tmp_path):
    assert tokens(tmp_path, conllu("a b", "c"), columns={"pos": 3}) == [["a", "b"], ["c"]]
    assert tokens(tmp_path, conllu("a"), columns={"pos": 3}) == [["a"]]


def test_ranges_and_empty_words_of_conllu_are_no_tokens(tmp_path):
    content = conllu("a b").replace(
        "2\tb", "2-3\tbc\t_" + "\t_" * 7 + "\n1.1\tx" + "\t_" * 8 + "\n2\tb"
    )
    assert tokens(tmp_path, content, columns={"pos": 3}) == [["a", "b"]]


def test_any_file_whose_first_column_counts_is_recognized(tmp_path):
    assert tokens(tmp_path, "1 a O\n2 b O\n\n1 c O\n", columns={"ner": 2}) == [["a", "b"], ["c"]]
    assert tokens(tmp_path, "1 a O\n2 b O\n", columns={"ner": 2}, token=0) == [["1", "2"]]


@pytest.mark.parametrize(
    "content", ["1 O\n2 O\n", "1 N O\n3 N O\n", "1 N O\n\n1 N O\n", "1 N O\n2 N O\n\n7 N O\n"]
)
def test_numbers_that_do_not_count_are_tokens(tmp_path, content):
    assert tokens(tmp_path, content, columns={"ner": -1})[0][0] == "1"


# -- property: what is written is read

PIECE = st.text(
    st.characters(
        blacklist_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], blacklist_characters="\ufeff"
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("separator", ["\t", " "])
@given(
    sentences=st.lists(
        st.lists(st.tuples(PIECE, PIECE, PIECE), min_size=1, max_size=4), min_size=1, max_size=4
    )
)
def test_what_is_written_is_read(tmp_path_factory, separator, sentences):
    folder = tmp_path_factory.getbasetemp()
    content = "\n\n".join("\n".join(map(separator.join, sentence)) for sentence in sentences)
    try:
        found = rows(folder, content, {"pos": 1, "ner": 2}, token=0)
    except DataError as error:  # a document's start or a comment, after which nothing is left
        assert re.search(r"the file is empty|columns", str(error))
        return
    written = [
        {"tokens": [a for a, _, _ in s], "pos": [b for _, b, _ in s], "ner": [c for _, _, c in s]}
        for s in sentences
    ]
    assert found == written or any(s[0][0].startswith(("#", "-DOCSTART")) for s in sentences)
