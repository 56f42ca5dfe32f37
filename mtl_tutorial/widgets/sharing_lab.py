"""The Sharing Lab: share and split layers by hand, train, see every task beside its baseline.

A view and nothing else: what is set, run, compared and kept stands in `mtl_tutorial.lab`, and a
training runs in a `Worker`. `lab.plain.sharing_lab` answers the same questions without a mouse.
"""

from __future__ import annotations

import contextvars
import functools
import html
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import ipywidgets as w
from IPython.display import HTML, DisplayHandle, display

from mtl_tutorial import plots
from mtl_tutorial.experiments import shipped
from mtl_tutorial.lab.board import COPIES, OUT, OWN, PRESETS, Board
from mtl_tutorial.lab.book import Book, describe
from mtl_tutorial.lab.chart import LiveChart, signed
from mtl_tutorial.lab.outcome import Outcome, carry_out, look_up, unknown_baselines
from mtl_tutorial.lab.plain import as_html, remembered
from mtl_tutorial.lab.settings import AUXILIARY, LABELS, TARGET, TASKS, Settings
from mtl_tutorial.lab.words import sentence, table
from mtl_tutorial.languages import check_language
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters
from mtl_tutorial.widgets.sharing_lab_words import WORDS
from mtl_tutorial.worker import Event, Worker

UNITS = 32  # as in `Experiment`
LABEL_COUNTS = (60, 200, 600, 2000, 6000)
WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
LEARNING_RATES = (3e-4, 1e-3, 3e-3, 1e-2)
RELATEDNESS = (0.0, 0.25, 0.5, 0.75, 1.0)
NOTHING = "-"  # a dropdown takes None for "nothing is selected" and shows a blank
_COPY_COLORS = {"A": "#4D4D4D", "B": "#8C8C8C"}
_STYLE = """<style>
.mtl-lab { max-width: 1000px; }
.mtl-lab .widget-html-content { line-height: 1.45; }
.mtl-lab button:focus-visible, .mtl-lab select:focus-visible, .mtl-lab input:focus-visible {
  outline: 3px solid #0072B2; outline-offset: 1px; }
.mtl-lab .mtl-paper img, .mtl-lab img.mtl-paper { background: #fff; border-radius: 6px; }
.mtl-lab .mtl-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.mtl-lab .mtl-dial { flex-direction: column; align-items: stretch; height: auto; }
.mtl-lab .mtl-dial > :is(select, input) { flex: none; width: 100%;
  height: var(--jp-widgets-inline-height); }
.mtl-lab .mtl-dial > label { font-size: 12px; text-align: left; width: auto; }
.mtl-lab .mtl-small { font-size: 11px; opacity: .75; line-height: 1.25; }
.mtl-lab table { border-collapse: collapse; font-size: 12px; }
.mtl-lab td, .mtl-lab th { padding: 2px 8px; text-align: right; }
.jp-OutputArea:has(.mtl-lab) .mtl-snapshot { display: none; }
</style>"""


def _callback(method: Callable[..., None]) -> Callable[..., None]:
    """What a control calls, in turn with the training's follower.

    An error is written into the lab, since nothing else would show it, and is gone with the next
    call; that of a training stays until the next training.
    """

    @functools.wraps(method)
    def called(self: SharingLab, *arguments: Any) -> None:
        with self._turn:
            if not self._failed:
                self.error_box.value = ""
            try:
                method(self, *arguments)
            except Exception as error:
                self._show_error(error)

    return called


class SharingLab(w.VBox):
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
        The plan on the switchboard, as `Board`; `load_plan` puts another one there.
    book
        The runs that were kept, as `Book`.
    outcome
        The last outcome.
    worker
        Runs the trainings; ``worker.join()`` waits for one.
    error
        The text of the last error; empty if there is none.
    """

    def __init__(self, plan: SharingPlan | None = None, language: str = "en", **dials: Any):
        check_language(language)
        self.language, self.words = language, WORDS[language]
        first = Settings(plan or SharingPlan.hard(TASKS), **{"corpus": language, **dials})
        self.board = Board.of(first.plan, first.tasks, LEVELS)
        self.book, self.worker = Book(), Worker()
        self.outcome: Outcome | None = None
        self.compared: tuple[Outcome, Outcome] | None = None
        self._reported: Outcome | None = None  # the last of the training at work
        self._failed = False  # whether an error ended the last training
        self._turn = (
            threading.RLock()
        )  # callbacks and the training's follower change the same things
        self._make_controls(first)
        super().__init__(children=self._arranged())
        self.add_class("mtl-lab")
        self._still_shown: DisplayHandle | None = None
        self._build_board()
        self._new_chart()
        self._list_runs()

    # -- what is set

    @property
    def settings(self) -> Settings:
        """The board and the dials as they stand."""
        tasks = self.board.tasks
        return Settings(
            self.board.plan,
            corpus=self.corpus.value,
            encoder=self.encoder.value,
            labels={task: self.labels[task].value for task in tasks},
            relatedness=self._related,
            epochs=self.epochs.value,
            learning_rate=self.learning_rate.value,
            weights={task: self.weights[task].value for task in tasks},
            seed=self.seed.value,
        )

    def load_plan(self, plan: SharingPlan) -> None:
        """Put a plan made in code on the board."""
        tasks = [task for task in LABELS if task in plan.tasks]
        board = Board.of(plan, tasks, LEVELS)
        if (AUXILIARY in tasks) != (self._related is not None):
            self.relatedness.value = 1.0 if AUXILIARY in tasks else NOTHING
        self.board = board
        self._build_board()

    @property
    def _related(self) -> float | None:
        return None if self.relatedness.value == NOTHING else self.relatedness.value

    @property
    def error(self) -> str:
        return self.error_box.value

    # -- controls, made once

    def _make_controls(self, first: Settings) -> None:
        says = self.words
        self.presets = {
            name: w.Button(description=says[name], layout=w.Layout(width="auto"))
            for name in PRESETS
        }
        for name, button in self.presets.items():
            button.on_click(functools.partial(self._preset, name))
            button.add_class(f"preset-{name.replace(' ', '-')}")
        self.cells: dict[tuple[str, str], w.Button] = {}
        narrow = w.Layout(width="96%")
        self.labels = {
            task: w.Dropdown(
                options=[(f"{n:,}", n) for n in sorted({*LABEL_COUNTS, first.labels.get(task, 60)})],
                value=first.labels.get(task, count), layout=narrow, tooltip=says["labels tip"].format(task=task),
            )
            for task, count in LABELS.items()
        }  # fmt: skip
        self.weights = {
            task: w.Dropdown(
                options=[(f"{x:g}", x) for x in sorted({*WEIGHTS, first.weights.get(task, 1.0)})],
                value=first.weights.get(task, 1.0), layout=narrow, tooltip=says["weight tip"].format(task=task),
            )
            for task in LABELS
        }  # fmt: skip
        verdicts = [
            (says["no guess"], NOTHING),
            *((says[v], v) for v in ("gains", "loses", "same")),
        ]
        self.guesses = {
            task: w.Dropdown(
                options=verdicts, value=NOTHING, layout=narrow, tooltip=says["guess tip"].format(task=task)
            )
            for task in LABELS
        }  # fmt: skip
        wide = w.Layout(width="96%")
        self.corpus = w.Dropdown(
            options=[("English", "en"), ("中文", "zh")], value=first.corpus, layout=wide
        )
        encoders = [("MLP", "mlp"), ("CNN", "cnn"), ("BiLSTM", "bilstm")]
        self.encoder = w.Dropdown(options=encoders, value=first.encoder, layout=wide)
        self.epochs = w.BoundedIntText(
            value=first.epochs, min=1, max=max(20, first.epochs), layout=wide
        )
        rates = sorted({*LEARNING_RATES, first.learning_rate})
        self.learning_rate = w.Dropdown(
            options=[(f"{rate:g}", rate) for rate in rates], value=first.learning_rate, layout=wide
        )
        self.seed = w.BoundedIntText(
            value=first.seed, min=0, max=max(9999, first.seed), layout=wide
        )
        none = [(says["no auxiliary"], NOTHING)]
        given = [] if first.relatedness is None else [first.relatedness]
        self.relatedness = w.Dropdown(
            options=none + [(f"{x:.0%}", x) for x in sorted({*RELATEDNESS, *given})],
            value=given[0] if given else NOTHING,
            layout=wide,
        )
        self.relatedness.observe(self._auxiliary_changed, "value")  # before the board is redrawn
        self.dials = {
            name: getattr(self, name)
            for name in ("corpus", "encoder", "epochs", "learning_rate", "relatedness", "seed")
        }
        for name, dial in self.dials.items():
            dial.description = says[name]
            dial.tooltip = says["dial tip"].format(says[name], says[f"{name} why"])
            dial.add_class("mtl-dial")
            dial.observe(self._dial_changed, "value")

        self.train_button = w.Button(description=says["train"], button_style="primary", icon="play")
        self.stop_button = w.Button(description=says["stop"], icon="stop", disabled=True)
        self.train_button.on_click(self._train)
        self.stop_button.on_click(self._stop)
        self.use_finished = w.Checkbox(
            value=True, description=says["finished"], indent=False, tooltip=says["finished why"],
            layout=w.Layout(width="auto"),
        )  # fmt: skip
        self.metric = w.ToggleButtons(
            options=[(says["score"], "score"), (says["loss"], "loss")], tooltips=[says["metric"]] * 2,
            style=w.ToggleButtonsStyle(button_width="64px"),
        )  # fmt: skip
        self.metric.observe(self._metric_changed, "value")
        self.progress = w.IntProgress(max=1, layout=w.Layout(width="140px", height="12px"))
        self.status = w.HTML(says["ready"])
        self.diagram = w.Image(format="png", layout=w.Layout(width="100%", max_width="440px"))
        self.picture = w.Image(format="png", layout=w.Layout(width="100%", max_width="1000px"))
        for image in (self.diagram, self.picture):
            image.add_class("mtl-paper")
        self.numbers, self.code, self.said = w.HTML(), w.HTML(), w.HTML()
        self.error_box = w.HTML()

        self.ticks: dict[int, w.Checkbox] = {}
        self.rows = w.VBox()
        self.book_buttons = {
            name: w.Button(description=says[name], layout=w.Layout(width="auto"))
            for name in ("compare", "remove", "undo", "save", "load")
        }
        for name, button in self.book_buttons.items():
            button.on_click(getattr(self, f"_press_{name}"))
        self.file = w.Text(
            value="results/sharing_lab.csv", description=says["file"], layout=w.Layout(width="300px"),
            style={"description_width": "40px"},
        )  # fmt: skip
        named = {
            "btn-train": self.train_button, "btn-stop": self.stop_button, "mtl-status": self.status,
            "mtl-chart": self.picture, "mtl-diagram": self.diagram, "mtl-numbers": self.numbers,
            "mtl-said": self.said, "mtl-error": self.error_box, "mtl-rows": self.rows,
            "chk-finished": self.use_finished,
            **{f"btn-{name}": button for name, button in self.book_buttons.items()},
        }  # fmt: skip
        for name, widget in named.items():
            widget.add_class(name)

    def _arranged(self) -> list[w.Widget]:
        """The parts from top to bottom."""
        says = self.words
        self.board_area = w.VBox(layout=w.Layout(flex="10 1 430px", min_width="400px"))
        side = w.VBox(
            [self.diagram, _unseen(says["diagram alt"]), self.numbers],
            layout=w.Layout(flex="1 1 340px", min_width="300px"),
        )
        dials = [
            w.VBox(
                [dial, _small(says[f"{name} why"])],
                layout=w.Layout(flex="1 1 100px", min_width="96px", max_width="180px"),
            )
            for name, dial in self.dials.items()
        ]
        middle = w.Layout(
            align_items="center", flex_flow="row wrap", grid_gap="8px", overflow="hidden"
        )
        between = w.Layout(flex_flow="row wrap", grid_gap="14px", overflow="hidden", margin="6px 0")
        return [
            w.HTML(_STYLE),
            w.HBox([_label(says["presets"]), *self.presets.values()], layout=middle),
            w.HBox([self.board_area, side], layout=between),
            w.HBox(dials, layout=between),
            w.HBox(
                [self.train_button, self.stop_button, self.use_finished, self.metric, self.progress],
                layout=middle,
            ),
            self.status,
            self.error_box,
            self.picture,
            _unseen(says["chart alt"]),
            _small(says["reading"]),
            self.said,
            w.HBox([_label(says["kept"])]),
            self.rows,
            w.HBox([*self.book_buttons.values(), self.file], layout=middle),
            self.code,
        ]  # fmt: skip

    # -- the switchboard

    def _build_board(self) -> None:
        """The grid anew: a column a task."""
        says, tasks = self.words, self.board.tasks
        self.cells = {}
        children: list[w.Widget] = [_small(""), *map(_task_name, tasks)]
        for level in reversed(self.board.levels):
            children.append(_label(level))
            for task in tasks:
                button = w.Button(layout=w.Layout(width="96%"))
                button.add_class(f"cell-{level}-{task}")
                button.on_click(functools.partial(self._cell, level, task))
                self.cells[level, task] = button
                children.append(button)
        for name, dials in (
            ("labels", self.labels),
            ("weight", self.weights),
            ("guess", self.guesses),
        ):
            children += [_label(says[name]), *(dials[task] for task in tasks)]
        columns = f"88px repeat({len(tasks)}, minmax(78px, 1fr))"
        grid = w.GridBox(
            children,
            layout=w.Layout(
                grid_template_columns=columns,
                width="100%",
                overflow="hidden",
                align_items="center",
            ),
        )
        self.board_area.children = [grid]
        self._redraw_board()

    def _redraw_board(self) -> None:
        """Cells, diagram, numbers and code from the board; no Keras model is built."""
        for (level, task), button in self.cells.items():
            state = self.board.cells[level, task]
            copy = state in COPIES
            key = "copy" if copy else state
            button.description = self.words[key].format(state)
            button.tooltip = self.words[f"{key} tip"].format(level=level, task=task, copy=state)
            color = {OWN: plots.task_color(task), OUT: "transparent", **_COPY_COLORS}[state]
            button.style.button_color = color
            button.style.text_color = None if state == OUT else plots.ink_on(color)
            button.layout.border = "1px dashed #999" if state == OUT else "1px solid transparent"
        auxiliary = None if self._related is None else (TARGET, self._related)
        plan, data = self.board.plan, shipped(self.corpus.value, auxiliary)
        count = functools.partial(
            count_parameters, tasks=data.tasks, tokens=len(data.vocabulary),
            encoder=self.encoder.value, units=UNITS, embedding_dim=UNITS,
        )  # fmt: skip
        parameters = count(plan)
        figure = plots.sharing_diagram(
            plan, parameters, tasks=self.board.tasks, width=4.4, language=self.language
        )
        self.diagram.value = figure.png()
        self.numbers.value = _small_html(self._in_numbers(parameters, count))
        code = html.escape(_as_code(plan))
        self.code.value = (
            f"<details><summary>{self.words['code']}</summary><pre>{code}</pre></details>"
        )

    def _in_numbers(self, parameters: Any, count: Callable[..., Any]) -> str:
        total = parameters["parameters"].sum()
        of = {
            task: parameters.loc[
                parameters["tasks"].map(lambda g, t=task: t in g), "parameters"
            ].sum()
            for task in self.board.tasks
        }
        apart = sum(
            count(self.board.plan.only([task]))["parameters"].sum() for task in self.board.tasks
        )
        shared = parameters.loc[parameters["tasks"].map(len) > 1, "parameters"].sum()
        each = self.words["comma"].join(f"{task} {n:,}" for task, n in of.items())
        return self.words["numbers"].format(
            total=total, shared=shared, apart=apart, part=total / apart, each=each
        )

    @_callback
    def _dial_changed(self, _: Any) -> None:
        self._redraw_board()

    @_callback
    def _cell(self, level: str, task: str, _: Any) -> None:
        self.board = self.board.click(level, task)
        self._redraw_board()

    @_callback
    def _preset(self, name: str, _: Any) -> None:
        self.board = Board.of(PRESETS[name](self.board.tasks), self.board.tasks, LEVELS)
        self._redraw_board()

    @_callback
    def _auxiliary_changed(self, change: Any) -> None:
        """A column more or less; the other tasks' cells stay."""
        if NOTHING not in (change["new"], change["old"]):
            return
        plan = self.board.plan
        if change["new"] == NOTHING:
            tasks = [task for task in self.board.tasks if task != AUXILIARY]
            plan = plan.only(tasks)
        else:
            tasks = [*self.board.tasks, AUXILIARY]
            plan = SharingPlan(
                {
                    level: [[*group, AUXILIARY] if TARGET in group else group for group in groups]
                    if any(TARGET in group for group in groups)
                    else [*groups, [AUXILIARY]]
                    for level, groups in plan.as_dict().items()
                }
            )
        self.board = Board.of(plan, tasks, LEVELS)
        self._build_board()
        if not self.worker.running:
            self._new_chart()

    # -- training

    @_callback
    def _train(self, _: Any) -> None:
        if self.train_button.disabled:
            self.status.value = self.words["busy"]
            return
        self._failed, self.error_box.value = False, ""
        settings = self.settings
        guesses = {
            t: self.guesses[t].value for t in settings.tasks if self.guesses[t].value != NOTHING
        }
        known = look_up(settings) if self.use_finished.value else None
        if known:
            self._show(known)
            self._keep(known, guesses, self.words["instant"])
            return
        loaded = "tensorflow" in sys.modules
        to_come = unknown_baselines(settings, remembered)
        if not self.worker.start(
            lambda report, stop: carry_out(settings, remembered, report, stop)
        ):
            self.status.value = self.words["busy"]
            return
        self.train_button.disabled, self.stop_button.disabled = True, False
        self.status.value = self.words["compiling" if loaded else "loading"]
        self.progress.max, self.progress.value = settings.epochs * (1 + len(to_come)), 0
        self.progress.bar_style = "info"
        self._reported = None
        context = contextvars.copy_context()
        follower = threading.Thread(
            target=context.run,
            args=(self._follow, self.worker.follow(), guesses, to_come),
            daemon=True,
        )
        follower.start()

    def _follow(
        self, events: Iterable[Event], guesses: dict[str, Any], to_come: Sequence[str]
    ) -> None:
        """Draw what the training reports, in a thread of its own, until it ends."""
        for event in events:
            with self._turn:
                try:
                    self._take_in(event, guesses, to_come)
                except Exception as error:
                    self._failed = True
                    self._show_error(error)
        with self._turn:
            self.progress.value, self.progress.bar_style = 0, ""
            self.stop_button.disabled = True
            self.train_button.disabled = False  # last: it lets the next training begin

    def _take_in(self, event: Event, guesses: dict[str, Any], to_come: Sequence[str]) -> None:
        if event.kind == "report":
            self._reported = event.value
            self._show(event.value)
            self._show_progress(event.value, to_come)
        elif event.kind == "failed":
            if self._reported and self._reported.epoch:  # kept; but a guess was about the whole
                kept = self._reported.broken_by(event.value)
                self._show(kept)
                self._keep(kept, {}, "")
            self._failed = True
            self._show_error(event.value)
        elif event.value.runs:
            self._show(event.value)
            early = any(run.header["stopped"] for run in event.value.runs)
            how = "stopped" if early or self.worker.stopped else "done"
            self._keep(event.value, guesses, self.words[how])
        else:
            self.status.value = self.words["stopped at once"]

    def _show_progress(self, outcome: Outcome, to_come: Sequence[str]) -> None:
        """Which epoch of which training: the last that has begun is the one at work."""
        seed, epochs = outcome.settings.seed, outcome.settings.epochs
        begun = [("epoch", "", outcome.runs[0])]
        for task in to_come:
            own = [run for run in outcome.baselines.get(task, ()) if run.header["seed"] == seed]
            begun += [("baseline", task, run) for run in own]
        what, task, run = begun[-1]
        epoch = run.header["epoch"]
        self.progress.value = (len(begun) - 1) * epochs + epoch
        if not self.worker.stopped:
            self.status.value = self.words[what].format(task=task, epoch=epoch, epochs=epochs)

    @_callback
    def _stop(self, _: Any) -> None:
        if self.worker.running:
            self.worker.stop()
            self.status.value = self.words["stopping"]

    def _keep(self, outcome: Outcome, guesses: dict[str, Any], status: str) -> None:
        self.book = self.book.add(outcome, guesses)
        for task, guess in guesses.items():
            if self.guesses[task].value == guess:  # else it is one for the next run already
                self.guesses[task].value = NOTHING
        self._list_runs()
        self._snapshot()
        self.status.value = status  # last: whoever reads it finds the run in the list

    # -- what is shown

    @_callback
    def _metric_changed(self, _: Any) -> None:
        self._new_chart()

    def _new_chart(self) -> None:
        """Fresh charts, for other tasks or the other metric, of what was shown before."""
        tasks = self.outcome.settings.tasks if self.outcome else self.board.tasks
        self.chart = LiveChart(tasks, self.language, self.metric.value)
        shown = self.compared or ((self.outcome,) if self.outcome else ())
        if shown:
            self.chart.show(*shown)
        self.picture.value = self.chart.png()

    def _show(self, outcome: Outcome, other: Outcome | None = None) -> None:
        self.outcome, self.compared = outcome, (outcome, other) if other else None
        if tuple(self.chart.parts) != outcome.settings.tasks:
            self.chart = LiveChart(outcome.settings.tasks, self.language, self.metric.value)
        self.chart.show(outcome, other)
        self.picture.value = self.chart.png()
        self.said.value = f"<p role='status'>{html.escape(sentence(outcome, self.language))}</p>"

    def _show_error(self, error: BaseException) -> None:
        trace = html.escape("".join(traceback.format_exception(error))[-4000:])
        what = html.escape(f"{type(error).__name__}: {error}")
        self.error_box.value = (
            f"<div role='alert' style='border-left:5px solid #D55E00;padding:.3em .8em'>"
            f"<b>{self.words['error']}</b> {what}"
            f"<details><summary>{self.words['details']}</summary><pre>{trace}</pre></details></div>"
        )
        self.status.value = ""

    # -- the book of runs

    def _list_runs(self) -> None:
        """A line an entry, with a box to tick."""
        ticked = {number for number, box in self.ticks.items() if box.value}
        self.ticks = {}
        lines: list[w.Widget] = []
        for entry in self.book.entries:
            box = w.Checkbox(
                value=entry.number in ticked, indent=False, description=f"#{entry.number}",
                tooltip=self.words["select tip"].format(entry.number), layout=w.Layout(width="52px"),
            )  # fmt: skip
            self.ticks[entry.number] = box
            lines.append(
                w.HBox([box, w.HTML(self._line(entry))], layout=w.Layout(overflow="hidden"))
            )
        right, of = self.book.guessed
        if not lines:
            lines = [_small(self.words["none kept"])]
        elif of:
            lines.append(_small(self.words["right"].format(right, of)))
        self.rows.children = lines

    def _line(self, entry: Any) -> str:
        settings, changes = entry.outcome.settings, entry.outcome.changes()
        dials = (
            f"{settings.corpus} · {settings.encoder} · {TARGET} {settings.labels.get(TARGET, 0):,} · "
            f"{len(entry.outcome.runs)} × {entry.outcome.epoch}"
        )
        gains = " &nbsp; ".join(
            f"<span style='color:{plots.task_color(task)}'>{html.escape(task)}</span> "
            f"<b>{signed(row['points'])}</b>" + self._mark(entry, task)
            for task, row in changes.iterrows()
        )
        return f"<b>{html.escape(describe(settings, self.language))}</b> <small>{html.escape(dials)}</small><br>{gains}"

    @staticmethod
    def _mark(entry: Any, task: str) -> str:
        return {True: " ✓", False: " ✗", None: ""}[entry.judged.get(task)]

    def _ticked(self) -> list[int]:
        return [number for number, box in self.ticks.items() if box.value]

    @_callback
    def _press_compare(self, _: Any) -> None:
        chosen = self._ticked()
        if len(chosen) != 2:
            self.status.value = self.words["choose two"]
            return
        if self.worker.running:
            self.status.value = self.words["busy"]
            return
        first, second = (self.book[number].outcome for number in chosen)
        self._show(first, second)
        self.status.value = self.words["comparing"].format(*chosen, chosen[0])

    @_callback
    def _press_remove(self, _: Any) -> None:
        if not self._ticked():
            self.status.value = self.words["choose"]
            return
        self.book = self.book.remove(self._ticked())
        self._list_runs()
        self._snapshot()

    @_callback
    def _press_undo(self, _: Any) -> None:
        if not self.book.removed:
            self.status.value = self.words["none removed"]
            return
        self.book = self.book.undo()
        self._list_runs()
        self._snapshot()

    @_callback
    def _press_save(self, _: Any) -> None:
        if not self.book.entries:
            self.status.value = self.words["none kept"]
            return
        self.book.save(self.file.value)
        self.status.value = self.words["saved"].format(html.escape(self.file.value))

    @_callback
    def _press_load(self, _: Any) -> None:
        path = Path(self.file.value)
        if not path.is_file():
            self.status.value = self.words["no file"].format(html.escape(str(path.absolute())))
            return
        loaded = Book.load(path)
        for entry in loaded.entries:
            self.book = self.book.add(entry.outcome, entry.guesses)
        if loaded.entries and not self.worker.running:
            self._show(loaded.entries[-1].outcome)
        self._list_runs()
        self._snapshot()
        self.status.value = self.words["loaded"].format(len(loaded.entries))

    # -- what stays in the saved notebook

    def _ipython_display_(self) -> None:
        """The widget, and below it a still picture that is seen where no widget can be.

        However many cells show the lab, one handle keeps all their pictures up to date.
        """
        display(super()._repr_mimebundle_(), raw=True)
        self._still_shown = self._still_shown or DisplayHandle()
        self._still_shown.display(HTML(self._still()))

    def _snapshot(self) -> None:
        if self._still_shown is not None:
            self._still_shown.update(HTML(self._still()))

    def _still(self) -> str:
        if self.outcome is None:
            shown = f"<p>{self.words['ready']}</p>"
        else:
            shown = as_html(
                self.picture.value, sentence(self.outcome, self.language), table(self.outcome, self.language)
            )  # fmt: skip
            shown += self.book.table(self.language).T.to_html(na_rep="–")
        return f"<div class='mtl-snapshot'>{shown}</div>"


# -- small pieces


def _label(text: str) -> w.HTML:
    return w.HTML(f"<span style='font-size:12px'>{html.escape(text)}</span>")


def _unseen(text: str) -> w.HTML:
    """Read out where a picture stands, which has no words of its own."""
    return w.HTML(f"<span class='mtl-unseen'>{html.escape(text)}</span>")


def _small_html(text: str) -> str:
    return f"<div class='mtl-small'>{text}</div>"


def _small(text: str) -> w.HTML:
    return w.HTML(_small_html(html.escape(text)))


def _task_name(task: str) -> w.HTML:
    color = plots.task_color(task)
    return w.HTML(f"<b style='color:{color}'>{html.escape(task)}</b>")


def _as_code(plan: SharingPlan) -> str:
    lines = [f'    "{level}": {groups!r},' for level, groups in plan.as_dict().items()]
    return "\n".join(["SharingPlan({", *lines, "})"]).replace("'", '"')
