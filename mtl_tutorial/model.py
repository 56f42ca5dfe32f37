"""`build_model`: from data and a `SharingPlan` to a `MultiTaskModel`, which is a Keras model."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.balancing import HandSet, Weighting, weighting
from mtl_tutorial.combining import Combiner, combiner
from mtl_tutorial.crf import CRFHead, marginals, sequence_loss
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.layers import ENCODERS, MaskedPooling, WordEmbedding
from mtl_tutorial.optimizers import FusedAdam
from mtl_tutorial.sharing import Group, SharingPlan
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.tasks import MISSING, Task
from mtl_tutorial.text import PAD, SPECIAL, Vocabulary


def build_model(
    data: MultiTaskData,
    plan: SharingPlan | None = None,
    *,
    encoder: str = "cnn",
    units: int = 64,
    embedding_dim: int = 100,
    dropout: float = 0.2,
    embedding_dropout: float = 0.0,
    pooling: str = "max",
    initializer: str = "glorot_uniform",
    embedding_matrix: np.ndarray | None = None,
    initialize_from: Mapping[str, MultiTaskModel] | None = None,
    crf: bool = False,
    seed: int = 0,
) -> MultiTaskModel:
    """A model for the tasks of `plan`, sharing what the plan says.

    The lowest level of the plan is the embedding; each level above it is one encoder. A sequence
    task's head pools the tokens of its last level and classifies the sentence; the head of a token
    task or language model classifies every token. For one seed all copies of a level start from
    the same values, in every plan: what differs between two plans is the sharing alone.

    Parameters
    ----------
    data
        Gives the tasks and the vocabulary.
    plan
        Who shares which level; hard sharing of all tasks of `data` by default.
    encoder
        ``"mlp"``, ``"cnn"`` or ``"bilstm"``.
    units
        Features of a token above each encoder.
    embedding_dim
        Features of a token above the embedding.
    dropout
        Share of features dropped in training, after each encoder and before each head.
    embedding_dropout
        The same after the embedding.
    pooling
        ``"max"`` or ``"mean"``.
    initializer
        Of the encoders' and heads' weights: any Keras initializer's name, such as
        ``"glorot_uniform"``, ``"he_normal"``, ``"orthogonal"``, ``"random_normal"``.
    embedding_matrix
        Vectors to start the embedding from, float [len(data.vocabulary), embedding_dim].
    initialize_from
        Level → trained model whose copy of that level to start from. An embedding is taken over
        token by token, so the vocabularies may differ.
    crf
        Whether the heads of token tasks also learn which label goes after which, see `crf`. To
        answer by that takes a second pass over the sentence, which the training steps of `fit`
        spare: their ``<task>_accuracy`` counts each token's best label by itself. In validation
        and ``evaluate`` it counts the model's answers.
    seed
        Of initial values and dropout.

    Raises
    ------
    ValueError
        If the plan names a task that `data` does not have or a level after which Keras cannot name
        a layer; for an unknown encoder, pooling or initializer, or an odd number of units for the
        two directions of a BiLSTM; or if vectors or layers to start from do not fit.

    Examples
    --------
    >>> rows = [{"text": "Good tea!", "mood": "good", "product": "O B-TEA O"}]
    >>> tasks = {"mood": "sequence", "product": "token"}
    >>> data = MultiTaskData.from_rows({"train": rows}, tasks)
    >>> plan = SharingPlan.hard(["mood", "product"]).leave("encoder_2", "product")
    >>> model = build_model(data, plan, units=4, embedding_dim=4)
    >>> list(model.parameters()["level"])
    ['embedding', 'encoder_1', 'encoder_2', 'head', 'head']
    """
    plan = plan or SharingPlan.hard(list(data.tasks))
    unknown = [task for task in plan.tasks if task not in data.tasks]
    if unknown:
        raise ValueError(
            f"the plan names {unknown}, but the data have the tasks {list(data.tasks)}"
        )
    odd = [level for level in plan.levels if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", level, re.A)]
    if odd:
        raise ValueError(
            f"Keras names layers after levels, so these must be of Latin letters, digits, '_', '.' "
            f"and '-', not {odd}"
        )
    if embedding_matrix is not None:
        embedding_dim = _check_vectors(np.asarray(embedding_matrix), len(data.vocabulary))
    recipe = {
        "tasks": [
            [t.name, t.kind, list(t.labels)] for t in map(data.tasks.__getitem__, plan.tasks)
        ],
        "plan": plan.as_dict(),
        "vocabulary": list(data.vocabulary.tokens[len(SPECIAL) :]),
        "encoder": encoder,
        "units": units,
        "embedding_dim": embedding_dim,
        "dropout": dropout,
        "embedding_dropout": embedding_dropout,
        "pooling": pooling,
        "initializer": initializer,
        "crf": crf,
        "seed": seed,
    }
    model = MultiTaskModel.from_config(recipe)
    if embedding_matrix is not None:
        for group in dict(plan)[plan.levels[0]]:
            model.shared_layer(plan.levels[0], group[0]).set_weights([embedding_matrix])
    for level, source in (initialize_from or {}).items():
        _take_over(model, level, source)
    return model


def _check_vectors(vectors: np.ndarray, tokens: int) -> int:
    if vectors.ndim != 2 or len(vectors) != tokens:
        raise ValueError(
            f"embedding_matrix must have one row for each of the {tokens} tokens of the vocabulary; "
            f"its shape is {vectors.shape}"
        )
    return vectors.shape[1]


def _take_over(model: MultiTaskModel, level: str, source: MultiTaskModel) -> None:
    """Give every copy of `level` the values of `source`'s copy for the same task, or of its only one."""
    if level not in model.plan.levels or level not in source.plan.levels:
        raise ValueError(
            f"level {level!r} must be in both plans: {model.plan.levels}, {source.plan.levels}"
        )
    offered = dict(source.plan)[level]
    for group in dict(model.plan)[level]:
        wanted = [g for g in offered if set(g) & set(group)] or list(offered)
        if len(wanted) > 1:
            raise ValueError(
                f"level {level!r}: the copy for {group} could start from any of {wanted}; "
                "give a model whose plan has one copy for these tasks"
            )
        values = source.shared_layer(level, wanted[0][0]).get_weights()
        layer = model.shared_layer(level, group[0])
        own = layer.get_weights()
        if level == model.plan.levels[0]:
            rows = [source.vocabulary.id_of(token) for token in model.vocabulary.tokens]
            if values[0].shape[1] == own[0].shape[1]:
                known = np.isin(model.vocabulary.tokens, source.vocabulary.tokens)[:, None]
                rows[: len(SPECIAL)] = range(len(SPECIAL))
                values = [np.where(known, values[0][rows], own[0])]
        if [v.shape for v in values] != [v.shape for v in own]:
            raise ValueError(
                f"level {level!r}: shapes {[v.shape for v in values]} to start from do not fit "
                f"{[v.shape for v in own]}"
            )
        layer.set_weights(values)


def walk(plan: SharingPlan, inputs: Any, layers: Mapping[tuple[str, Group], Any]) -> dict[str, Any]:
    """Follow every task up the plan; give the activations at which its head sits.

    One layer a (level, group) pair; activations are remembered by the path so far, so that a
    shared layer on the same input is called once.
    """
    reached: dict[tuple, Any] = {(): inputs}
    for task in plan.tasks:
        path: tuple = ()
        for step in plan.path(task):
            below, path = path, (*path, step)
            if path not in reached:
                reached[path] = layers[step](reached[below])
    return {task: reached[plan.path(task)] for task in plan.tasks}


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class MultiTaskModel(keras.Model):
    """A Keras model with one head a task on a trunk shared as a `SharingPlan` says.

    Made by `build_model`. ``fit``, ``evaluate``, ``predict``, ``save`` and `keras.callbacks` work
    as in Keras; inputs are token ids [sentences, time], targets and outputs are dictionaries by
    task: label ids with -1 where there is none, and logits. The losses are the tasks' own (cross
    entropy, or with a CRF that of whole sequences; averaged over the labels present in the batch),
    so ``compile`` takes no ``loss``.
    """

    def __init__(self, recipe: dict[str, Any], inputs: Any, outputs: dict[str, Any], **kwargs: Any):
        super().__init__(inputs=inputs, outputs=outputs, **kwargs)
        self._recipe = json.dumps(recipe)  # as text: Keras would track a dictionary's parts
        self.plan = SharingPlan(recipe["plan"])
        self.tasks = _tasks(recipe)
        self.vocabulary = Vocabulary(recipe["vocabulary"])
        self.loss_mean = keras.metrics.Mean(name="loss")
        self.label_means = LabelMeans(list(self.tasks))

    # -- the recipe is the whole configuration

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> MultiTaskModel:
        recipe = dict(config)
        plan = SharingPlan(recipe["plan"])
        tasks = _tasks(recipe)
        inputs = keras.Input((None,), dtype="int32", name="tokens")
        trunk = {
            (level, group): _trunk_layer(recipe, plan, level, group, tasks)
            for level, groups in plan
            for group in groups
        }
        tops = walk(plan, inputs, trunk)
        for ending in _ending_together(plan, tasks):
            pooled = MaskedPooling(recipe["pooling"], name=f"{ending[0]}_pooling")(tops[ending[0]])
            tops |= dict.fromkeys(ending, pooled)
        heads = {name: _head(recipe, tasks[name], x) for name, x in tops.items()}
        return cls(recipe, inputs, heads, name="multi_task_model")

    def get_config(self) -> dict[str, Any]:
        return json.loads(self._recipe)

    def shared_layer(self, level: str, task: str) -> Any:
        """The Keras layer that `task` uses at `level`."""
        group = self.plan.group(level, task)
        if group is None:
            raise ValueError(f"task {task!r} has left the trunk below level {level!r}")
        return self.get_layer(_layer_name(level, group))

    def parameters(self) -> pd.DataFrame:
        """Parameters of each layer: columns ``level`` (or ``"head"``), ``tasks``, ``parameters``."""
        rows = [
            (level, group, self.shared_layer(level, group[0]).count_params())
            for level, groups in self.plan
            for group in groups
        ]
        rows += [
            ("head", (task,), self.get_layer(f"{task}_head").count_params()) for task in self.tasks
        ]
        return pd.DataFrame(rows, columns=["level", "tasks", "parameters"])

    # -- training

    def compile(
        self,
        optimizer: Any = None,
        weigh: str | Mapping[str, float] | Weighting = "equal",
        combine: str | Combiner | None = None,
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
            weight, or a callable ``weigh(losses) -> scalar``.
        combine
            How the tasks' gradients on shared layers are combined: a name in
            `combining.COMBINERS` or a callable ``combine(gramian) -> weights``. By default the
            weighed losses are simply added up and differentiated once.
        steps_per_execution, kwargs
            As in Keras.

        Raises
        ------
        ValueError
            If `weigh` or `combine` is an unknown name or both are given, weights name an unknown
            task or are negative, or ``loss`` or ``metrics`` are given.
        """
        refused = {"loss", "metrics", "weighted_metrics", "loss_weights"} & set(kwargs)
        if refused:
            raise ValueError(
                f"a MultiTaskModel brings its own losses and metrics; leave out {sorted(refused)}"
            )
        self.weigh, self.combine = weighting(weigh), combiner(combine)
        if self.combine is not None and weigh != "equal":
            raise ValueError("give either weigh or combine, not both")
        unknown = (
            set(self.weigh.weights) - set(self.tasks) if isinstance(self.weigh, HandSet) else set()
        )
        if unknown:
            raise ValueError(
                f"weights for unknown tasks {sorted(unknown)}; the model has {list(self.tasks)}"
            )
        kwargs.setdefault("jit_compile", False)  # XLA on a CPU: three to four times slower here
        kwargs["steps_per_execution"] = steps_per_execution
        self._choices = {"weigh": weigh, "combine": combine, **kwargs}
        super().compile(optimizer=FusedAdam() if optimizer is None else optimizer, **kwargs)

    def recompile(self, optimizer: Any) -> None:
        """Train with another optimizer from here, with all else as it was chosen in `compile`."""
        self.compile(optimizer, **self._choices)

    def get_compile_config(self) -> dict[str, Any] | None:
        if not self.compiled:
            return None
        optimizer = keras.optimizers.serialize(self.optimizer)
        return {"optimizer": optimizer, **keras.saving.serialize_keras_object(self._choices)}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        config = keras.saving.deserialize_keras_object(dict(config))
        self.compile(**config)
        self.optimizer.build(self.trainable_variables)

    def make_train_function(self, force: bool = False) -> Any:
        # Variables that come into being while TensorFlow traces a step leave their graphs behind.
        if not self.optimizer.built:
            self.optimizer.build(self.trainable_variables)
        return super().make_train_function(force)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [self.loss_mean, self.label_means]

    def train_step(self, batch: Any) -> dict[str, Any]:
        inputs, targets, _ = keras.utils.unpack_x_y_sample_weight(batch)
        with tf.GradientTape(persistent=self.combine is not None) as tape:
            logits = self(inputs, training=True)
            losses = self.losses_by_task(targets, logits)
            total = self.weigh(losses)
        variables = [variable.value for variable in self.trainable_variables]
        if self.combine is None:
            gradients = tape.gradient(total, variables)
        else:
            gradients = self._combined_gradients(tape, losses, variables)
        self.optimizer.apply([_dense(g) for g in gradients], self.trainable_variables)
        return self._update_metrics(total, losses, targets, logits)

    def _combined_gradients(
        self, tape: tf.GradientTape, losses: Mapping[str, Any], variables: list
    ) -> list:
        """Each variable's gradient: Σ wₜ gₜ where two or more losses reach it, its own elsewhere."""
        rows = [[_dense(g) for g in tape.gradient(loss, variables)] for loss in losses.values()]
        reaching = [[row[i] for row in rows if row[i] is not None] for i in range(len(variables))]
        shared = [i for i, gradients in enumerate(reaching) if len(gradients) > 1]
        gradients = [own[0] if own else None for own in reaching]
        if shared and self.combine is not None:
            jacobian = tf.stack(
                [_flat([row[i] for i in shared], [variables[i] for i in shared]) for row in rows]
            )
            weights = self.combine(tf.matmul(jacobian, jacobian, transpose_b=True))  # [tasks]
            # One backward pass of Σ wₜ Lₜ rather than a sum of rows: with every weight 1 it is,
            # bit for bit, the gradient of the summed loss.
            combined = tape.gradient(
                list(losses.values()),
                [variables[i] for i in shared],
                output_gradients=tf.unstack(weights, num=len(rows)),
            )
            for i, gradient in zip(shared, combined, strict=True):
                gradients[i] = gradient
        return gradients

    def test_step(self, batch: Any) -> dict[str, Any]:
        inputs, targets, _ = keras.utils.unpack_x_y_sample_weight(batch)
        logits = self(inputs, training=False)
        losses = self.losses_by_task(targets, logits)
        likely = self._with_marginals(inputs, logits)
        return self._update_metrics(self.weigh(losses), losses, targets, likely)

    @tf.function(reduce_retracing=True, autograph=False)
    def losses_and_answers(self, inputs: Any, targets: Mapping[str, Any]) -> dict[str, tuple]:
        """Task → (summed loss, labels present, each one's most probable label id), without dropout."""
        logits = self(inputs, training=False)
        return {
            task: (
                *self._labelled_loss(task, targets[task], logits[task]),
                tf.argmax(likely, axis=-1, output_type=tf.int32),
            )
            for task, likely in self._with_marginals(inputs, logits).items()
        }

    def probabilities(self, inputs: Any) -> dict[str, Any]:
        """Task → probability of every label, [sentences, labels] or [sentences, time, labels]."""
        logits = self(inputs, training=False)
        return {
            task: likely if self.transitions(task) is not None else tf.nn.softmax(likely)
            for task, likely in self._with_marginals(inputs, logits).items()
        }

    def transitions(self, task: str) -> Any:
        """The learned scores of a label after another (`CRFHead`); None where none are learned."""
        head = self.get_layer(f"{task}_head")
        return head.transitions.value if isinstance(head, CRFHead) else None

    def _with_marginals(self, inputs: Any, logits: Mapping[str, Any]) -> dict[str, Any]:
        """Task → what a label is chosen by: its logits, or with a CRF its marginal probabilities."""
        between = {task: self.transitions(task) for task in self.tasks}
        return {
            task: logits[task] if t is None else marginals(logits[task], t, inputs != PAD)
            for task, t in between.items()
        }

    def _labelled_loss(self, task: str, labels: Any, logits: Any) -> tuple[Any, Any]:
        between = self.transitions(task)
        if between is None:
            return labelled_loss(labels, logits)
        return sequence_loss(labels, logits, between)

    def losses_by_task(
        self, targets: Mapping[str, Any], logits: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Task → mean cross entropy over the labels present, a scalar; 0 where there is none."""
        absent = [task for task in self.tasks if task not in targets]
        if absent:
            raise ValueError(
                f"no targets for {absent}; give every task's, with -1 where a label is missing"
            )
        return {
            task: tf.math.divide_no_nan(*self._labelled_loss(task, targets[task], logits[task]))
            for task in self.tasks
        }

    def _update_metrics(self, total: Any, losses: Any, targets: Any, likely: Any) -> dict[str, Any]:
        self.loss_mean.update_state(total)
        self.label_means.update_state(losses, targets, likely)
        return {"loss": self.loss_mean.result(), **self.label_means.result()}


def labelled_loss(labels: Any, logits: Any) -> tuple[Any, Any]:
    """Cross entropy summed over the labels present, and their number; two scalars.

    `labels` are ids [...], -1 where there is none; `logits` are [..., labels].
    """
    present = tf.not_equal(labels, MISSING)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.where(present, labels, 0), logits)
    return tf.reduce_sum(tf.where(present, losses, 0.0)), tf.reduce_sum(
        tf.cast(present, tf.float32)
    )


class LabelMeans(keras.metrics.Metric):
    """Every task's loss and accuracy over the labels seen so far: ``<task>_loss``, ``<task>_accuracy``.

    The answers are the labels that stand highest in `likely`: logits, or with a CRF the marginal
    probabilities. In a training step these would cost as much as the loss; logits stand in.
    """

    def __init__(self, tasks: list[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.task_names = tasks
        self.sums = self.add_variable((4, len(tasks)), "zeros", name="loss_hits_labels_finite")

    def update_state(self, losses: Any, targets: Any, likely: Any) -> None:
        columns = []
        for task in self.task_names:
            present = tf.not_equal(targets[task], MISSING)
            answers = tf.argmax(likely[task], axis=-1, output_type=tf.int32)
            labels = tf.reduce_sum(tf.cast(present, tf.float32))
            hits = tf.cast(tf.equal(answers, tf.cast(targets[task], tf.int32)), tf.float32)
            # Answers are never -1, so a missing label is never hit.
            finite = tf.cast(tf.math.is_finite(losses[task]), tf.float32)
            columns.append(tf.stack([losses[task] * labels, tf.reduce_sum(hits), labels, finite]))
        self.sums.assign_add(tf.stack(columns, axis=1))

    def first_not_finite(self) -> str | None:
        """The task whose loss was the first that is not a number; None if all are numbers."""
        loss_sums, _, _, finite_steps = self.sums.numpy()
        if np.isfinite(loss_sums).all():
            return None
        return self.task_names[int(finite_steps.argmin())]

    def result(self) -> dict[str, Any]:
        means = tf.math.divide_no_nan(self.sums.value[:2], self.sums.value[2])
        names = [f"{task}_{name}" for name in ("loss", "accuracy") for task in self.task_names]
        return dict(zip(names, tf.unstack(tf.reshape(means, [-1])), strict=True))


def load_model(path: Path | str) -> MultiTaskModel:
    """A model that ``model.save("name.keras")`` wrote, with its optimizer's state.

    `keras.models.load_model` does the same once `mtl_tutorial.model` has been imported.

    Examples
    --------
    >>> import tempfile
    >>> rows = [{"text": "Good tea!", "mood": "good"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    >>> file = Path(tempfile.mkdtemp(), "model.keras")
    >>> build_model(data, units=4, embedding_dim=4).save(file)
    >>> load_model(file).vocabulary == data.vocabulary
    True
    """
    return keras.models.load_model(path)


# -- tasks, layers for one (level, group), heads


def _tasks(recipe: Mapping[str, Any]) -> dict[str, Task]:
    return {name: Task(name, kind, tuple(labels)) for name, kind, labels in recipe["tasks"]}


def _layer_name(level: str, group: Group) -> str:
    return "-".join((level, *group))


def _seeded(recipe: Mapping[str, Any], name: str) -> tuple[Any, int]:
    """An initializer and a seed that depend on the model's seed and this name alone."""
    seed = zlib.crc32(f"{recipe['seed']}/{name}".encode()) % 2**31
    initializer = keras.initializers.get(recipe["initializer"])
    config = initializer.get_config()
    if "seed" in config:
        initializer = type(initializer).from_config({**config, "seed": seed})
    return initializer, seed


def _trunk_layer(
    recipe: Mapping[str, Any],
    plan: SharingPlan,
    level: str,
    group: Group,
    tasks: Mapping[str, Task],
) -> keras.layers.Layer:
    initializer, seed = _seeded(recipe, level)
    if level == plan.levels[0]:
        return WordEmbedding(
            len(recipe["vocabulary"]) + len(SPECIAL),
            recipe["embedding_dim"],
            embeddings_initializer=keras.initializers.RandomUniform(-0.05, 0.05, seed=seed),
            mask_zero=True,
            dropout=recipe["embedding_dropout"],
            seed=seed,
            name=_layer_name(level, group),
        )
    if recipe["encoder"] not in ENCODERS:
        raise ValueError(f"unknown encoder {recipe['encoder']!r}; choose one of {sorted(ENCODERS)}")
    return ENCODERS[recipe["encoder"]](
        recipe["units"],
        causal=any(tasks[task].kind == "lm" for task in group),
        dropout=recipe["dropout"],
        initializer=initializer,
        seed=seed,
        name=_layer_name(level, group),
    )


def _ending_together(plan: SharingPlan, tasks: Mapping[str, Task]) -> list[list[str]]:
    """Groups of sequence tasks that end on the same activations: these are pooled once."""
    groups: dict[tuple, list[str]] = {}
    for name in plan.tasks:
        if tasks[name].kind == "sequence":
            groups.setdefault(plan.path(name), []).append(name)
    return list(groups.values())


def _head(recipe: Mapping[str, Any], task: Task, x: Any) -> Any:
    """Logits of a task from its activations [batch, features] or [batch, time, features]."""
    initializer, seed = _seeded(recipe, f"{task.name}_head")
    x = keras.layers.Dropout(recipe["dropout"], seed=seed, name=f"{task.name}_dropout")(x)
    classes = len(recipe["vocabulary"]) + len(SPECIAL) if task.kind == "lm" else len(task.labels)
    head = CRFHead if recipe["crf"] and task.kind == "token" else keras.layers.Dense
    return head(classes, kernel_initializer=initializer, name=f"{task.name}_head")(x)


def _dense(gradient: Any) -> Any:
    """A gradient as one dense tensor; Keras would apply `IndexedSlices` wrongly. None stays None."""
    return None if gradient is None else tf.convert_to_tensor(gradient)


def _flat(gradients: list, variables: list) -> Any:
    """A task's gradients on the shared variables as one vector; zeros where it does not reach."""
    parts = [
        tf.zeros_like(v) if g is None else g for g, v in zip(gradients, variables, strict=True)
    ]
    return tf.concat([tf.reshape(part, [-1]) for part in parts], axis=0)
