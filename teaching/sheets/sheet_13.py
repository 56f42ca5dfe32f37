"""Lesson 13: how many trainings, rounds and speed-up, Amdahl, what is still missing."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def trainings(rng: Random) -> Question:
    sides, seeds, labels, languages = (
        rng.choice([2, 3, 4]),
        rng.choice([3, 5]),
        rng.choice([3, 4]),
        2,
    )
    run, workers = rng.choice([30, 60]), rng.choice([4, 7, 8])
    total = sides * seeds * labels * languages
    return Question(
        name="trainings",
        points=3,
        text={
            "en": f"{sides} plans, {seeds} seeds, {labels} numbers of labels, {languages} languages; a run takes {run} seconds. Put into `trainings` a list: how many trainings the grid has, how many rounds {workers} workers need, and how "
            "many seconds (start and driver left out).",
            "zh": f"{sides} 种方案、{seeds} 个种子、{labels} 种标签数、{languages} 种语言；每次训练 {run} 秒。请在 `trainings` 里写下一个列表：网格里有多少次训练，{workers} 个工作进程要几个回合，一共多少秒（不计启动和主控进程）。",
        },
        stub="trainings = [..., ..., ...]",
        solution=f"rounds = -(-{total} // {workers})\ntrainings = [{total}, rounds, rounds * {run}]",
    )


def speedup(rng: Random) -> Question:
    start, run, runs = rng.choice([10, 20]), rng.choice([5, 10]), rng.choice([96, 120])
    return Question(
        name="speedup",
        points=3,
        text={
            "en": f"Each worker needs {start} seconds before its first run, a run takes {run} seconds, and there are {runs} runs. Put into `speedup` a list: how many times as fast as one worker are 8 workers, and {runs} workers.",
            "zh": f"每个工作进程在第一次训练之前要 {start} 秒，一次训练 {run} 秒，一共 {runs} 次。请在 `speedup` 里写下一个列表：8 个工作进程、{runs} 个工作进程的速度各是一个的几倍。",
        },
        stub="speedup = [..., ...]",
        solution=f"one = {start} + {runs} * {run}\nspeedup = [one / ({start} + {runs} // 8 * {run}), one / ({start} + {run})]",
    )


def missing(rng: Random) -> Question:
    mark = rng.choice([".csv", ".run"])
    return Question(
        name="missing",
        points=4,
        text={
            "en": f"A finished run lies in a folder as its key with the ending `{mark}`; other files do not count. Write `missing(keys, files)`: the keys whose run is not there, in the order of `keys`, each once.",
            "zh": f"完成的训练在文件夹里的文件名是它的键加上 `{mark}`；别的文件不算。写出 `missing(keys, files)`：还没有训练的键，按 `keys` 的顺序，每个只写一次。",
        },
        stub="def missing(keys, files):\n    return ...",
        solution="def missing(keys, files):\n    there = set(files)\n"
        f"    return [key for key in dict.fromkeys(keys) if key + {mark!r} not in there]",
        asked=[
            f"missing(['a', 'b', 'c'], ['b{mark}', 'c.log'])",
            f"missing(['b', 'a', 'b', 'a'], ['x{mark}'])",
            f"missing(['a', 'ab'], ['ab{mark}', 'a{mark}.part'])",
            "missing([], [])",
        ],
    )


def most(rng: Random) -> Question:
    share = rng.choice([0.02, 0.05, 0.2, 0.25])
    return Question(
        name="most",
        points=2,
        text={
            "en": f"Of a job a share of {share} cannot be divided. Put into `most` a list: how many times as fast it becomes with 16 workers, and the limit that no number of workers exceeds.",
            "zh": f"一件工作有 {share} 的比例不能分开做。请在 `most` 里写下一个列表：16 个工作进程时快到几倍，以及任何数目的工作进程都超不过的极限。",
        },
        stub="most = [..., ...]",
        solution=f"most = [1 / ({share} + (1 - {share}) / 16), 1 / {share}]",
    )


QUESTIONS = (trainings, speedup, missing, most)
