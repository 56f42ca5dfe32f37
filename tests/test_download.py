"""Downloads, from a server on this machine that behaves well or in one of many ways badly."""

import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import tarfile
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest
import requests
import tqdm

from mtl_tutorial.corpora import download
from mtl_tutorial.corpora.card import Card
from mtl_tutorial.corpora.download import DownloadError, Pin, cache_folder, fetch, pins
from tests.waiting import DEADLINE, until

CONTENT = bytes(range(256)) * 1000
MEMBER = "你好\n".encode() * 100


def archive() -> bytes:
    """A tar.gz that holds `MEMBER` as 1.1/data/zh.jsonl, and something else."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in {"1.1/LICENSE": b"free", "1.1/data/zh.jsonl": MEMBER}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


ARCHIVE = archive()


class Handler(BaseHTTPRequestHandler):
    """What the server does is the last part of the address, or what `instead` has for that."""

    def do_GET(self):
        manner = self.path.rpartition("/")[2]
        self.server.asked.append(manner)
        getattr(self, f"send_{self.server.instead.get(manner, manner)}")()

    def send(self, content: bytes, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def send_good(self):
        self.send(CONTENT)

    def send_archive(self):
        self.send(ARCHIVE)

    def send_other(self):  # as many bytes, but others
        self.send(CONTENT[::-1])

    def send_short(self):
        self.send(CONTENT[:1000])

    def send_cut(self):  # announces all, breaks off half way
        self.send(CONTENT[: len(CONTENT) // 2], len(CONTENT))

    def send_endless(self):  # announces nothing, breaks off half way
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2])

    def send_404(self):
        self.send_error(404)

    def send_mute(self):
        self.server.stop.wait()

    def send_stalled(self):  # half, then nothing more
        self.send(CONTENT[: len(CONTENT) // 2], len(CONTENT))
        self.wfile.flush()
        self.server.stop.wait()

    def send_together(self):  # answers when two ask for it at the same time
        self.server.meeting.wait(DEADLINE)
        self.send(CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.asked, httpd.instead = [], {}
        httpd.stop, httpd.meeting = threading.Event(), threading.Barrier(2)
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield httpd
        httpd.stop.set()
        httpd.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def pin(server, manner: str, content: bytes = CONTENT) -> Pin:
    address = f"http://127.0.0.1:{server.server_port}/{manner}"
    return Pin(f"toy/{manner}", address, len(content), hashlib.sha256(content).hexdigest())


def member(server) -> Pin:
    sha256 = hashlib.sha256(MEMBER).hexdigest()
    whole = pin(server, "archive", ARCHIVE)
    return Pin("toy/zh.jsonl", "1.1/data/zh.jsonl", len(MEMBER), sha256, whole)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# -- what goes well


def test_a_file_is_downloaded_once(server, cache):
    good = pin(server, "good")
    assert fetch(good) == [cache / "toy" / "good"]
    assert fetch(good)[0].read_bytes() == CONTENT
    assert server.asked == ["good"]
    assert files(cache) == [good.place]


def test_what_is_cached_needs_no_network_and_no_right_to_write(server, cache):
    good = pin(server, "good")
    good.place.parent.mkdir(parents=True)
    good.place.write_bytes(CONTENT)  # by hand
    cache.chmod(0o500)
    assert fetch(good)[0].read_bytes() == CONTENT
    assert server.asked == []


def test_files_come_in_the_order_asked_for(server, cache):
    good, whole = pin(server, "good"), pin(server, "archive", ARCHIVE)
    assert fetch(whole, good, whole) == [whole.place, good.place, whole.place]
    assert server.asked == ["archive", "good"]


def test_a_progress_bar_counts_the_bytes(server, cache, capsys, monkeypatch):
    clock = count(0.0)  # a second passes whenever the bar looks at it
    monkeypatch.setattr(tqdm.std, "time", lambda: next(clock))
    fetch(pin(server, "good"))
    shown = capsys.readouterr().err
    assert re.search(r"good:  26%.* 65\.5k/256k .*B/s", shown)


def test_a_slow_server_is_waited_for(server, cache, monkeypatch):
    """The time runs anew with each piece that comes: it is what `requests` means by a timeout."""
    asked, get = [], requests.get

    def ask(*address, **how):
        asked.append(how["timeout"])
        return get(*address, **how)

    monkeypatch.setattr(requests, "get", ask)
    assert fetch(pin(server, "good"))[0].read_bytes() == CONTENT
    assert asked == [download.TIMEOUT] and download.TIMEOUT >= 10


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX'")
def test_a_cached_file_can_be_read_by_others_as_the_umask_says(server, cache):
    before = os.umask(0o022)
    try:
        assert fetch(pin(server, "good"))[0].stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)


def test_a_member_comes_out_of_its_archive_which_stays(server, cache):
    first = member(server)
    assert fetch(first)[0].read_bytes() == MEMBER
    assert fetch(replace(first, path="toy/again.jsonl"))[0].read_bytes() == MEMBER
    assert server.asked == ["archive"]


def test_a_member_in_the_cache_needs_no_archive(server, cache):
    wanted = member(server)
    fetch(wanted)
    wanted.archive.place.unlink()
    assert fetch(wanted) == [wanted.place]
    assert server.asked == ["archive"]


# -- what goes wrong

BAD = {
    "other": "its sha256 is [0-9a-f]{64} instead of [0-9a-f]{64}",
    "short": "it has 1,000 bytes instead of 256,000",
    "cut": "no connection, or it broke off",
    "endless": "it has 128,000 bytes instead of 256,000",
    "404": "the server answers 404 Not Found",
    "mute": r"no connection, or it broke off \((Read|Connect)Timeout\)",
    "stalled": "no connection, or it broke off",
}


@pytest.mark.parametrize("manner", BAD)
def test_a_bad_download_says_why_leaves_nothing_and_can_be_tried_again(
    server, cache, monkeypatch, manner
):
    bad = pin(server, manner)
    for _ in range(2):
        with (
            monkeypatch.context() as impatient,
            pytest.raises(DownloadError, match=BAD[manner]) as caught,
        ):
            if manner in ("mute", "stalled"):
                impatient.setattr(download, "TIMEOUT", 0.05)
            fetch(bad)
        assert f"cannot download {bad.address}: " in str(caught.value)
        assert f"  {bad.address}\n    → {bad.place} (not there)" in str(caught.value)
        assert files(cache) == []
    server.instead = {manner: "good"}
    assert fetch(bad)[0].read_bytes() == CONTENT


def test_offline_one_message_says_what_to_put_where_and_that_helps(server, cache):
    away = replace(pin(server, "good"), address="http://127.0.0.1:9/good")  # nobody listens there
    with pytest.raises(DownloadError, match="no connection") as caught:
        fetch(away)
    assert caught.value.__suppress_context__  # no pages of what urllib3 thought
    place = Path(re.search(r"→ (.+) \(", str(caught.value))[1])
    place.write_bytes(CONTENT)
    assert fetch(away) == [place]


def test_the_message_lists_all_that_is_missing_and_what_came_stays(server, cache):
    good, lost, absent = pin(server, "good"), pin(server, "404"), member(server)
    with pytest.raises(DownloadError) as caught:
        fetch(good, lost, absent)
    listed = re.findall(r"  (\S+)\n    → (.+) \(not there\)", str(caught.value))
    assert listed == [(p.address, str(p.place)) for p in (lost, absent.archive)]
    assert files(cache) == [good.place]


def test_without_its_archive_a_member_asks_for_the_archive(server, cache):
    server.instead = {"archive": "404"}
    wanted = member(server)
    with pytest.raises(DownloadError, match=f"cannot download {wanted.archive.address}: .*404"):
        fetch(wanted)
    assert files(cache) == []


def test_a_wrong_file_in_the_cache_is_replaced_but_not_by_nothing(server, cache):
    good = pin(server, "good")
    good.place.parent.mkdir(parents=True)
    good.place.write_bytes(b"something else")
    server.instead = {"good": "404"}
    with pytest.raises(DownloadError, match="404") as caught:
        fetch(good)
    assert f"→ {good.place} (it has 14 bytes instead of 256,000)" in str(caught.value)
    assert good.place.read_bytes() == b"something else"
    server.instead = {}
    assert fetch(good)[0].read_bytes() == CONTENT


def test_a_cache_that_cannot_be_written_is_named(server, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(tmp_path / "file"))
    with pytest.raises(DownloadError, match="MTL_TUTORIAL_CACHE may name another") as caught:
        fetch(pin(server, "good"))
    assert str(tmp_path / "file") in str(caught.value)


# -- other processes

FETCH = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from mtl_tutorial.corpora.download import Pin, fetch
path, address, size, sha256 = sys.argv[1:]
print(fetch(Pin(path, address, int(size), sha256))[0])
"""


def fetching(p: Pin) -> subprocess.Popen:
    """Another process that fetches `p`."""
    command = [sys.executable, "-c", FETCH, p.path, p.address, str(p.size), p.sha256]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )  # fmt: skip


def wait_for_part(cache: Path) -> Path:
    """The unfinished file that another process has begun to write."""
    begun: list[Path] = []
    until(lambda: begun.extend(p for p in cache.rglob("*.part") if p.stat().st_size) or begun)
    return begun[0]


def test_two_processes_may_download_the_same_file_at_once(server, cache):
    wanted = pin(server, "together")
    both = [fetching(wanted), fetching(wanted)]
    for process in both:
        out, err = process.communicate(timeout=DEADLINE)
        assert process.returncode == 0, err
        assert out.strip() == str(wanted.place)
    assert server.asked == ["together", "together"]
    assert wanted.place.read_bytes() == CONTENT
    assert files(cache) == [wanted.place]


def test_a_part_that_vanishes_while_it_is_looked_at_disturbs_nobody(server, cache):
    good = pin(server, "good")
    good.place.parent.mkdir(parents=True)
    good.place.with_name("good.x.part").symlink_to("nowhere")
    assert fetch(good)[0].read_bytes() == CONTENT


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX'")
def test_an_interrupted_download_leaves_nothing(server, cache):
    process = fetching(pin(server, "stalled"))
    wait_for_part(cache)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=DEADLINE)
    assert "KeyboardInterrupt" in err
    assert files(cache) == []


def test_what_a_killed_process_left_goes_with_the_next_download(server, cache):
    stalled = pin(server, "stalled")
    process = fetching(stalled)
    part = wait_for_part(cache)
    process.kill()
    process.communicate(timeout=DEADLINE)
    assert files(cache) == [part]  # not yet the file, and nobody takes it for it

    server.instead = {"stalled": "good"}
    fetch(stalled)
    assert sorted(files(cache)) == sorted([stalled.place, part])  # it might still be written
    stalled.place.unlink()
    os.utime(part, (time.time() - 7200,) * 2)
    fetch(stalled)
    assert files(cache) == [stalled.place]


# -- where things are


def test_the_cache_is_the_platforms_or_the_named_one(monkeypatch, tmp_path):
    monkeypatch.delenv("MTL_TUTORIAL_CACHE", raising=False)
    assert "mtl_tutorial" in cache_folder().parts
    assert cache_folder().is_absolute()
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", "~/corpora")
    assert cache_folder() == Path.home() / "corpora"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", "here")
    assert cache_folder() == tmp_path / "here"


def test_a_card_reads_as_a_page(monkeypatch):
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", "/cache")
    whole = Pin("toy/whole.tar.gz", "https://example.org/whole.tar.gz", 2_000_000, "0" * 64)
    inside = {name: Pin(f"toy/{name}", name, 5, "0" * 64, whole) for name in ("a", "b")}
    card = Card(
        name="Toy",
        about="nothing much",
        languages=("en", "zh"),
        source="example.org",
        license="CC0",
        citation="Nobody " * 20 + "1999",
        counts={"train": 1_234, "test": 5},
        problems=("It is small.", "It is a toy."),
        files=inside | pins("https://example.org", "toy", {"c": (500_000, "1" * 64)}),
    )
    page = repr(card)
    assert max(map(len, page.splitlines())) <= 100
    page = " ".join(page.split())
    assert page.startswith("Toy: nothing much languages en, zh source example.org license CC0")
    assert "counts train 1,234 · test 5 problems It is small. It is a toy. download" in page
    assert page.endswith(f"2.5 MB in 2 file(s), kept in {cache_folder() / 'toy'}")
