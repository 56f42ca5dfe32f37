"""Multi-task learning for NLP, taught by doing: the helper package of the course.

Every public name can be imported from here. Each is looked up when it is first used, so that
importing the package costs neither pandas nor TensorFlow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtl_tutorial.corpora import massive, people, pud, snips, weibo
    from mtl_tutorial.data import MultiTaskData
    from mtl_tutorial.depth import also, stack
    from mtl_tutorial.evaluation import answers, evaluate
    from mtl_tutorial.exports import tabulate, to_tensorboard
    from mtl_tutorial.generation import for_generation, generate, log_joint, perplexity
    from mtl_tutorial.lab.plain import sharing_lab
    from mtl_tutorial.model import MultiTaskModel, build_model, load_model
    from mtl_tutorial.optimizers import FusedAdam
    from mtl_tutorial.prediction import entities, predict
    from mtl_tutorial.quizzes import quiz
    from mtl_tutorial.reading import DataError
    from mtl_tutorial.runs import Run, load_runs, save_runs
    from mtl_tutorial.sharing import SharingPlan
    from mtl_tutorial.tasks import MISSING, Task
    from mtl_tutorial.text import Vocabulary, tokenize
    from mtl_tutorial.training import train
    from mtl_tutorial.trials import Comparison, compare
    from mtl_tutorial.widgets.sharing_lab import SharingLab

__version__ = "0.1.0"

_HOME = {
    "comparing": "comparing",
    "environment": "environment",
    "exercises": "exercises",
    "massive": "corpora.massive",
    "people": "corpora.people",
    "plots": "plots",
    "pud": "corpora.pud",
    "scoring": "scoring",
    "snips": "corpora.snips",
    "weibo": "corpora.weibo",
    "Comparison": "trials",
    "MultiTaskData": "data",
    "also": "depth",
    "stack": "depth",
    "answers": "evaluation",
    "evaluate": "evaluation",
    "tabulate": "exports",
    "to_tensorboard": "exports",
    "for_generation": "generation",
    "generate": "generation",
    "log_joint": "generation",
    "perplexity": "generation",
    "MultiTaskModel": "model",
    "build_model": "model",
    "compare": "trials",
    "load_model": "model",
    "FusedAdam": "optimizers",
    "entities": "prediction",
    "predict": "prediction",
    "quiz": "quizzes",
    "DataError": "reading",
    "Run": "runs",
    "load_runs": "runs",
    "save_runs": "runs",
    "SharingLab": "widgets.sharing_lab",
    "SharingPlan": "sharing",
    "sharing_lab": "lab.plain",
    "MISSING": "tasks",
    "Task": "tasks",
    "Vocabulary": "text",
    "tokenize": "text",
    "train": "training",
}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'mtl_tutorial' has no attribute {name!r}")
    module = import_module(f"mtl_tutorial.{_HOME[name]}")
    return getattr(module, name, module)


def __dir__() -> list[str]:
    return __all__
