"""The encoders there are, without TensorFlow: what each is called, reads and costs.

Their layers stand in `layers.LAYERS` under the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from mtl_tutorial.arguments import one_of

FORMATS: dict[str, tuple[str, ...]] = {
    "tf_saved_model": (),
    "litert": (),
    "onnx": ("tf2onnx", "onnx"),
    "openvino": ("openvino",),
}
"""What `keras.Model.export` writes on TensorFlow, and the packages it asks for."""


@dataclass(frozen=True)
class Encoder:
    """What can be known of an encoder without building it.

    Attributes
    ----------
    title
        As people write it.
    parameters
        (features of a token that go in, units that come out, causal) → parameters of one copy.
    portable
        Whether ONNX and LiteRT know its operations.
    """

    title: str
    parameters: Callable[[int, int, bool], int]
    portable: bool = True


def _transformer(features: int, units: int, causal: bool) -> int:
    linear = (features + 1) * units if features != units else 0
    attention = 4 * (units + 1) * units
    dense = (units + 1) * 2 * units + (2 * units + 1) * units
    return linear + attention + dense + 4 * units  # the last for two normalizations


ENCODERS: dict[str, Encoder] = {
    "mlp": Encoder("MLP", lambda features, units, causal: (features + 1) * units),
    "cnn": Encoder("CNN", lambda features, units, causal: (3 * features + 1) * units),
    "bilstm": Encoder(
        "BiLSTM",
        lambda features, units, causal: (
            4 * units * (features + 1 + (units if causal else units // 2))
        ),
        portable=False,
    ),
    "transformer": Encoder("Transformer", _transformer),
}


def encoder_named(name: str) -> Encoder:
    """Look up the encoder of this name.

    Raises
    ------
    TypeError, ValueError
        If there is none.

    Examples
    --------
    >>> encoder_named("cnn").parameters(32, 32, False)
    3104
    """
    return ENCODERS[one_of("encoder", name, sorted(ENCODERS))]


def check_format(name: str, format: str) -> None:
    """Refuse a format that there is none of, or that does not know the encoder's operations.

    Raises
    ------
    TypeError, ValueError
        With the formats, or with the encoder.
    ImportError
        With the packages to install.
    """
    encoder = encoder_named(name)
    if one_of("format", format, FORMATS) in ("onnx", "litert") and not encoder.portable:
        raise ValueError(
            f"{format} does not know the {encoder.title}'s operation; use another encoder"
        )
    if missing := [package for package in FORMATS[format] if find_spec(package) is None]:
        raise ImportError(
            f"format {format!r} needs what is not installed: pip install {' '.join(missing)}"
        )
