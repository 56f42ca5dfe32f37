"""`MultiTaskModel`: a Keras model with one head a task, and its training step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from mtl_tutorial.arguments import integer, one_of, path
from mtl_tutorial.balancing import Weighting, weighting
from mtl_tutorial.balancing.balancer import with_after_epoch
from mtl_tutorial.climbing import shared_levels
from mtl_tutorial.combining import Combiner, combiner
from mtl_tutorial.crf import CRFHead, label_scores, label_shares
from mtl_tutorial.decoding import decoded
from mtl_tutorial.encoders import check_format
from mtl_tutorial.fitting import counted
from mtl_tutorial.handover import place_beside, write_beside
from mtl_tutorial.losses import LabelMeans, labeled_loss, mean_losses
from mtl_tutorial.optimizers import optimizer as as_optimizer
from mtl_tutorial.recording import GradientMeans
from mtl_tutorial.refusals import said_plainly
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.step import follow, forget, minimized, take_step
from mtl_tutorial.targets import Targets, as_arrays, class_weights, read_inputs, read_targets
from mtl_tutorial.text import PAD, Vocabulary
from mtl_tutorial.trunk import layer_name, layers_by_level, network, tasks_of

OVER = ("trunk", "last", "features")
"""Where a combiner's Gramian may be taken."""


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class MultiTaskModel(keras.Model):
    """A Keras model with one head a task on a trunk shared as a `SharingPlan` says.

    Made by `build_model`; works as in Keras. Inputs are token ids [sentences, time], targets and
    outputs are dictionaries by task: label ids with -1 where there is none, and logits. The losses
    are the tasks' own (cross entropy, or with a CRF that of whole sequences; averaged over the
    labels present in the batch), so ``compile`` takes no ``loss``.
    """

    weigh: Weighting
    train_function: Any
    test_function: Any

    def __init__(self, recipe: dict[str, Any], *others: Any, **keras_own: Any):
        if others or keras_own:  # from keras.models.clone_model
            raise TypeError(
                "a MultiTaskModel is made of its configuration alone; for an untrained copy call "
                "MultiTaskModel.from_config(model.get_config())"
            )
        inputs, logits, features = network(recipe)
        super().__init__(inputs=inputs, outputs=logits, name="multi_task_model")
        # In a function: Keras would track another model's layers a second time.
        both = cache(lambda: keras.Model(inputs, (logits, features)))
        self.with_features = lambda tokens: both()(tokens, training=True)
        self._recipe = json.dumps(recipe)  # as text: Keras would track a dictionary's parts
        self._ends = frozenset(features)
        self.plan = SharingPlan.from_dict(recipe["plan"])
        self.tasks = tasks_of(recipe)
        self.vocabulary = Vocabulary(recipe["vocabulary"])
        self.loss_mean = keras.metrics.Mean(name="loss")
        self.label_means = LabelMeans(list(self.tasks))
        self.class_weights: dict[str, Any] | None = None
        self.anchors: Any = None  # of successive regularization, while `train` holds them
        self.trained = (0, 0)  # epochs and steps by `train` that made the weights what they are

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> MultiTaskModel:
        return cls(config)

    def get_config(self) -> dict[str, Any]:
        return json.loads(self._recipe)

    def save(self, filepath: Path | str, *args: Any, **kwargs: Any) -> None:
        """Write the model, as in Keras, to a file whose name ends in ``.keras``.

        Raises
        ------
        ValueError
            For another name: Keras' older formats do not hold such a model.
        """
        if path("filepath", filepath).suffix != ".keras":
            raise ValueError(f"filepath must end in .keras, not {str(filepath)!r}")
        super().save(filepath, *args, **kwargs)

    def export(self, filepath: Path | str, format: str = "tf_saved_model", **kwargs: Any) -> None:
        """Write what leads from token ids to logits for other programs, as in Keras.

        What leads from text to ids and from logits to labels goes beside it, see `handover`.

        Raises
        ------
        ValueError, ImportError, FileExistsError
            For an unknown format or one that does not know the encoder's operations; if it needs a
            package that is not installed; if something is there already.
        """
        beside = place_beside(filepath, format)
        check_format(self.get_config()["encoder"], format)
        self(tf.zeros([1, 1], tf.int32))  # some formats ask for a model that has been called
        super().export(filepath, format=format, **kwargs)
        write_beside(beside, self.tasks, self.vocabulary, self._transitions())

    def shared_layer(self, level: str, task: str) -> Any:
        """Get the Keras layer that `task` uses at `level`."""
        group = self.plan.group(level, task)
        if group is None:
            raise ValueError(f"task {task!r} has left the trunk below level {level!r}")
        return self.get_layer(layer_name(level, group))

    def parameters(self) -> pd.DataFrame:
        """Count each layer's parameters: columns ``level`` (or ``"head"``), ``tasks``, ``parameters``."""
        rows = [(level, tasks, it.count_params()) for level, tasks, it in layers_by_level(self)]
        return pd.DataFrame(rows, columns=["level", "tasks", "parameters"])

    # -- how to train

    def compile(
        self,
        optimizer: Any = None,
        weigh: str | Mapping[str, float] | Weighting = "equal",
        combine: str | Combiner | None = None,
        over: str = "trunk",
        record: int | None = None,
        steps_per_execution: int = 32,
        **kwargs: Any,
    ) -> None:
        """Choose how to train.

        Parameters
        ----------
        optimizer
            As in Keras; `FusedAdam` with learning rate 0.001 by default.
        weigh
            How the losses are weighed: a name in `balancing.WEIGHTINGS`, a dictionary task →
            weight, or a callable ``weigh(losses, present) -> scalar``, such as a
            `balancing.Balancer`, whose state is saved and loaded with the model.
        combine
            How the tasks' gradients on shared layers are combined: a name in
            `combining.COMBINERS` or a callable ``combine(gramian) -> weights``. By default the
            weighed losses are simply added up and differentiated once.
        over
            Where `combine` compares the gradients: along all shared variables, ``"trunk"``, which
            costs each task's whole backward pass; along those of the ``"last"`` level on which all
            that share anything share; or along the ``"features"`` at which the shared trunk ends,
            which costs no more than the heads (MGDA-UB, Sener & Koltun 2018). Tasks whose trunks
            end on different features have gradients at right angles there.
        record
            Measure the tasks' gradients along the shared variables in every so-many-th step: cosine
            of each pair, norms, weights. `train` writes their means into the run; 10 adds some tenth
            of time. With `sampling` round robin of 4 tasks, 20 meets one task's batches only: take 21.
        steps_per_execution, kwargs
            As in Keras.

        Raises
        ------
        ValueError
            If `weigh` or `combine` is an unknown name or both are given, weights name an unknown
            task or are negative, `over` asks for what the plan does not share, or ``loss`` or
            ``metrics`` are given.
        TypeError
            If `weigh` or `combine` is of another kind or takes other arguments.
        """
        refused = {"loss", "metrics", "weighted_metrics", "loss_weights"} & set(kwargs)
        if refused:
            raise ValueError(
                f"a MultiTaskModel brings its own losses and metrics; leave out {sorted(refused)}"
            )
        made = as_optimizer(optimizer)
        labels = {task: self.output[task].shape[-1] for task in self.tasks}
        chosen, combine_with = weighting(weigh, labels), combiner(combine, len(labels))
        if combine_with is not None and weigh != "equal":
            raise ValueError("give either weigh or combine, not both")
        self.over = one_of("over", over, OVER)
        if over == "features" and combine_with is not None and not self._ends:
            raise ValueError(
                "over='features' needs a trunk that tasks share from the lowest level up"
            )
        forget(self, [getattr(self, "weigh", None), getattr(self, "combine", None)])
        self.weigh, self.combine = chosen, combine_with
        follow(self, [chosen, combine_with])
        self.record = record if record is None else integer("record", record, least=1)
        shared = shared_levels(self.plan)
        self.gradient_means = GradientMeans(list(self.tasks), shared) if record and shared else None
        kwargs.setdefault("jit_compile", False)  # XLA on a CPU: three to four times slower here
        kwargs["steps_per_execution"] = integer("steps_per_execution", steps_per_execution, least=1)
        layer = keras.layers.Layer
        self._choices = {
            "weigh": chosen if isinstance(chosen, layer) else weigh,
            "combine": combine_with if isinstance(combine_with, layer) else combine,
            "over": over,
            "record": record,
            **kwargs,
        }
        super().compile(optimizer=made, **kwargs)

    def recompile(self, optimizer: Any) -> None:
        """Train with another optimizer from here, with all else as it was chosen in `compile`."""
        self.compile(optimizer, **self._choices)

    def get_compile_config(self) -> dict[str, Any] | None:
        if not self.compiled:
            return None
        optimizer = keras.optimizers.serialize(self.optimizer)
        kept = {**self._choices, "trained": list(self.trained)}
        return {"optimizer": optimizer, **keras.saving.serialize_keras_object(kept)}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        config = keras.saving.deserialize_keras_object(dict(config))
        self.trained = tuple(config.pop("trained", self.trained))
        self.compile(**config)
        self.optimizer.build(self.trainable_variables)

    def make_train_function(self, force: bool = False) -> None:
        # Variables that come into being while TensorFlow traces a step leave their graphs behind.
        if not self.optimizer.built:
            self.optimizer.build(self.trainable_variables)
        if self.train_function is None or force:
            super().make_train_function(force)
            self.train_function = said_plainly(self.train_function)

    def make_test_function(self, force: bool = False) -> None:
        if self.test_function is None or force:
            super().make_test_function(force)
            self.test_function = said_plainly(self.test_function)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [self.loss_mean, self.label_means]

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        *,
        callbacks: Any = None,
        class_weight: Any = None,
        sample_weight: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Train, as in Keras.

        Parameters
        ----------
        class_weight
            Task → label → how much each label counts in the task's loss, such as
            ``{"mood": {"good": 2.0}}``; 1 for those not named. A task's loss is the weighed mean.
            Not for a task with a CRF, whose loss is one of whole sequences.
        args, callbacks, kwargs
            As in Keras; ``sample_weight`` a number a sentence, or task → one a sentence or label.

        Raises
        ------
        TypeError, ValueError
            If an argument does not fit; of targets and weights the message names the task.
        """
        callbacks = with_after_epoch(callbacks, getattr(self, "weigh", None))
        y, weights = as_arrays(y, sample_weight)
        kwargs = counted(kwargs) | {"callbacks": callbacks, "sample_weight": weights}
        if class_weight is None:
            return super().fit(x, y, **kwargs)
        self.class_weights = class_weights(class_weight, self.tasks)
        self.train_function = None  # they are constants of the traced step
        try:
            return super().fit(x, y, **kwargs)
        finally:
            self.class_weights = self.train_function = None

    def evaluate(
        self, x: Any = None, y: Any = None, *, sample_weight: Any = None, **kwargs: Any
    ) -> Any:
        """Measure losses and accuracies, as in Keras; arguments are those of `fit`."""
        y, weights = as_arrays(y, sample_weight)
        return super().evaluate(x, y, sample_weight=weights, **counted(kwargs))

    def train_step(self, batch: Any) -> dict[str, Any]:
        return self._update_metrics(*take_step(self, batch))

    def read(self, batch: Any, classes: Mapping[str, Any] | None = None) -> tuple[Any, dict]:
        """Take inputs and targets, checked, from a batch as Keras hands it to a step."""
        inputs, targets, weights = keras.utils.unpack_x_y_sample_weight(batch)
        inputs = read_inputs(inputs, len(self.vocabulary))
        sizes = {task: head.shape[-1] for task, head in self.output.items()}
        return inputs, read_targets(self.tasks, sizes, inputs, targets, weights, classes)

    def test_step(self, batch: Any) -> dict[str, Any]:
        inputs, targets = self.read(batch)
        logits = self(inputs, training=False)
        losses, present = self.losses_and_presence(targets, logits)
        likely = label_scores(logits, self._transitions(), inputs != PAD)
        total = minimized(self.weigh, losses, present, self.losses)
        return self._update_metrics(total, losses, targets, likely)

    @tf.function(reduce_retracing=True, autograph=False)
    def losses_and_answers(self, inputs: Any, targets: Mapping[str, Any]) -> dict[str, tuple]:
        """Run without dropout: task → (summed loss, labels present, ids of the most probable labels).

        Where a best sequence is to be found (`decoded`) it is the logits in place of ids.
        """
        logits = self(inputs, training=False)
        best = {
            task: given if self.decoded(task) else tf.argmax(given, axis=-1, output_type=tf.int32)
            for task, given in logits.items()
        }
        return {
            task: (*labeled_loss(Targets(targets[task]), given, self.transitions(task)), best[task])
            for task, given in logits.items()
        }

    def decoded(self, task: str) -> bool:
        """Tell whether a task's answer is a best sequence, by its tags' rules or a CRF's scores."""
        return decoded(self.tasks[task]) or self.transitions(task) is not None

    def probabilities(self, inputs: Any, logits: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Rate every label: task → probabilities [sentences, (time,) labels]; of `logits` if given."""
        logits = self(inputs, training=False) if logits is None else logits
        return label_shares(logits, self._transitions(), inputs != PAD)

    def transitions(self, task: str) -> Any:
        """Get the learned scores of a label after another (`CRFHead`); None where none are learned."""
        head = self.get_layer(f"{task}_head")
        return head.transitions.value if isinstance(head, CRFHead) else None

    def _transitions(self) -> dict[str, Any]:
        return {task: self.transitions(task) for task in self.tasks}

    def losses_and_presence(
        self, targets: Mapping[str, Targets], logits: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Average losses over the labels present, see `losses.mean_losses`."""
        return mean_losses(targets, logits, self._transitions())

    def losses_by_task(
        self, targets: Mapping[str, Any], logits: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Average cross entropy over the labels present: task → scalar; 0 where there is none."""
        return self.losses_and_presence({t: Targets(targets[t]) for t in self.tasks}, logits)[0]

    def _update_metrics(self, total: Any, losses: Any, targets: Any, likely: Any) -> dict[str, Any]:
        self.loss_mean.update_state(total)
        self.label_means.update_state(losses, targets, likely)
        return {"loss": self.loss_mean.result(), **self.label_means.result()}
