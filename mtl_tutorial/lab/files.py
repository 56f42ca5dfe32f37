"""Files of the lab: which names it takes, and that it never writes over somebody else's."""

from __future__ import annotations

from pathlib import Path

from mtl_tutorial.lab.catalogue import texts

ENDINGS = (".csv", ".csv.gz")


class FileError(ValueError):
    """A file that the lab does not read or write; `said` gives the reason in a language.

    `why` is one of ``"name"``, ``"ending"``, ``"folder"``, ``"missing"``, ``"kept"``, ``"foreign"``,
    ``"denied"``.

    Examples
    --------
    >>> FileError("ending", "notes.txt").said("zh")
    'notes.txt：实验室的文件要以 .csv 或 .csv.gz 结尾。'
    """

    def __init__(self, why: str, path: Path | str):
        self.why, self.path = why, path
        super().__init__(self.said("en"))

    def said(self, language: str) -> str:
        return texts(language)[f"file {self.why}"].format(path=self.path)


def place(given: Path | str) -> Path:
    """Read a path as it is meant: blanks around it stripped, ``~`` expanded.

    Raises
    ------
    FileError
        If there is no name, it is a folder's, or it does not end in ``.csv`` or ``.csv.gz``.

    Examples
    --------
    >>> place(" results/lab.csv ").as_posix()
    'results/lab.csv'
    """
    name = str(given).strip()
    if not name:
        raise FileError("name", name)
    path = Path(name).expanduser()
    if path.is_dir():
        raise FileError("folder", path)
    if not path.name.endswith(ENDINGS) or path.name in ENDINGS:
        raise FileError("ending", path)
    return path
