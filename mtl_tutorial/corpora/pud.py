"""PUD: the same 1,000 sentences in English and in (traditional) Chinese, with labels at every level.

===================  =========================================================================
``pos``              the 17 universal parts of speech
``deprel``           the relation of each word to its head in the dependency tree: the 37
                     universal ones, without what a treebank adds after a colon
``ner``              names of people (PER), places (LOC), organizations (ORG), in BIO
``genre``            news or wiki
``mentions_person``  whether a person is named
===================  =========================================================================

PUD was made for testing alone. As its authors advise for training, it is cut into ten folds; the
sentences of one document lie in one fold, the same in both languages.
"""

from mtl_tutorial.arguments import integer, one_of
from mtl_tutorial.conll import conll_rows
from mtl_tutorial.corpora.card import Card
from mtl_tutorial.corpora.download import fetch, pins
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.tasks import Task

FOLDS = 10
POS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
DEPREL = (
    "acl", "advcl", "advmod", "amod", "appos", "aux", "case", "cc", "ccomp", "clf", "compound",
    "conj", "cop", "csubj", "dep", "det", "discourse", "dislocated", "expl", "fixed", "flat",
    "goeswith", "iobj", "list", "mark", "nmod", "nsubj", "nummod", "obj", "obl", "orphan",
    "parataxis", "punct", "reparandum", "root", "vocative", "xcomp",
)  # fmt: skip

_GITHUB = "https://raw.githubusercontent.com"
CARD = Card(
    name="PUD",
    about="parallel news and Wikipedia sentences with syntax and named entities",
    languages=("en", "zh"),
    source="github.com/UniversalDependencies/UD_{English,Chinese}-PUD at f16eba4 and 2849afd, "
    "github.com/UniversalNER/UNER_{English,Chinese}-PUD at 07ea055 and 647ba53",
    license="CC BY-SA 3.0",
    citation="Zeman et al. 2017, K17-3001; for the entities Mayhew et al. 2024, 2024.naacl-long.243",
    counts={"sentences": 1_000, "documents": 397},
    problems=(
        "Chinese is in traditional characters, cut into words.",
        "In English 4 sentences have another text or other tokens in the entity files; their "
        "labels of ner and mentions_person are missing.",
        "The Chinese files do not tell documents apart; sentence ids do, the same in both languages.",
    ),
    files={
        **pins(f"{_GITHUB}/UniversalDependencies/UD_English-PUD/f16eba4ae7f3d161870ed320676c5088b8fa476c", "pud", {
            "en_pud-ud-test.conllu": (1_386_858, "c80584f2bc2b31d5bada78a1136f9feec7ac49e5e18898db02dea434b5b8f0aa"),
        }),
        **pins(f"{_GITHUB}/UniversalDependencies/UD_Chinese-PUD/2849afd946a8c01b3e9acdf3e7afa8670cf2777d", "pud", {
            "zh_pud-ud-test.conllu": (2_199_911, "e12582af2e2bbc2e27155ca7dc12b6fc4a037dbc716e1f805d67e34ffb2596b3"),
        }),
        **pins(f"{_GITHUB}/UniversalNER/UNER_English-PUD/07ea0553144e3fcf3d6633efe2a075b725a0d262", "pud", {
            "en_pud-ud-test.iob2": (462_120, "71fc0e18011e930f9a1a2fb68089d732eb2035a5840677d300626c8a1dedd2fb"),
        }),
        **pins(f"{_GITHUB}/UniversalNER/UNER_Chinese-PUD/647ba53747e1aa1818541965db99a0196440b7d2", "pud", {
            "zh_pud-ud-test.iob2": (460_357, "c7549cf2ece208ec0068a1b71bc40eec4e562579738a45b0ad7ea33482e787c4"),
        }),
    },
)  # fmt: skip


def tasks() -> list[Task]:
    """The corpus' tasks."""
    return [
        Task("pos", "token", POS),
        Task("deprel", "token", DEPREL),
        Task.bio("ner", ("PER", "LOC", "ORG")),
        Task("genre", "sequence", ("news", "wiki")),
        Task("mentions_person", "sequence", ("no", "yes")),
    ]


def load(language: str = "zh", fold: int = 0, *, min_count: int = 2) -> MultiTaskData:
    """PUD in one language; downloaded the first time.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``.
    fold
        0 to 9: this fold is the test part, the next one the validation part, the rest is training.
    min_count
        Tokens rarer than this in the training part are unknown.

    Raises
    ------
    ValueError
        For an unknown language or fold.
    DownloadError
        If a file is not in the cache and cannot be downloaded.
    """
    one_of("language", language, CARD.languages)
    fold = integer("fold", fold, least=0, most=FOLDS - 1)
    names = (f"{language}_pud-ud-test.conllu", f"{language}_pud-ud-test.iob2")
    syntax, entities = fetch(*(CARD.files[name] for name in names))
    named = {row["text"]: row for _, row in conll_rows(entities, {"ner": 2}, 1)}
    rows: dict[str, list] = {"train": [], "valid": [], "test": []}
    documents: dict[str, int] = {}  # document → its number
    for _, row in conll_rows(syntax, {"pos": 3, "deprel": 7}, 1):
        document = documents.setdefault(row["id"][:-3], len(documents))
        part = {0: "test", 1: "valid"}.get((document - fold) % FOLDS, "train")
        found = named.get(row["text"], {"tokens": []})
        if found["tokens"] == row["tokens"]:
            row["ner"] = found["ner"]
            row["mentions_person"] = "yes" if "B-PER" in found["ner"] else "no"
        row["deprel"] = [relation.partition(":")[0] for relation in row["deprel"]]
        row["genre"] = {"n": "news", "w": "wiki"}[row["id"][0]]
        rows[part].append(row)
    return MultiTaskData.from_rows(rows, tasks(), min_count=min_count)
