import subprocess
import sys

import numpy as np
import pytest

from mtl_tutorial.optimizers import FusedAdam, optimizer
from mtl_tutorial.startup import keras, tf

SHAPES = [(50, 8), (8, 4), (4,)]


def hundred_steps(optimizer: keras.optimizers.Optimizer, sparse: bool = False) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=shape).astype("float32")) for shape in SHAPES]
    for step in range(100):
        gradients = [
            tf.constant(rng.normal(size=s) * 10 ** (step % 4 - 2), tf.float32) for s in SHAPES
        ]
        rows = tf.constant(rng.integers(0, 50, size=12))
        slices = tf.IndexedSlices(
            tf.constant(rng.normal(size=(12, 8)), tf.float32), rows, tf.constant(SHAPES[0])
        )
        gradients[0] = slices if sparse else tf.convert_to_tensor(slices)
        optimizer.apply(gradients, variables)
    return [variable.numpy() for variable in variables]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-5},
        {"weight_decay": 0.01},
        {"clipnorm": 0.5},
        {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.003, 10, 0.9)},
    ],
)
def test_it_takes_the_steps_of_keras_adam_on_dense_gradients(options):
    ours = hundred_steps(FusedAdam(**options))
    theirs = hundred_steps(keras.optimizers.Adam(**options))
    for mine, wanted in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, wanted, atol=1e-6)


def test_slices_of_one_token_are_added_up_before_the_step():
    dense, sparse = hundred_steps(FusedAdam()), hundred_steps(FusedAdam(), sparse=True)
    np.testing.assert_allclose(sparse[0], dense[0], atol=1e-6)


def test_keras_adam_itself_still_moves_a_repeated_token_too_far():
    """If this fails, Keras has mended it, and the texts that warn of it are to be changed."""
    dense = hundred_steps(keras.optimizers.Adam())
    sparse = hundred_steps(keras.optimizers.Adam(), sparse=True)
    assert np.abs(dense[0] - sparse[0]).max() > 1e-3


DEVICES = """
import keras, numpy as np, tensorflow as tf

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from mtl_tutorial.optimizers import FusedAdam

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(FusedAdam(0.1), "mse", jit_compile=False)
x = np.array([[0.0], [1.0], [2.0], [30.0]], "float32")  # the devices see different sentences
model.fit(x, 3 * x, batch_size=4, epochs=3, verbose=0)
one, other = strategy.experimental_local_results(model.layers[0].kernel.value)
assert np.allclose(one, other), (one, other)
"""


def test_copies_on_several_devices_stay_the_same():
    subprocess.run([sys.executable, "-c", DEVICES], check=True)


def test_amsgrad_is_refused():
    with pytest.raises(ValueError, match="no amsgrad"):
        FusedAdam(amsgrad=True)


def test_it_is_rebuilt_from_its_configuration():
    optimizer = FusedAdam(learning_rate=0.25, beta_1=0.5)
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert type(again) is FusedAdam
    assert again.get_config() == optimizer.get_config()


def test_an_optimizer_of_scaled_losses_is_refused():
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
    for given in (scaled, keras.optimizers.serialize(scaled)):
        with pytest.raises(ValueError, match="give the optimizer that is inside it"):
            optimizer(given)
