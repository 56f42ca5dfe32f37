"""`FusedAdam`: Keras' Adam in one kernel a variable, on dense gradients; steps that spare the absent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtl_tutorial.arguments import shown
from mtl_tutorial.startup import keras, tf


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class FusedAdam(keras.optimizers.Adam):
    """Adam (Kingma & Ba 2015) whose update is TensorFlow's one fused kernel.

    The same update as `keras.optimizers.Adam` on dense gradients, in one operation a variable
    instead of a dozen. Gradients of embeddings, which TensorFlow hands over as `IndexedSlices`, are
    made dense first: Keras 3 does not add up the slices of a token that occurs several times in a
    batch, and moves its vector by a multiple of what Adam prescribes.

    Parameters are those of `keras.optimizers.Adam`; ``amsgrad`` has no such kernel.

    Raises
    ------
    ValueError
        With ``amsgrad=True``.

    Examples
    --------
    >>> optimizer = FusedAdam(learning_rate=0.1)
    >>> x = keras.Variable([1.0])
    >>> optimizer.apply([keras.ops.array([5.0])], [x])
    >>> round(float(x.numpy()[0]), 4)  # the first step is as long as the learning rate
    0.9
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.amsgrad:
            raise ValueError("FusedAdam has no amsgrad; use keras.optimizers.Adam(amsgrad=True)")

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        if tf.distribute.has_strategy():
            super()._backend_update_step(grads, trainable_variables, learning_rate)
            return
        # Keras would add the gradients up over devices first, here over one; TensorFlow keeps the
        # graph of every step that does so for as long as the process lives, some 8 MB a model.
        step = self.iterations + 1  # read and counted up once, not for each variable
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            self.update_step(gradient, variable, learning_rate, step)

    def update_step(self, gradient, variable, learning_rate, step=None):
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1 if step is None else step, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=tf.cast(self.beta_1, variable.dtype) ** step,
            beta2_power=tf.cast(self.beta_2, variable.dtype) ** step,
            lr=tf.cast(learning_rate, variable.dtype),
            beta1=tf.cast(self.beta_1, variable.dtype),
            beta2=tf.cast(self.beta_2, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=tf.cast(tf.convert_to_tensor(gradient), variable.dtype),
        )


def apply_sparing(
    optimizer: keras.optimizers.Optimizer,
    gradients: Sequence,
    variables: Sequence[keras.Variable],
    needed: Callable[[keras.Variable], object],
    decayed: Callable[[keras.Variable], bool],
) -> None:
    """Take an optimizer's step, but leave alone the variables that this batch says nothing about.

    They stay as they are, and so does what the optimizer remembers of them: neither momentum nor
    weight decay moves them. Keras does so for a variable whose gradient is None; here the running
    graph decides. Under a distribution strategy, or with gradients accumulated over several
    batches, everything moves.

    Parameters
    ----------
    optimizer
        Any of Keras'.
    gradients
        One a variable, dense.
    variables
        All of those that are trained.
    needed
        Variable → whether the batch speaks of it, a scalar bool tensor; or None where it always does.
    decayed
        Variable → whether it takes part in weight decay.
    """
    update, decay = optimizer._backend_update_step, optimizer._apply_weight_decay

    def sparingly(step: Callable, *lists: Sequence) -> None:
        """`step` on those parts of the lists, whose last are variables, that the batch speaks of."""
        groups: dict[int, tuple] = {}
        for row in zip(*lists, strict=True):
            condition = needed(row[-1])
            groups.setdefault(id(condition), (condition, []))[1].append(row)
        for condition, rows in groups.values():
            parts = [list(part) for part in zip(*rows, strict=True)]
            if condition is None:
                step(*parts)
            else:
                tf.cond(condition, lambda parts=parts: step(*parts) or 0, lambda: 0)

    if optimizer.weight_decay is not None:
        optimizer._apply_weight_decay = lambda variables: sparingly(
            decay, [variable for variable in variables if decayed(variable)]
        )
    if not (tf.distribute.has_strategy() or optimizer.gradient_accumulation_steps):
        optimizer._backend_update_step = lambda gradients, variables, rate: sparingly(
            lambda *parts: update(*parts, rate), gradients, variables
        )
    try:
        optimizer.apply(gradients, variables)
    finally:  # the methods of its class again
        vars(optimizer).pop("_backend_update_step", None)
        vars(optimizer).pop("_apply_weight_decay", None)


def optimizer(choice: Any) -> keras.optimizers.Optimizer:
    """Make an optimizer of a name or a configuration, as Keras does; `FusedAdam` of None.

    Raises
    ------
    TypeError
        For what is neither of these, nor an optimizer.
    ValueError
        For a name or configuration that Keras does not know, or Keras' `LossScaleOptimizer`.

    Examples
    --------
    >>> type(optimizer(None)).__name__, type(optimizer("sgd")).__name__
    ('FusedAdam', 'SGD')
    """
    if choice is None:
        return FusedAdam()
    if not isinstance(choice, keras.optimizers.Optimizer | str | Mapping):
        raise TypeError(
            f"optimizer must be a Keras optimizer or the name of one, not {shown(choice)}"
        )
    try:
        made = keras.optimizers.get(choice)
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"Keras knows no optimizer {choice!r}; 'adam' is one") from None
    if isinstance(made, keras.optimizers.LossScaleOptimizer):
        raise ValueError(
            "optimizer must be none of scaled losses, which are for half precision; models of the "
            "course compute in float32: give the optimizer that is inside it"
        )
    return made
