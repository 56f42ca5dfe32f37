"""Lesson 14's corpus: the inbox of a repair café, three files in the state in which data come.

Invented, in Chinese and English: nobody wrote these messages. They stand in ``data/inbox/<language>/``:

=====================  =====================================================================
``spring.csv``         an old export (Windows-1252 or GB18030, semicolons): ``request`` in many
                       spellings; ``urgent`` from the middle of the season on
``autumn.jsonl``       UTF-8; ``request``, and ``parts`` in BIOES; a few messages sent twice
``volunteers.conll``   ``parts`` in IOB1 and ``urgent``, also of messages from the spring, on
                       which not everybody agrees
=====================  =====================================================================

``request`` says what somebody wants; ``urgent``, whether there is danger: a fault of the dangerous
kind that is not denied; ``parts`` marks the THING and its FAULT. `NOISE` of the labels are wrong.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mtl_tutorial.corpora.people import folder as shipped
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.languages import LANGUAGES, check_language
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import tokenize

REQUESTS = ("advice", "complaint", "repair", "thanks")
NOISE = 0.03
SEED = 14
ENCODINGS = {"en": "cp1252", "zh": "gb18030"}
SIZES = {"spring": 280, "autumn": 260, "volunteers": 180}
_AGAIN, _TWICE = 40, 12  # messages of the spring among the volunteers'; messages sent twice


TASKS = {
    "request": Task("request", "sequence", REQUESTS),
    "urgent": Task("urgent", "sequence", ("no", "yes"), score="macro_f1"),
    "parts": Task.bio("parts", ["FAULT", "THING"]),
}

# Pairs: after "it", and where it is denied; one word where the two are the same.
_DANGERS = {
    "en": "smells of burning/smell of burning|throws sparks/throw sparks|smokes/smoke|"
    "gave me an electric shock/give me electric shocks|melts its own plug/melt its plug|"
    "trips the fuse/trip the fuse|has a bare wire/have a bare wire|hisses and gets hot/get hot|"
    "burned a hole into the table/burn anything|crackles at the plug/crackle|"
    "scorched the wall/scorch the wall|drips onto the socket/drip",
    "zh": "有股焦味/焦味|冒火花|冒烟|电了我一下/电到人|把插头烧化了/烧化插头|一开就跳闸/跳闸|"
    "电线露在外面/露出电线|烫得吓人/发烫|把桌子烧了个洞/烧坏东西|插头噼啪作响/噼啪作响|"
    "把墙熏黑了/熏黑墙|往插座上滴水",
}
_HARMLESS = {
    "en": "rattles|does not switch on any more|is stuck|makes a grinding noise|has lost a screw|"
    "stops after a minute|wobbles|squeaks|has a loose handle|only works now and then|is very slow|"
    "hums but does nothing|shows nothing but zeros|will not close|has a cracked lid|"
    "beeps all night|turns the wrong way|has a broken switch|lost its power|got terribly loud",
    "zh": "响个不停|打不开|卡住了|声音很怪|掉了一颗螺丝|用一会儿就停|晃来晃去|吱吱叫|把手松了|"
    "时好时坏|慢得很|只嗡嗡响不干活|屏幕全是零|盖子合不上|盖子裂了|半夜乱叫|转反了|开关坏了|没劲|吵得要命",
}
_THINGS = {
    "en": "toaster|kettle|vacuum cleaner|sewing machine|coffee machine|hair dryer|desk lamp|radio|"
    "record player|printer|blender|alarm clock|electric drill|heater|fan|iron|microwave|mixer|"
    "bread maker|doorbell|game console|lawn mower|rice cooker|electric blanket|humidifier|shaver|"
    "waffle iron|dehydrator|soldering iron|aquarium pump",
    "zh": "电水壶|吸尘器|缝纫机|咖啡机|吹风机|台灯|收音机|唱片机|打印机|榨汁机|闹钟|电钻|电暖器|电风扇|"
    "熨斗|微波炉|烤箱|面包机|门铃|游戏机|割草机|电饭煲|电热毯|加湿器|剃须刀|电饼铛|豆浆机|电烙铁|鱼缸水泵|洗碗机",
}
_KINDS = {
    "en": "||||old |red |little |grandmother’s |second-hand |new ",
    "zh": "||||旧|红色|小|老式|二手|新",
}
_WHO = {
    "en": "Zoë|René|Ms Novák|Jürgen|Mr Okoro|Anaïs|Tom|Ms Fernández",
    "zh": "佐伊|小雷|诺老师|于师傅|欧师傅|安姐|老汤|范阿姨",
}
_WHEN = {
    "en": "on Tuesday|on Saturday|next week|at the next café|tomorrow|after five",
    "zh": "周二|周六|下周|下一次活动|明天|五点以后",
}
# [..] what is drawn; {T}: thing, {F}: any fault, {H}: a harmless one, {D}: one that is denied.
_FRAMES = {
    "en": {
        "repair": "My {T} {F} . Could somebody look at it {W} ?|Hello , our {T} {F} , is there a free slot {W} ?|"
        "Can you mend a {T} ? It {F} .|I would like to bring a {T} that {F} {W} .|"
        "The {T} does not {D} , it just {H} . May I come {W} ?|Since yesterday my {T} {F} . Please help !|"
        "My neighbor’s {T} {F} , can I bring it {W} ?",
        "advice": "My {T} {F} . Can I go on using it ?|Is it worth mending a {T} that {F} ?|"
        "Where do I get a spare part for a {T} ? It {F} .|What would you do with a {T} that {F} ?|"
        "The {T} {H} , but it does not {D} . Should I worry ?|A friend says a {T} that {H} is harmless . True ?",
        "thanks": "Thank you , the {T} works again !|The {T} does not {D} any more since {P} looked at it , thanks !|"
        "A big thank-you to {P} : my {T} runs like new .|{P} mended my {T} in ten minutes . Wonderful !|"
        "My {T} no longer has to go to the dump , thanks to {P} .",
        "complaint": "I waited two hours {W} and my {T} still {F} .|{P} took my {T} apart and now it {F} .|"
        "You promised to call about the {T} , and nobody did .|After your repair the {T} {F} . I am not amused .|"
        "The {T} came back without its lid , and it {F} .",
    },
    "zh": {
        "repair": "我的{T}{F}，{W}能请人看看吗？|你好，家里的{T}{F}，{W}还有空位吗？|{T}能修吗？它{F}。|"
        "想{W}带一台{F}的{T}过去。|{T}没有{D}，只是{H}，{W}可以来吗？|从昨天起我的{T}{F}，请帮帮忙！|"
        "邻居的{T}{F}，{W}能带过来吗？",
        "advice": "我的{T}{F}，还能接着用吗？|{F}的{T}还值得修吗？|{T}的配件哪里有卖？它{F}。|{T}{F}，换作你们会怎么办？|"
        "{T}{H}，不过没有{D}，要紧吗？|朋友说{T}{H}不碍事，是真的吗？",
        "thanks": "谢谢，{T}又能用了！|{P}看过以后，{T}没有再{D}，谢谢！|特别感谢{P}：我的{T}跟新的一样。|"
        "{P}十分钟就修好了我的{T}，太棒了！|多亏{P}，我的{T}不用扔了。",
        "complaint": "{W}等了两个小时，我的{T}还是{F}。|{P}拆了我的{T}，现在它{F}。|"
        "说好{T}的事打电话给我，结果没人打。|你们修过之后{T}{F}，我很不高兴。|{T}拿回来少了盖子，而且{F}。",
    },
}
_SPELLINGS = (str, str, str, str.capitalize, str.upper, lambda label: label + " ")


@dataclass(frozen=True)
class Message:
    """A message with all that is true of it, before anything is hidden."""

    tokens: tuple[str, ...]
    text: str
    request: str
    urgent: str
    parts: tuple[str, ...]  # in BIO


class _Writer:
    """Draws messages of one language."""

    def __init__(self, language: str, seed: int):
        self.language, self.rng = language, np.random.default_rng([seed, LANGUAGES.index(language)])

    def one_of(self, words: str) -> str:
        """A word of a list; those early in it more often, by Zipf's law."""
        choices = words.split("|")
        weights = 1 / np.arange(2, len(choices) + 2)
        return str(self.rng.choice(choices, p=weights / weights.sum()))

    def message(self) -> Message:
        request = str(self.rng.choice(REQUESTS, p=[0.25, 0.15, 0.4, 0.2]))
        frame = str(self.rng.choice(_FRAMES[self.language][request].split("|")))
        tokens: list[str] = []
        tags: list[str] = []
        urgent, text = "no", ""
        for piece in re.findall(r"\{.\}|[^{}]+", frame):
            said, part, danger = self._filled(piece)
            urgent = "yes" if danger else urgent
            here = tokenize(said)
            tokens += here
            tags += ["O"] * len(here) if part is None else self._marked(part, len(here))
            text += said
        flipped = {"yes": "no", "no": "yes"}
        if self.rng.random() < NOISE:
            request = str(self.rng.choice(REQUESTS))
        if self.rng.random() < NOISE:
            urgent = flipped[urgent]
        text = re.sub(r" ([.,?!:])", r"\1", text)
        if tokenize(text) != tokens:
            raise AssertionError(f"{text!r} is not cut as its parts are: {tokens}")
        return Message(tuple(tokens), text, request, urgent, tuple(tags))

    def _filled(self, piece: str) -> tuple[str, str | None, bool]:
        """What stands in a slot, which part it is, and whether it is a danger."""
        lists = {"{W}": _WHEN, "{P}": _WHO}
        if piece == "{T}":
            kind = str(self.rng.choice(_KINDS[self.language].split("|")))
            return kind + self.one_of(_THINGS[self.language]), "THING", False
        if piece in ("{F}", "{H}", "{D}"):
            danger = piece == "{D}" or (piece == "{F}" and self.rng.random() < 0.3)
            words = self.one_of((_DANGERS if danger else _HARMLESS)[self.language])
            said, _, denied = words.partition("/")
            if piece == "{D}":
                return denied or said, None, False
            return said, "FAULT", danger
        return (
            (self.one_of(lists[piece[:3]][self.language]) if piece in lists else piece),
            None,
            False,
        )

    def _marked(self, part: str, tokens: int) -> list[str]:
        return [f"B-{part}", *[f"I-{part}"] * (tokens - 1)]


def _bioes(tags: Sequence[str]) -> list[str]:
    ends = [i + 1 == len(tags) or not tags[i + 1].startswith("I-") for i in range(len(tags))]
    short = {("B", True): "S", ("I", True): "E"}
    return [short.get((tag[0], end), tag[0]) + tag[1:] for tag, end in zip(tags, ends, strict=True)]


def _iob1(tags: Sequence[str]) -> list[str]:
    """A span begins with B only where one of its type ends just before; here none does."""
    return [tag.replace("B-", "I-") for tag in tags]


def write(to: Path, seed: int = SEED) -> list[Path]:
    """Write the three files of both languages, the same bytes each time; gives their paths."""
    written = []
    for language in LANGUAGES:
        writer = _Writer(language, seed)
        rng = writer.rng
        season = {name: [writer.message() for _ in range(size)] for name, size in SIZES.items()}
        spring, autumn = season["spring"], season["autumn"]
        volunteers = [*season["volunteers"][_AGAIN:], *spring[:_AGAIN]]
        autumn = [*autumn, *(autumn[i] for i in rng.choice(len(autumn), _TWICE, replace=False))]
        rows = io.StringIO()
        table = csv.writer(rows, delimiter=";", lineterminator="\r\n")
        table.writerow(["nr", "message", "request", "urgent"])
        for i, one in enumerate(spring):
            request = _SPELLINGS[rng.integers(len(_SPELLINGS))](one.request)
            urgent = one.urgent if i >= len(spring) // 2 or i < _AGAIN else ""
            table.writerow([i + 1, one.text, request if rng.random() > 0.05 else "", urgent])
        lines = [
            json.dumps(
                {"text": one.text, "request": one.request, "parts": " ".join(_bioes(one.parts))},
                ensure_ascii=False,
            )
            for one in autumn
        ]
        blocks = []
        for one in (volunteers[i] for i in rng.permutation(len(volunteers))):
            urgent = one.urgent if rng.random() > 0.1 else {"yes": "no", "no": "yes"}[one.urgent]
            pairs = zip(one.tokens, _iob1(one.parts), strict=True)
            blocks.append(
                "\n".join([f"# urgent = {urgent}", *(f"{token}\t{tag}" for token, tag in pairs)])
            )
        target = to / language
        target.mkdir(parents=True, exist_ok=True)
        contents = {
            "spring.csv": rows.getvalue().encode(ENCODINGS[language]),
            "autumn.jsonl": ("\n".join(lines) + "\n").encode(),
            "volunteers.conll": ("\n\n".join(blocks) + "\n").encode(),
        }
        for name, content in contents.items():
            (target / name).write_bytes(content)
            written.append(target / name)
    return written


def folder(language: str) -> Path:
    """Where the files of a language lie."""
    return shipped() / "inbox" / language


def load(language: str) -> MultiTaskData:
    """The three files read, mended, joined and divided, as lesson 14 does it step by step.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> list(load("en").tasks)
    ['request', 'urgent', 'parts']
    """
    check_language(language)
    here = folder(language)
    request, urgent, parts = TASKS.values()
    table = pd.read_csv(here / "spring.csv", sep=";", encoding=ENCODINGS[language])
    table["request"] = table["request"].str.strip().str.lower()
    spring = MultiTaskData.from_rows(
        {"train": table.rename(columns={"message": "text"})}, [request, urgent]
    )
    autumn = MultiTaskData.from_jsonl({"train": here / "autumn.jsonl"}, [request, parts])
    volunteers = MultiTaskData.from_conll(
        {"train": here / "volunteers.conll"}, [urgent, parts], columns={"parts": 1}
    )
    return spring.joined(
        autumn, volunteers, by="tokens", conflicts="missing",
        hold_out={"valid": 0.2, "test": 0.2}, stratify="urgent",
    )  # fmt: skip


if __name__ == "__main__":
    write(shipped() / "inbox")
