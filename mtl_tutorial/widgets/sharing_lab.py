"""The Sharing Lab: share and split layers by hand, train, see every task beside its baseline.

The face is drawn in the browser (`lab/*.js`, carried here by anywidget); what is set, run, compared
and kept stands in `mtl_tutorial.lab`, and a training runs in a `Worker`. Between the two goes plain
data: the traits below, and wishes such as ``{"do": "train"}``. `lab.plain.sharing_lab` answers the
same questions without a mouse.
"""

from __future__ import annotations

import contextvars
import html
import sys
import threading
import traceback
from collections.abc import Iterable, Sequence
from typing import Any

import traitlets as t

from mtl_tutorial.arguments import instance
from mtl_tutorial.lab import catalogue, shown
from mtl_tutorial.lab.board import Board
from mtl_tutorial.lab.book import Book
from mtl_tutorial.lab.files import FileError
from mtl_tutorial.lab.outcome import Outcome, carry_out, look_up, unknown_baselines
from mtl_tutorial.lab.plain import Display, remembered
from mtl_tutorial.lab.settings import AUXILIARY, LABELS, TASKS, Settings
from mtl_tutorial.languages import check_language
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.widgets import face
from mtl_tutorial.widgets.still import WithStill
from mtl_tutorial.worker import Event, Worker

IDLE = {"phase": "idle"}


class SharingLab(WithStill):
    """The lab as a widget; the last value of a cell, it shows itself.

    Parameters
    ----------
    plan
        What the board shows first; everything shared by default.
    language
        Of the words, ``"en"`` or ``"zh"``, and of the corpus unless `dials` say otherwise.
    dials
        First positions of the dials, as in `Settings`.

    Attributes
    ----------
    board
        The plan on the board, as `Board`; `load_plan` puts another one there.
    book
        The runs that were kept, as `Book`.
    outcome
        The last outcome.
    worker
        Runs the trainings; ``worker.join()`` waits for one.
    error
        The text of the last error; empty if there is none.
    """

    _esm = face.module(*face.LAB)
    _css = face.style()

    words = t.Dict().tag(sync=True)  # key → text, in the lab's language
    facts = t.Dict().tag(sync=True)  # `shown.facts`
    sizes = t.Dict().tag(sync=True)  # corpus → `shown.sizes`
    chosen = t.Dict().tag(sync=True)  # the plan and all dials: `shown.positions`
    guesses = t.Dict().tag(sync=True)  # task → verdict
    instant = t.Bool(True).tag(sync=True)  # whether finished runs may answer
    doing = t.Dict(IDLE).tag(sync=True)  # what is being trained, and how far it is
    said = t.Dict().tag(sync=True)  # the last answer: its place, and its text or key with values
    shown = t.Dict().tag(sync=True)  # the outcome in the charts: `shown.shown`
    beside = t.Dict().tag(sync=True)  # the one that it is compared with
    listed = t.Dict().tag(sync=True)  # the book: `shown.listed`
    trouble = t.Dict({"what": "", "details": ""}).tag(sync=True)
    moment = t.Int(0).tag(sync=True)  # counts what a training has reported

    def __init__(self, plan: SharingPlan | None = None, language: str = "en", **dials: Any):
        check_language(language)
        plan = SharingPlan.hard(TASKS) if plan is None else plan
        first = Settings(plan, **{"corpus": language, **dials})
        self.language = language
        self.book, self.worker = Book(), Worker()
        self.outcome: Outcome | None = None
        self.compared: Outcome | None = None
        self._reported: Outcome | None = None  # the last of the training at work
        self._failed = False  # whether an error ended the last training
        self._file = "results/sharing_lab.csv"
        # Wishes and the training's follower change the same things.
        self._turn = threading.RLock()
        super().__init__(
            words=catalogue.texts(language),
            facts=shown.facts(first, language, files=True, trains=True),
            sizes={first.corpus: shown.sizes(first.corpus)},
            chosen=shown.positions(first),
            listed=shown.listed(self.book, self._file),
        )
        self.observe(self._corpus_changed, "chosen")
        self.on_msg(self._hear)

    # -- what is set

    @property
    def settings(self) -> Settings:
        """The board and the dials as they stand."""
        return Settings.from_dict(self.chosen)

    @property
    def board(self) -> Board:
        return Board.of(self.settings.plan, self.settings.tasks, LEVELS)

    def load_plan(self, plan: SharingPlan) -> None:
        """Put a plan made in code on the board."""
        tasks = [task for task in LABELS if task in instance("plan", plan, SharingPlan).tasks]
        plan = Board.of(plan, tasks, LEVELS).plan
        related = self.chosen["relatedness"]
        if (AUXILIARY in tasks) != (related is not None):
            related = 1.0 if AUXILIARY in tasks else None
        self.chosen = {**self.chosen, "plan": plan.as_dict(), "relatedness": related}

    @property
    def error(self) -> str:
        return self.trouble["what"]

    def _corpus_changed(self, _: Any) -> None:
        corpus = self.chosen["corpus"]
        if corpus not in self.sizes:
            self.sizes = {**self.sizes, corpus: shown.sizes(corpus)}

    # -- what the page asks for

    def _hear(self, _: Any, wish: dict[str, Any], __: Any) -> None:
        """Do what the page wishes, in turn with the training's follower, and say that it was heard.

        An error is told in the lab, since nothing else would show it, and is gone with the next
        wish; that of a training stays until the next training.
        """
        wishes = {
            "train": self._train, "stop": self._stop, "look": self._look, "show": self._show_run,
            "compare": self._put_beside, "remove": self._remove, "undo": self._undo,
            "save": self._save, "load": self._load,
        }  # fmt: skip
        with self._turn, self.hold_sync():  # one message: what is said and what it speaks of
            if not self._failed and wish["do"] != "look":
                self.trouble = {"what": "", "details": ""}
            try:
                self._take(wish.get("set", {}))
                if wish["do"] in ("show", "compare") and self.doing != IDLE:
                    self._say("book", "busy")  # the charts show the training
                else:
                    wishes[wish["do"]](wish)
            except FileError as refused:
                self.said = {"place": "book", "text": refused.said(self.language)}
            except Exception as error:
                self._tell_of(error)
            if self.doing == IDLE:
                self._snapshot()
        self.send({"heard": wish.get("id")})

    def _take(self, state: dict[str, Any]) -> None:
        """Take what was set in the page, and do not send it back: it may have been changed again."""
        with self._lock_property(**state):
            for name, value in state.items():
                self.set_trait(name, value)

    def _say(self, place: str, key: str, **values: Any) -> None:
        self.said = {"place": place, "key": key, "values": values}

    @property
    def status(self) -> str:
        """What the lab says at the moment, in words."""
        return catalogue.spoken(self.words, self.doing, self.said)

    def _look(self, wish: dict[str, Any]) -> None:
        """Show once more what a thread has shown already, to a page that has not seen it.

        Some hosts (Colab) pass nothing on that a thread sends by itself, but all pass on an answer
        to what the page asks. So the page asks every 0.4 s for as long as something is trained, and
        curves and progress bar grow there as everywhere; nothing need be trained in the foreground,
        where Stop could not be heard.
        """
        if wish["seen"] != self.moment:
            self.send_state(["shown", "doing", "said", "listed", "guesses", "trouble", "moment"])

    # -- training

    def _train(self, _: Any) -> None:
        if self.doing != IDLE:
            self._say("train", "busy")
            return
        self._failed, self.trouble = False, {"what": "", "details": ""}
        settings = self.settings
        guesses = {task: self.guesses[task] for task in settings.tasks if task in self.guesses}
        known = look_up(settings) if self.instant else None
        if known:
            self._keep(known, guesses)
            self._say("train", "instant answer")
            return
        loaded = "tensorflow" in sys.modules
        to_come = unknown_baselines(settings, remembered)
        if not self.worker.start(lambda tell, stop: carry_out(settings, remembered, tell, stop)):
            self._say("train", "busy")
            return
        self._reported = None
        total = settings.epochs * (1 + len(to_come))
        self.doing = {"phase": "compiling" if loaded else "loading", "done": 0, "total": total}
        follow = (self._follow, self.worker.follow(), guesses, to_come)
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=follow, daemon=True).start()

    def _follow(
        self, events: Iterable[Event], guesses: dict[str, Any], to_come: Sequence[str]
    ) -> None:
        """Show what the training reports, in a thread of its own, until it ends."""
        for event in events:
            with self._turn, self.hold_sync():
                self.moment += 1
                try:
                    self._take_in(event, guesses, to_come)
                except Exception as error:
                    self._failed = True
                    self._tell_of(error)
        with self._turn, self.hold_sync():
            self.moment += 1
            self.doing = IDLE  # lets the next training begin
            self._snapshot()

    def _take_in(self, event: Event, guesses: dict[str, Any], to_come: Sequence[str]) -> None:
        if event.kind == "report":
            self._reported = event.value
            self._show(event.value)
            self.doing = shown.progress(event.value, to_come, self.worker.stopped)
        elif event.kind == "failed":
            if self._reported and self._reported.epoch:  # kept; but a guess was about the whole
                self._keep(self._reported.broken_by(event.value), {})
            self._failed = True
            self._tell_of(event.value)
            self._say("train", "broke down")
        elif event.value.runs:
            self._keep(event.value, guesses)
            self._say("train", shown.ending(event.value, self.worker))
        else:
            self._say("train", "replaced at once" if self.worker.replaced else "stopped at once")

    def _stop(self, _: Any) -> None:
        if self.doing != IDLE:
            self.worker.stop()
            self.doing = {**self.doing, "phase": "stopping"}

    def _keep(self, outcome: Outcome, guesses: dict[str, Any]) -> None:
        """Enter an outcome into the book, and show it."""
        self.book = self.book.add(outcome, guesses)
        # A guess that was changed meanwhile is one for the next run already.
        self.guesses = {k: v for k, v in self.guesses.items() if guesses.get(k) != v}
        self._show(outcome, self.book.entries[-1].number)
        self._list_runs()

    # -- what is shown

    def _show(self, outcome: Outcome, number: int | None = None) -> None:
        self.outcome, self.compared = outcome, None
        self.beside = {}
        self.shown = shown.shown(outcome, number)

    def _tell_of(self, error: BaseException) -> None:
        details = "".join(traceback.format_exception(error))[-4000:]
        self.trouble = {"what": f"{type(error).__name__}: {error}", "details": details}

    # -- the book of runs

    def _list_runs(self) -> None:
        self.listed = shown.listed(self.book, self._file)

    def _show_run(self, wish: dict[str, Any]) -> None:
        (number,) = wish["numbers"]
        self._show(self.book[number].outcome, number)

    def _put_beside(self, wish: dict[str, Any]) -> None:
        if len(wish["numbers"]) != 2:
            self._say("book", "choose two")
        else:
            first, second = wish["numbers"]
            self._show(self.book[first].outcome, first)
            self.compared = self.book[second].outcome
            self.beside = shown.shown(self.compared, second)
            self._say("book", "comparing", first=first, second=second)

    def _remove(self, wish: dict[str, Any]) -> None:
        before = len(self.book.entries)
        self.book = self.book.remove(wish["numbers"])
        n = before - len(self.book.entries)
        self._say("book", "removed" if n else "choose", n=n)
        self._list_runs()

    def _undo(self, _: Any) -> None:
        before = len(self.book.entries)
        self.book = self.book.undo()
        n = len(self.book.entries) - before
        self._say("book", "undone" if n else "none removed", n=n)
        self._list_runs()

    def _save(self, wish: dict[str, Any]) -> None:
        if not self.book.entries:
            self._say("book", "none kept")
            return
        self._file = wish["path"]
        self.book.save(self._file)
        self._say("book", "saved", n=len(self.book.entries), path=self._file.strip())

    def _load(self, wish: dict[str, Any]) -> None:
        self._file = wish["path"]
        loaded = Book.load(self._file)
        before = len(self.book.entries)
        self.book = self.book.join(loaded)
        n = len(self.book.entries) - before
        if n and self.doing == IDLE:
            last = self.book.entries[-1]
            self._show(last.outcome, last.number)
        self._say("book", "loaded", n=n)
        self._list_runs()

    # -- what stays in the saved notebook

    def _still(self) -> str:
        if self.outcome is None:
            return f"<p>{html.escape(self.words['first'])}</p>"
        answer = Display.of(self.outcome, self.language)._repr_html_()
        return answer + self.book.table(self.language).T.to_html(na_rep="–")

    def _shows(self) -> object:
        return self.outcome, self.book
