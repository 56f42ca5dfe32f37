"""Runs in the sandbox: takes limits, cells and questions from standard input, writes answers to standard output.

What is expected is not known here, so a notebook can neither read it nor give itself a verdict. A
line is written as soon as there is an answer; what comes after an endless loop is lost, not what
came before it.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from mtl_tutorial.grading.answers import plain

READABLE = (
    "/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/proc", "/sys", "/dev/urandom",
    "/dev/zero", "/nix/store", sys.prefix, sys.base_prefix, str(Path(__file__).parents[1]),
)  # fmt: skip
"""What Python, NumPy and the course need to read; learners' notebooks and the key are not there."""


def ask(name: str, expressions: list[str], names: dict[str, Any]) -> dict[str, Any]:
    """Evaluate what a question asks for: a list of values, or why there is none."""
    values: list[Any] = []
    if names.get(name, ...) is ...:
        return {"question": name, "untouched": True}
    for expression in expressions:
        try:
            here = dict(names)
            exec("import numpy as np", here)
            value = eval(expression, here)
            if value is ... or (isinstance(value, list | tuple) and any(v is ... for v in value)):
                return {"question": name, "untouched": True}
            values.append(plain(value))
            json.dumps(values[-1])
        except BaseException as error:  # a learner's function may also call exit()
            said = f"{expression}: {type(error).__name__}: {error}"[:300]
            return {"question": name, "error": said}
    return {"question": name, "values": values}


def limit(seconds: int, megabytes: int) -> None:
    """Take away time, memory, large files and core dumps from this process and its children."""
    import resource  # not on Windows, where questions are drawn all the same

    # The soft limit's signal is lost on the first process of a namespace, the hard limit's is not.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 << 20, 16 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(cells: list[str], asked: dict[str, list[str]], out: TextIO) -> None:
    """Run the cells, each although one before it failed, and write down answers and errors."""
    from IPython.core.interactiveshell import InteractiveShell

    def tell(line: dict[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    InteractiveShell.history_length = 0
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None  # nobody looks
    seen: dict[str, Any] = {}
    for number, cell in enumerate(cells, 1):
        result = shell.run_cell(cell)
        problem = result.error_before_exec or result.error_in_exec
        if problem is not None:
            said = f"{type(problem).__name__}: {problem}"[:300]
            tell({"cell": number, "error": said})
        for name, expressions in asked.items():
            value = shell.user_ns.get(name, ...)
            if value is not seen.get(name, ...):
                seen[name] = value
                tell(ask(name, expressions, shell.user_ns))
    for name, expressions in asked.items():  # once more: a name may be changed in place
        tell(ask(name, expressions, shell.user_ns))
    tell({"through": True})


def main() -> None:
    """Confine this process, then run what standard input brings."""
    work = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    limit(work["seconds"], work["megabytes"])
    if work["protect"]:
        from mtl_tutorial.grading.landlock import restrict

        restrict([Path.cwd(), Path(os.devnull)], map(Path, READABLE))
    run(work["cells"], work["asked"], out)
    out.flush()
    os._exit(0)  # threads that a notebook has left behind are not waited for


if __name__ == "__main__":
    main()
