"""TensorFlow and Keras, imported without TensorFlow's start-up noise.

Everything here that needs them says ``from mtl_tutorial.startup import keras, tf``. TensorFlow's
C++ part writes to file descriptor 2 before it reads any log level, so the descriptor itself is
turned away during the import and the first operation.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors stay visible
os.environ["KERAS_BACKEND"] = "tensorflow"


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    if sys.stderr is None:  # there is none where Python runs without a console
        yield
        return
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


with _quiet_stderr():
    import tensorflow as tf

    tf.zeros(1)
    import keras

tf.get_logger().setLevel("ERROR")  # every new model is traced anew; no need to warn of it

__all__ = ["keras", "tf"]
