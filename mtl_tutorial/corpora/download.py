"""Files from the internet: downloaded when somebody asks for them, checked, kept in a cache folder.

A file is *pinned*: its address is that of one fixed version, and its size and sha256 are known.
The cache is the platform's own (``~/.cache/mtl_tutorial`` on Linux), or the folder that the
environment variable ``MTL_TUTORIAL_CACHE`` names. What it holds needs no network.

The transfer is pooch's. Its `retrieve` is not used: two processes that make a folder at once fail
in it, its files can be read by their owner only, and a process that is killed leaves its part for
ever. A class that shares one cache meets all three.
"""

import os
import shutil
import tarfile
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 30.0  # seconds in which the server must answer, and then send something
_ABANDONED = 3600.0  # seconds; nobody is still writing to a part untouched for so long


class DownloadError(OSError):
    """A file could not be downloaded; the message says why, its address, and where to put it by hand."""


@dataclass(frozen=True)
class Pin:
    """A file as it must be.

    Attributes
    ----------
    path
        Its path below the cache folder, with ``/``.
    address
        Where to download it; for a member of an archive, its name in the archive.
    size, sha256
        Number of bytes, and their hash in hexadecimal.
    archive
        The tar archive that contains it; None if it is downloaded by itself.
    """

    path: str
    address: str
    size: int
    sha256: str
    archive: "Pin | None" = None

    @property
    def place(self) -> Path:
        """The file's path on this machine, whether or not it is there yet."""
        return cache_folder() / self.path


def pins(address: str, folder: str, files: Mapping[str, tuple[int, str]]) -> dict[str, Pin]:
    """Pins of files that lie together; `files` gives the size and sha256 of each name.

    Examples
    --------
    >>> pins("https://example.org/v1", "toy", {"a/b.txt": (3, "ba78")})["a/b.txt"].address
    'https://example.org/v1/a/b.txt'
    """
    return {
        name: Pin(f"{folder}/{name}", f"{address}/{name}", size, sha256)
        for name, (size, sha256) in files.items()
    }


def cache_folder() -> Path:
    """``MTL_TUTORIAL_CACHE`` if it is set, else the platform's cache folder for this course."""
    import pooch  # here and below: with requests it takes a third of a second

    chosen = os.environ.get("MTL_TUTORIAL_CACHE")
    return Path(chosen).expanduser().absolute() if chosen else pooch.os_cache("mtl_tutorial")


def fetch(*wanted: Pin) -> list[Path]:
    """Download the files that the cache lacks; give the paths of all, in the order asked for.

    Several processes may do so at once. After a failure or an interruption whole files stay, parts
    of files do not, and the same call continues.

    Raises
    ------
    DownloadError
        If a file cannot be downloaded.
    """
    for pin in wanted:
        if _fault(pin, pin.place):
            try:
                _bring(pin)
            except DownloadError:
                raise
            except OSError as error:  # what requests raises is among them
                raise DownloadError(_message(pin, error, wanted)) from None
    return [pin.place for pin in wanted]


def _fault(pin: Pin, file: Path) -> str:
    """Say what is wrong with a pinned file; nothing if it is as pinned."""
    import pooch

    if not file.is_file():
        return "not there"
    if (size := file.stat().st_size) != pin.size:
        return f"it has {size:,} bytes instead of {pin.size:,}"
    if (found := pooch.file_hash(str(file))) != pin.sha256:
        return f"its sha256 is {found} instead of {pin.sha256}"
    return ""


def _bring(pin: Pin) -> None:
    """Write the file aside, check it, move it into place."""
    archive = fetch(pin.archive)[0] if pin.archive else None
    place = pin.place
    place.parent.mkdir(parents=True, exist_ok=True)
    for part in place.parent.glob(f"{place.name}.*.part"):  # of processes that were killed
        with suppress(FileNotFoundError):  # or of one that is just done
            if time.time() - part.stat().st_mtime > _ABANDONED:
                part.unlink()
    aside = place.with_name(f"{place.name}.{uuid.uuid4().hex}.part")
    try:
        if archive:
            _extract(archive, pin.address, aside)
        else:
            _download(pin, aside)
        if fault := _fault(pin, aside):
            raise OSError(f"what came is not the file: {fault}")
        if _fault(pin, place):  # else another process was quicker
            aside.replace(place)
    finally:
        aside.unlink(missing_ok=True)


def _download(pin: Pin, target: Path) -> None:
    import pooch
    from tqdm.auto import tqdm

    name = pin.path.rpartition("/")[2]
    with tqdm(desc=name, total=pin.size, unit="B", unit_scale=True, leave=False) as bar:
        transfer = pooch.HTTPDownloader(
            progressbar=bar,
            chunk_size=2**16,
            timeout=TIMEOUT,
            headers={"Accept-Encoding": "identity"},  # so that bar and bytes agree
        )
        transfer(pin.address, str(target), None)


def _extract(archive: Path, member: str, target: Path) -> None:
    with tarfile.open(archive) as tar, target.open("wb") as file:
        source = tar.extractfile(member)
        assert source is not None, f"{archive.name} as pinned holds the file {member}"
        shutil.copyfileobj(source, file)


def _message(pin: Pin, error: OSError, wanted: tuple[Pin, ...]) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        why = f"the server answers {error.response.status_code} {error.response.reason}"
    elif isinstance(error, requests.RequestException):
        why = f"no connection, or it broke off ({type(error).__name__})"
    else:
        why = f"{error}"
    missing = dict.fromkeys(p.archive or p for p in wanted if _fault(p, p.place))
    listed = "\n".join(f"  {p.address}\n    → {p.place} ({_fault(p, p.place)})" for p in missing)
    return (
        f"cannot download {pin.address}: {why}. Try again later, or download by hand what is "
        f"missing and put it where the arrow points (MTL_TUTORIAL_CACHE may name another folder):\n"
        f"{listed}"
    )
