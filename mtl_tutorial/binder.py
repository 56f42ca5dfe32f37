"""The link that builds and opens the course on mybinder.org, for whatever repository this is.

Link formats: BinderHub's documentation, "Repository Providers".
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

SITE = "https://mybinder.org"
NOTEBOOK = "lab/tree/notebooks/{language}/{lesson}.ipynb"

# Both hosts have a second door for SSH, for networks that block its port.
_GITHUB = ("github.com", "www.github.com", "ssh.github.com")
_GITLAB = ("gitlab.com", "altssh.gitlab.com")


def launch_link(remote: str, ref: str, language: str = "en", lesson: str = "00_welcome") -> str:
    """Make the address that opens a lesson in JupyterLab, at the branch or commit `ref`.

    `remote` is a URL in any form that git prints. A user name or password in it is left out.
    Raises `ValueError` if Binder could not fetch from there.

    >>> launch_link("git@github.com:someone/course.git", "main")
    'https://mybinder.org/v2/gh/someone/course/main?urlpath=lab%2Ftree%2Fnotebooks%2Fen%2F00_welcome.ipynb'
    """
    landing = quote(NOTEBOOK.format(language=language, lesson=lesson), safe="")
    return f"{SITE}/v2/{repository(remote)}/{quote(ref)}?urlpath={landing}"


def origin(folder: Path) -> tuple[str, str]:
    """Find the remote URL and the branch of the git checkout `folder`.

    These are the ones that HEAD follows; otherwise `origin` (or the first remote) and the current
    branch, or the commit if HEAD is on no branch. Raises `ValueError` where there is
    no git, no checkout or no remote.
    """
    branch = _git(folder, "branch", "--show-current")
    remotes = _git(folder, "remote").split()
    if not remotes:
        raise ValueError(
            f"{folder} has no git remote, and Binder fetches from a public one: put the repository "
            "on a host such as GitHub, then `git remote add origin URL` and `git push -u origin`."
        )
    upstream = "--format=%(upstream:remotename) %(upstream:remoteref)"
    followed = _git(folder, "for-each-ref", upstream, f"refs/heads/{branch}") if branch else ""
    remote, _, ref = followed.partition(" ")
    if remote not in remotes:
        remote = "origin" if "origin" in remotes else remotes[0]
        ref = branch or _git(folder, "rev-parse", "HEAD")
    return _git(folder, "remote", "get-url", remote), ref.removeprefix("refs/heads/")


def repository(remote: str) -> str:
    """Tell Binder's name for a remote: provider and percent-encoded place.

    Raises `ValueError` if Binder could not fetch from there.

    >>> repository("git@gitlab.com:someone/course.git")
    'gl/someone%2Fcourse'
    """
    if short := re.fullmatch(r"(?:[^/@]+@)?([^/:]{2,}):(?!//)(.+)", remote):  # user@host:path
        remote = f"ssh://{short[1]}/{short[2]}"
    url = urlsplit(remote)
    host, path = (url.hostname or "").lower(), unquote(url.path).strip("/")
    if url.scheme not in ("https", "http", "ssh", "git") or "." not in host or not path:
        raise ValueError(
            f"Binder cannot fetch from {remote!r}: it needs the public address of a repository, "
            "such as https://github.com/someone/course. `git remote set-url` changes the remote."
        )
    name = path.removesuffix(".git")
    if host in _GITHUB:
        return f"gh/{quote(name)}"
    if host in _GITLAB:
        return f"gl/{quote(name, safe='')}"
    scheme, port = ("https", None) if url.scheme == "ssh" else (url.scheme, url.port)
    place = f"{scheme}://{host}{f':{port}' if port else ''}/{quote(path)}"
    return f"git/{quote(place, safe='')}"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise ValueError("git is not installed, so the repository's remote is unknown") from None
    except subprocess.CalledProcessError as failure:
        raise ValueError(
            f"git cannot tell where {folder} is from: {failure.stderr.strip()}"
        ) from None
    return done.stdout.strip()
