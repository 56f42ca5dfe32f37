"""A trained model on a page of this machine: ``python -m mtl_tutorial serve model.keras``.

A small server from the standard library, for trying a model out. It is bound to 127.0.0.1; it
answers no name but its own (a page elsewhere that made its name point here would read along, which
is called DNS rebinding) and no other page's requests; it serves no files, and takes no more than
`LARGEST` bytes and `MOST` sentences at once.
"""

from __future__ import annotations

import html
import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from mtl_tutorial.arguments import instance, integer
from mtl_tutorial.languages import check_language
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.prediction import entities, predict
from mtl_tutorial.widgets.sentence_box import sentence_html

LARGEST = 20_000
"""Bytes of a request."""
MOST = 100
"""Sentences of a request."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_WORDS = {
    "en": ("Ask the model", "Sentence", "Answer", "This model learned: {tasks}."),
    "zh": ("问问模型", "句子", "回答", "这个模型学过：{tasks}。"),
}
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}
input{{font:inherit;width:100%;box-sizing:border-box;padding:.4em}}button{{font:inherit;margin:.6em 0}}
.wrong{{border-left:.3em solid #D55E00;padding-left:.6em}}</style></head>
<body><main><h1>{title}</h1><form method="post" action="/">
<label for="text">{sentence}</label><input id="text" name="text" maxlength="2000" value="{text}" autofocus required>
<button>{answer}</button></form>{found}<p><small>{learned}</small></p></main></body></html>
"""


class ModelServer(ThreadingHTTPServer):
    """Answers sentences on 127.0.0.1: a page at ``/``, JSON at ``/answers``.

    ``/answers`` takes ``{"texts": [...]}``, each a text or a list of tokens, and gives a list: of
    each sentence its ``text``, task → ``label`` and ``p``, and the ``entities`` with their places.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    port
        Of 127.0.0.1; 0 takes a free one, which `address` tells.
    language
        Of the page, ``"en"`` or ``"zh"``.
    """

    daemon_threads = True

    def __init__(self, model: MultiTaskModel, port: int = 8765, language: str = "en"):
        check_language(language)
        self.model, self.language = instance("model", model, MultiTaskModel), language
        self.one_at_a_time = threading.Lock()
        super().__init__(("127.0.0.1", integer("port", port, least=0, most=65535)), _Handler)

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def names(self) -> set[str]:
        """What a browser on this machine may call the server."""
        return {f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}

    def page(self, text: str = "") -> str:
        """The page, with the answer to a sentence; all that comes from elsewhere is escaped."""
        title, sentence, answer, learned = _WORDS[self.language]
        found = ""
        if text.strip():
            with self.one_at_a_time:
                try:
                    found = sentence_html(self.model, text, self.language)
                except ValueError as error:
                    found = f"<p class='wrong' role='alert'>{html.escape(str(error))}</p>"
        tasks = (", " if self.language == "en" else "、").join(self.model.tasks)
        return _PAGE.format(
            language=self.language, title=title, sentence=sentence, answer=answer, found=found,
            text=html.escape(text), learned=html.escape(learned.format(tasks=tasks)),
        )  # fmt: skip

    def answers(self, given: Any) -> list[dict[str, Any]]:
        """Every task's answers to ``{"texts": [...]}``, as plain data."""
        texts = given.get("texts") if isinstance(given, dict) else None
        if not isinstance(texts, list) or not 0 < len(texts) <= MOST:
            raise ValueError(f'give {{"texts": [...]}} with 1 to {MOST} sentences')
        with self.one_at_a_time:
            table = predict(self.model, texts)
            marking = any(task.scheme for task in self.model.tasks.values())
            spans = entities(self.model, texts).to_dict("records") if marking else []
        rows = [
            {
                "text": row["text"],
                **{t: {"label": row[t], "p": row[f"{t} p"]} for t in self.model.tasks},
            }
            for row in table.to_dict("records")
        ]
        for row in rows if marking else ():
            row["entities"] = []
        for span in spans:
            rows[span.pop("sentence")]["entities"].append(span)
        return rows


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    timeout = 10  # seconds without a byte
    server_version, sys_version = "mtl_tutorial", ""

    def do_GET(self) -> None:
        if self._allowed("/"):
            self._send(self.server.page())

    def do_POST(self) -> None:
        if not self._allowed("/", "/answers"):
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal() and int(length) <= LARGEST):
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        kind = (
            "application/json" if self.path == "/answers" else "application/x-www-form-urlencoded"
        )
        if self.headers.get_content_type() != kind:
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return
        try:
            body = self.rfile.read(int(length)).decode()
            if self.path == "/":
                self._send(self.server.page(parse_qs(body, max_num_fields=9).get("text", [""])[0]))
            else:
                found = self.server.answers(json.loads(body))
                self._send(json.dumps(found, ensure_ascii=False), "application/json")
        except (ValueError, TypeError, RecursionError) as error:  # the request is to blame
            self._send(
                json.dumps({"error": str(error)}), "application/json", HTTPStatus.BAD_REQUEST
            )

    def _allowed(self, *paths: str) -> bool:
        """Whether the request names this server, comes from its own page, and asks for what there is."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host.lower() not in self.server.names:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif origin not in (None, f"http://{host}"):
            self._refuse(HTTPStatus.FORBIDDEN)
        elif self.path not in paths:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            return True
        return False

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._send(status.phrase, "text/plain", status)

    def _send(self, text: str, kind: str = "text/html", status: HTTPStatus = HTTPStatus.OK) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep no record of who asked what."""
