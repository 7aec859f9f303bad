"""Weights of eight bits: whole numbers from -127 to 127 and their scales.

A scale has four significant bits, so that a whole number times its scale has eleven, as many as F16
holds: what is stored as F16 is exact, and can be sent as the whole numbers (app/web/packed.py).
"""

import numpy as np

MOST = 127


def whole_numbers(name, values):
    """A matrix as whole numbers and scales: one for each row of an embedding, for each column of a
    matrix [in, out], so that every output of a layer has its own."""
    axis = 1 if name.startswith("w") else 0
    values = values.astype("f8")
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True) / MOST, 2.0 ** -23)
    mantissa, exponent = np.frexp(scale)
    scale = np.ldexp(np.ceil(mantissa * 16) / 16, exponent)
    return np.rint(values / scale).astype("i1"), scale.astype("<f4")


def rounded(name, values):
    """The nearest values that eight bits have; vectors as they are."""
    if values.ndim != 2:
        return values
    numbers, scale = whole_numbers(name, values)
    return numbers * scale
