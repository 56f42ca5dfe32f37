"""`SeedDrawing`: draw seeds one at a time, decide when to stop, and see how often that was wrong."""

from __future__ import annotations

from typing import get_args

import ipywidgets as widgets
import numpy as np

from mtl_tutorial import plots
from mtl_tutorial.comparing import Verdict
from mtl_tutorial.languages import check_language
from mtl_tutorial.lessons.drawing import EFFECTS, difference, is_wrong

_WORDS = {
    "en": {
        "draw": "Draw a seed", "gains": "It gains", "loses": "It loses", "cannot tell": "Cannot tell",
        "start": "Does it help? Draw seeds, and decide when you know enough.",
        "one": "One seed: {points:+.1f} points. One has no interval.",
        "end": "You said “{said}” after {n} seeds. The true effect was {effect:+.0f} points: {wrong}.",
        "wrong": "wrong", "right": "right", "silent": "you did not commit yourself",
        "tally": "Games: {games}. Wrong: {wrong}. Seeds a game: {seeds:.1f}.", "row": "so far",
    },
    "zh": {
        "draw": "抽一个种子", "gains": "提高", "loses": "下降", "cannot tell": "无法判断",
        "start": "有没有帮助？请抽种子，觉得够了就作决定。",
        "one": "一个种子：{points:+.1f} 个百分点。只有一个，没有置信区间。",
        "end": "抽了 {n} 个种子，你的结论是“{said}”。真实效应是 {effect:+.0f} 个百分点：{wrong}。",
        "wrong": "错了", "right": "对了", "silent": "你没有下结论",
        "tally": "已玩 {games} 局，错 {wrong} 局，平均每局 {seeds:.1f} 个种子。", "row": "目前",
    },
}  # fmt: skip


class SeedDrawing(widgets.VBox):
    """Games against chance; `lessons.drawing.play` plays many of them without a click.

    Parameters
    ----------
    residuals
        What `lessons.drawing.chance` gave.
    language
        Of the words, ``"en"`` or ``"zh"``.
    seed
        Of the hidden effects and the draws.
    """

    def __init__(self, residuals: np.ndarray, *, language: str = "en", seed: int = 0):
        check_language(language)
        self.words, self.language, self.residuals = _WORDS[language], language, residuals
        self.rng = np.random.default_rng(seed)
        self.games = self.wrong = self.drawn = 0
        self.said, self.tally = widgets.HTML(self.words["start"]), widgets.HTML()
        self.picture = widgets.Image(format="png", width=560)
        self.picture.layout.display = "none"
        draw = widgets.Button(description=self.words["draw"], button_style="primary")
        draw.on_click(lambda _: self.draw())
        self.deciding = []
        for verdict in get_args(Verdict):
            button = widgets.Button(description=self.words[verdict], disabled=True)
            button.on_click(lambda _, verdict=verdict: self.decide(verdict))
            self.deciding.append(button)
        super().__init__(
            [widgets.HBox([draw, *self.deciding]), self.said, self.picture, self.tally]
        )
        self._begin()

    def draw(self) -> None:
        """Draw the next seed and show what is known so far."""
        self.points.append(self.effect + float(self.rng.choice(self.residuals)))
        for button in self.deciding:
            button.disabled = False
        if len(self.points) == 1:
            self._say(self.words["one"].format(points=self.points[0]))
            return
        so_far = difference(self.points)
        self._say(so_far.in_words(self.language))
        figure = plots.differences({self.words["row"]: so_far}, language=self.language)
        self.picture.value = figure.png()
        self.picture.layout.display = ""

    def decide(self, verdict: Verdict) -> None:
        """End the game with a verdict; tell the truth, count, and begin the next."""
        if not self.points:
            return
        wrong = is_wrong(verdict, self.effect)
        self.games, self.wrong = self.games + 1, self.wrong + wrong
        self.drawn += len(self.points)
        outcome = "wrong" if wrong else "silent" if verdict == "cannot tell" else "right"
        self._say(self.words["end"].format(
            said=self.words[verdict], n=len(self.points), effect=self.effect,
            wrong=self.words[outcome],
        ))  # fmt: skip
        self.tally.value = self.words["tally"].format(
            games=self.games, wrong=self.wrong, seeds=self.drawn / self.games
        )
        self._begin()

    def _begin(self) -> None:
        self.effect = float(self.rng.choice(EFFECTS))
        self.points: list[float] = []
        self.picture.layout.display = "none"
        for button in self.deciding:
            button.disabled = True

    def _say(self, words: str) -> None:
        self.said.value = words
