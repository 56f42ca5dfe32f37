"""`FusedAdam`: Keras' Adam in one kernel a variable, on dense gradients."""

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
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            self.update_step(gradient, variable, learning_rate)

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, variable.dtype)
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
