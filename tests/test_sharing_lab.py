"""The Sharing Lab's widget, driven by the messages that a browser would send."""

import json
import queue
import threading
from collections.abc import Callable
from unittest.mock import Mock

import ipywidgets
import pytest

from mtl_tutorial.experiment import Experiment
from mtl_tutorial.lab import outcome, plain
from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.catalogue import texts
from mtl_tutorial.lab.settings import AUXILIARY, TASKS
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.reasons import reason
from mtl_tutorial.runs import Run
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.widgets import sharing_lab, still
from mtl_tutorial.widgets.sharing_lab import IDLE, SharingLab
from tests.test_lab import made_run

SAYS = texts("en")


@pytest.fixture(autouse=True)
def _nothing_is_known(monkeypatch):
    """No table of finished runs, nothing remembered: the trainings are those of `trained`."""
    monkeypatch.setattr(outcome.grid, "load", dict)
    monkeypatch.setattr(sharing_lab, "remembered", {})
    monkeypatch.setattr(plain, "remembered", {})


class Trained(list):
    """Experiments that only pretend: those that ran. They wait where a test holds them."""

    error: BaseException | None = None

    def __init__(self) -> None:
        self._held, self._steps = False, threading.Semaphore(0)

    def hold(self, steps: int) -> None:
        """From now on only so many measurements are made (the first of a run is epoch 0)."""
        self._held = True
        for _ in range(steps):
            self._steps.release()

    def go_on(self) -> None:
        self._held = False
        self._steps.release()

    def step(self) -> None:
        if self._held:
            assert self._steps.acquire(timeout=60)


@pytest.fixture
def trained(monkeypatch):
    done = Trained()

    def run(self, *, test, stop, watch, record):
        done.append(self)
        score = 0.8 if len(self.tasks) > 1 else 0.5
        for epoch in range(self.epochs + 1):
            done.step()
            if done.error is not None:
                raise done.error
            if epoch and stop.is_set():  # within this epoch: the run is that of the one before
                made = made_run(self, dict.fromkeys(self.tasks, score), epoch - 1)
                return Run(
                    {**made.header, "stopped": reason("interrupted", epoch=epoch)}, made.table
                )
            made = made_run(self, dict.fromkeys(self.tasks, score), epoch)
            watch(made)
        return made

    monkeypatch.setattr(Experiment, "run", run)
    return done


def ask(lab: SharingLab, do: str, **more) -> None:
    """What the page sends when a button is pressed."""
    lab._handle_custom_msg({"do": do, "id": 1, **more}, [])


def put(lab: SharingLab, **dials) -> None:
    """What the page sends when the board or a dial is changed."""
    lab.set_state({"chosen": {**lab.chosen, **dials}})


def until(lab: SharingLab, reached: Callable[[], bool]) -> None:
    """Wait for something that the lab shows, at most a minute for each change."""
    changed = threading.Event()
    lab.observe(lambda _: changed.set())
    while not reached():
        assert changed.wait(60)
        changed.clear()


def finish(lab: SharingLab) -> None:
    """Wait until the training has ended and all of it is shown."""
    until(lab, lambda: lab.doing == IDLE)


def learned(lab: SharingLab, epochs: int) -> Callable[[], bool]:
    """Whether the lab has been told of so many epochs; 0 is what it hears before the first step."""
    return lambda: bool(lab.shown) and lab.shown["epoch"] >= epochs


def test_all_that_goes_to_the_page_is_plain_data(trained):
    lab = SharingLab(epochs=1)
    ask(lab, "train")
    finish(lab)
    state = lab.get_state()
    named = [
        name
        for name in state
        if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip", "comm")
    ]
    assert {"chosen", "shown", "listed", "facts", "words", "sizes"} <= set(named)
    for name in named:
        value = state[name]
        assert json.loads(json.dumps(value, allow_nan=False)) == value, name


@pytest.mark.parametrize("preset", PRESETS)
def test_plans_made_by_hand_and_in_code_come_to_the_board(preset):
    lab = SharingLab(language="zh")
    put(lab, plan=PRESETS[preset](TASKS).as_dict())
    assert lab.settings.plan == lab.board.plan == PRESETS[preset](TASKS)
    lab.load_plan(PRESETS[preset](("person", "ner")))
    assert lab.settings.tasks == ("person", "ner") and not lab.error
    lab.load_plan(SharingPlan.hard((*TASKS, AUXILIARY)))
    assert lab.settings.relatedness == 1.0
    with pytest.raises(ValueError, match="the board has"):
        lab.load_plan(SharingPlan({"words": [["person", "ner"]]}))


def test_every_dial_reaches_the_settings():
    lab = SharingLab()
    put(lab, labels={"person": 200}, weights={"ner": 4.0}, corpus="zh", encoder="mlp", epochs=3)
    put(lab, learning_rate=1e-3, seed=7)
    settings = lab.settings
    assert settings.labels["person"] == 200 and settings.weights == {"ner": 4.0}
    assert (settings.corpus, settings.encoder, settings.epochs) == ("zh", "mlp", 3)
    assert (settings.learning_rate, settings.seed, settings.relatedness) == (1e-3, 7, None)
    assert set(lab.sizes) == {"en", "zh"} and not lab.error  # both corpora's counts are known now


def test_a_training_is_drawn_kept_and_judged_against_the_guess(trained):
    lab = SharingLab(epochs=2)
    for seed in (1, 2):  # what a baseline varies is known from other seeds
        for task, baseline in lab.settings.with_seed(seed).baselines.items():
            known = made_run(baseline, {task: 0.5 + 0.01 * seed})
            sharing_lab.remembered[baseline.key] = known
    lab.set_state({"guesses": {"person": "gains", "ner": "cannot tell"}})
    ask(lab, "train")
    finish(lab)
    assert not lab.error and len(trained) == 1 + len(TASKS)
    assert lab.shown["number"] == 1 and lab.shown["tasks"]["person"]["points"] == pytest.approx(30)
    assert lab.shown["tasks"]["person"]["curves"]["score"]["plan"]["mean"] == [0.0, 0.4, 0.8]
    assert "person gains 30.0 points" in lab.shown["said"]["en"]
    (entry,) = lab.listed["entries"]
    assert lab.book.guessed == (1, 2) == (lab.listed["right"], lab.listed["judged"])
    assert entry["tasks"]["person"]["right"] is True and entry["tasks"]["ner"]["right"] is False
    assert lab.guesses == {} and lab.status == SAYS["done"]


def test_whoever_reads_that_a_run_is_there_finds_it_in_the_list(trained):
    lab = SharingLab(epochs=1)
    listed = []
    lab.observe(lambda change: listed.append(len(lab.listed["entries"])), "said")
    ask(lab, "train")
    finish(lab)
    assert listed == [1]


def test_stop_keeps_what_was_learned_and_the_lab_goes_on(trained):
    trained.hold(3)
    lab = SharingLab(epochs=20)
    ask(lab, "train")
    until(lab, learned(lab, 2))
    ask(lab, "stop")
    assert lab.status == SAYS["stopping"]
    trained.go_on()
    finish(lab)
    assert lab.book.entries[0].outcome.epoch == 2 and lab.status == SAYS["stopped"]
    put(lab, epochs=1)
    ask(lab, "train")
    finish(lab)
    assert len(lab.book.entries) == 2 and not lab.error


def test_stop_among_the_baselines_is_a_stop_too(trained):
    """The plan is trained to its end; what its task gains is not known, and its guess not judged."""
    trained.hold(4)  # epochs 0, 1, 2 of the plan, 0 of the first baseline
    lab = SharingLab(epochs=2)
    lab.set_state({"guesses": {"ner": "gains"}})
    ask(lab, "train")
    until(lab, lambda: lab.doing["phase"] == "baseline")
    lab.set_state({"guesses": {"ner": "gains", "person": "loses"}})  # for the next run
    ask(lab, "stop")
    trained.go_on()
    finish(lab)
    assert lab.outcome.epoch == 2 and lab.status == SAYS["stopped"]
    assert lab.book.guessed == (0, 0) and not lab.error
    assert lab.guesses == {"person": "loses"}
    assert lab.shown["tasks"]["ner"]["points"] is None


def test_train_pressed_twice_trains_once(trained):
    trained.hold(1)
    lab = SharingLab(epochs=2)
    ask(lab, "train")
    ask(lab, "train")
    assert lab.said["key"] == "busy"
    trained.go_on()
    finish(lab)
    assert len(trained) == 1 + len(TASKS) and len(lab.book.entries) == 1


def test_a_second_lab_that_trains_is_told_in_the_first(trained):
    trained.hold(1)
    first, second = SharingLab(epochs=2), SharingLab(epochs=2)
    ask(first, "train")
    until(first, learned(first, 0))
    ask(second, "train")
    trained.go_on()
    finish(first)
    finish(second)
    assert first.status == SAYS["replaced at once"] and second.status == SAYS["done"]
    trained.hold(3)
    put(first, seed=1, epochs=9)
    ask(first, "train")
    until(first, learned(first, 2))
    ask(second, "train")
    trained.go_on()
    finish(first)
    finish(second)
    assert first.status == SAYS["replaced"] and first.book.entries[0].outcome.epoch == 2


def test_an_error_is_told_in_words_and_the_lab_stays_usable(trained):
    trained.error = MemoryError("no <room> left")
    lab = SharingLab(epochs=1)
    ask(lab, "train")
    finish(lab)
    assert lab.error == "MemoryError: no <room> left" and "Traceback" in lab.trouble["details"]
    assert lab.status == SAYS["broke down"] and not lab.book.entries
    trained.error = None
    ask(lab, "train")
    finish(lab)
    assert not lab.error and len(lab.book.entries) == 1


def test_what_was_trained_before_an_error_is_kept_and_its_guesses_are_not_judged(trained):
    trained.hold(4)
    lab = SharingLab(epochs=2)
    lab.set_state({"guesses": {"person": "gains"}})
    ask(lab, "train")
    until(lab, lambda: lab.doing["phase"] == "baseline")
    trained.error = MemoryError("no room left")
    trained.go_on()
    finish(lab)
    (entry,) = lab.book.entries
    assert "MemoryError" in lab.error and entry.outcome.epoch == 2
    assert lab.book.guessed == (0, 0) and lab.guesses == {"person": "gains"}


def test_a_training_that_an_error_ends_is_kept_as_that_and_the_error_stays(trained):
    trained.hold(3)
    lab = SharingLab(epochs=20)
    ask(lab, "train")
    until(lab, learned(lab, 2))
    trained.error = MemoryError("no room left")
    trained.go_on()
    finish(lab)
    (entry,) = lab.book.entries
    assert entry.outcome.epoch == 2
    assert "ended by itself: MemoryError: no room left" in lab.shown["said"]["en"]
    ask(lab, "undo")  # whoever plays with the lab must still hear of it
    assert "MemoryError" in lab.error
    trained.error = None
    put(lab, epochs=1)
    ask(lab, "train")
    finish(lab)
    assert not lab.error and len(lab.book.entries) == 2


def test_stopped_in_the_first_epoch_the_lab_keeps_nothing_and_the_guess_stands(trained):
    trained.hold(1)
    lab = SharingLab(epochs=2)
    lab.set_state({"guesses": {"person": "cannot tell"}})
    ask(lab, "train")
    until(lab, learned(lab, 0))  # before the first step
    ask(lab, "stop")
    trained.go_on()
    finish(lab)
    assert lab.status == SAYS["stopped at once"] and not lab.error
    assert not lab.book.entries and lab.guesses == {"person": "cannot tell"}


def test_a_training_that_begins_as_another_ends_can_be_stopped(trained):
    """What the old one's follower does last is to let the next begin."""
    lab = SharingLab(epochs=2)
    begun = threading.Event()

    def press(change):
        if change["new"] == IDLE and not begun.is_set():
            trained.hold(1)
            put(lab, seed=1)  # another training, not one remembered
            ask(lab, "train")
            begun.set()

    lab.observe(press, "doing")
    ask(lab, "train")
    assert begun.wait(60)
    until(lab, lambda: lab.shown["settings"]["seed"] == 1)
    ask(lab, "stop")
    trained.go_on()
    finish(lab)
    assert lab.status == SAYS["stopped at once"] and len(lab.book.entries) == 1


def test_stopped_before_anything_was_learned_the_lab_keeps_nothing(trained, monkeypatch):
    lab = SharingLab(epochs=2)
    begun, go_on = threading.Event(), threading.Event()

    def slow(*arguments):
        begun.set()
        assert go_on.wait(60)
        return outcome.carry_out(*arguments)

    monkeypatch.setattr(sharing_lab, "carry_out", slow)
    ask(lab, "train")
    assert begun.wait(60)
    ask(lab, "stop")
    go_on.set()
    finish(lab)
    assert lab.status == SAYS["stopped at once"]
    assert not trained and not lab.book.entries and not lab.error


def test_the_progress_bar_counts_what_has_to_be_trained(trained):
    lab = SharingLab(epochs=3)
    filled = []
    lab.observe(
        lambda change: filled.append((change["new"].get("done"), change["new"].get("total"))),
        "doing",
    )
    for preset, runs in (("all shared", 1 + len(TASKS)), ("separate", 1)):  # then all are known
        put(lab, plan=PRESETS[preset](TASKS).as_dict())
        filled.clear()
        ask(lab, "train")
        finish(lab)
        *begun, ended = filled
        values = [value for value, _ in begun]
        assert ended == (None, None) and values == sorted(values) and max(values) == 3 * runs
        assert {total for _, total in begun} == {3 * runs}


def test_wishes_and_a_trainings_follower_take_turns(trained):
    lab = SharingLab(epochs=1)
    heard = threading.Event()
    lab.observe(lambda _: heard.set(), "said")
    with lab._turn:
        click = threading.Thread(target=ask, args=(lab, "undo"))
        click.start()
        assert not heard.wait(0.1)
    click.join(60)
    assert lab.status == SAYS["none removed"]


def test_what_a_thread_could_not_show_is_shown_when_the_page_looks(trained, monkeypatch):
    """As on hosts that pass on nothing that a thread sends by itself."""
    lab = SharingLab(epochs=2)
    page: dict = {}
    main = threading.current_thread()

    def send_state(key=None):
        if threading.current_thread() is main:
            keys = [key] if isinstance(key, str) else key
            page.update(lab.get_state(keys))

    monkeypatch.setattr(lab, "send_state", send_state)
    trained.hold(2)  # epochs 0 and 1
    ask(lab, "train")
    until(lab, learned(lab, 1))
    assert page.get("doing") != IDLE and "shown" not in page
    ask(lab, "look", seen=0)  # in the middle of the training: curves and progress bar so far
    assert page["shown"]["epoch"] == 1 and page["doing"]["done"] == 1 < page["doing"]["total"]
    trained.go_on()
    finish(lab)
    ask(lab, "look", seen=page["moment"])
    assert page["doing"] == IDLE and page["shown"]["epoch"] == 2
    assert len(page["listed"]["entries"]) == 1 and page["said"]["key"] == "done"
    page.clear()
    ask(lab, "look", seen=lab.moment)
    assert not page  # a page that has seen all is sent nothing


def test_a_wish_brings_along_what_is_set_and_is_not_sent_it_back(trained, monkeypatch):
    """The page's changes of the model wait for each other; its wishes overtake them."""
    lab, sent = SharingLab(epochs=1), []
    monkeypatch.setattr(lab, "send_state", lambda key=None: sent.append(key))
    plan = PRESETS["separate"](TASKS).as_dict()
    state = {"chosen": {**lab.chosen, "plan": plan}, "guesses": {"ner": "gains"}, "instant": False}
    ask(lab, "train", set=state)
    finish(lab)
    assert lab.outcome.settings.plan == PRESETS["separate"](TASKS)
    assert lab.book.entries[0].guesses == {"ner": "gains"} and lab.instant is False
    assert "chosen" not in sent and "instant" not in sent


def test_what_is_said_reaches_the_page_with_what_it_speaks_of(trained, monkeypatch):
    """In one message: a page that reads "1 removed" has a list without that run."""
    lab = SharingLab(epochs=1)
    ask(lab, "train")
    finish(lab)
    sent = []
    monkeypatch.setitem(lab._trait_values, "comm", Mock())  # ipywidgets 7 sends to a kernel alone
    monkeypatch.setattr(
        lab,
        "send_state",
        lambda key=None: sent.append({key} if isinstance(key, str) else {*(key or ())}),
    )
    for wish, more in (("remove", {"numbers": [1]}), ("undo", {})):
        sent.clear()
        ask(lab, wish, **more)
        (told,) = (keys for keys in sent if "said" in keys)
        assert "listed" in told
    assert len(lab.listed["entries"]) == 1


def test_an_error_in_a_wish_is_told_and_is_gone_with_the_next_one(monkeypatch):
    lab = SharingLab()
    ask(lab, "show", numbers=[7])
    assert "no run 7" in lab.error
    ask(lab, "look", seen=0)  # this is no wish of the learner's
    assert lab.error
    ask(lab, "undo")
    assert not lab.error


def test_every_wish_is_answered(monkeypatch):
    lab = SharingLab()
    sent = []
    monkeypatch.setattr(lab, "send", sent.append)
    for do, more in (("undo", {}), ("show", {"numbers": [7]}), ("look", {"seen": 0})):
        ask(lab, do, **more)
    assert sent == [{"heard": 1}] * 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_the_lab_does_not_take_is_told_in_words(language, trained, tmp_path):
    lab, says = SharingLab(language=language, epochs=1), texts(language)
    ask(lab, "load", path=str(tmp_path / "nowhere.csv"))
    assert lab.status == says["file missing"].format(path=tmp_path / "nowhere.csv")
    ask(lab, "train")
    finish(lab)
    for name, why in (("lesson.ipynb", "ending"), ("foreign.csv", "kept")):
        path = tmp_path / name
        path.write_text("mine", "utf-8")
        ask(lab, "save", path=str(path))
        assert path.read_text("utf-8") == "mine"
        assert lab.status == says[f"file {why}"].format(path=path)
        ask(lab, "load", path=str(path))
        assert not lab.error
    assert lab.status == says["file foreign"].format(path=path)
    assert len(lab.book.entries) == 1


def test_runs_are_compared_removed_brought_back_saved_and_loaded(trained, tmp_path):
    lab = SharingLab(epochs=1)
    for preset in ("all shared", "separate"):
        put(lab, plan=PRESETS[preset](TASKS).as_dict())
        ask(lab, "train")
        finish(lab)
    ask(lab, "compare", numbers=[])
    assert lab.said == {"place": "book", "key": "choose two", "values": {}}
    ask(lab, "compare", numbers=[1, 2])
    assert (lab.shown["number"], lab.beside["number"]) == (1, 2)
    assert lab.status == "Solid: run 1. Dotted: run 2."
    ask(lab, "show", numbers=[2])
    assert lab.shown["number"] == 2 and lab.beside == {}
    path = str(tmp_path / "runs.csv")
    ask(lab, "save", path=f" {path} ")
    assert lab.status == f"2 runs saved to {path}."
    ask(lab, "remove", numbers=[1, 2])
    assert not lab.book.entries and lab.status == "2 removed; Undo brings them back."
    ask(lab, "remove", numbers=[])
    assert lab.status == SAYS["choose"]
    ask(lab, "undo")
    assert len(lab.listed["entries"]) == 2 and lab.status == "2 brought back."
    other = SharingLab(language="zh")
    ask(other, "load", path=path)
    assert not other.error and len(other.listed["entries"]) == 2 and other.shown["number"] == 2
    ask(other, "load", path=path)
    assert len(other.listed["entries"]) == 2 and other.listed["file"] == path
    still = other._still()  # another day's runs, too, stay in the saved notebook
    assert "data:image/png;base64," in still and "方案" in still and "embedding：全部" in still


def test_while_something_is_trained_the_charts_show_that(trained):
    lab = SharingLab(epochs=1)
    ask(lab, "train")
    finish(lab)
    trained.hold(1)
    put(lab, seed=1)
    ask(lab, "train")
    until(lab, lambda: lab.shown["number"] is None)
    for wish in ({"do": "show", "numbers": [1]}, {"do": "compare", "numbers": [1, 1]}):
        ask(lab, wish["do"], numbers=wish["numbers"])
        assert lab.said["key"] == "busy" and lab.shown["number"] is None
    trained.go_on()
    finish(lab)


def test_what_is_saved_with_the_notebook_has_picture_sentence_and_table(trained):
    lab = SharingLab(epochs=1)
    assert SAYS["first"] in lab._still()
    ask(lab, "train")
    finish(lab)
    still = lab._still()
    assert "data:image/png;base64," in still and "person +30.0" in still
    assert "embedding: all" in still and still.count("<table") == 2


def test_a_cell_shows_the_widget_and_the_still_picture(monkeypatch):
    shown = []
    monkeypatch.setattr(still, "display", lambda data, **_: shown.append(data))
    lab = SharingLab()
    lab._ipython_display_()
    (data,) = shown
    assert "application/vnd.jupyter.widget-view+json" in data


def test_the_still_picture_is_drawn_anew_when_something_is_kept_and_not_for_every_wish(trained):
    lab, drawn = SharingLab(epochs=3), queue.SimpleQueue()

    class Handle:
        def update(self, picture):
            drawn.put(picture.data)

    lab._still_shown = Handle()
    ask(lab, "train")
    assert "person +30.0" in drawn.get(timeout=60)
    finish(lab)
    for do in ("undo", "look"):
        ask(lab, do, seen=0)
    assert drawn.empty()
    ask(lab, "remove", numbers=[1])
    assert not drawn.empty()


def test_the_language_is_checked():
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        SharingLab(language="fr")


def test_the_lab_takes_no_name_that_widgets_need():
    """A method called `_compare` would be asked by traitlets whether two values are equal."""
    own = {
        name
        for name, value in vars(SharingLab).items()
        if callable(value) or type(value) is property
    }
    needed = {name for name in own if hasattr(ipywidgets.DOMWidget, name)}
    assert needed <= {
        "__init__",
        "_ipython_display_",
    }  # the second is how ipywidgets 7 shows itself
