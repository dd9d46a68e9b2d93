"""Functions that processors work out differently in the last bit, the same everywhere: in double precision, rounded.

Numpy has several versions of each, and takes the fastest that a processor knows. In single precision they differ in the
last bit of every second value, and now and then a page in a dataset would depend on the machine that read it. In double
precision they differ by 1e-16, and rounding hides that of all but one value in some hundred million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from builder.extract.classifier.characters import Floats


def log1p(values: ArrayLike) -> Floats:
    """The logarithm of one more than each value."""
    return np.log1p(values, dtype=np.float64).astype(np.float32)


def expm1(values: ArrayLike) -> Floats:
    """What `log1p` was taken of."""
    return np.expm1(values, dtype=np.float64).astype(np.float32)


def logistic(values: ArrayLike) -> Floats:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(np.negative(values), dtype=np.float64)), np.float32)


def power(values: ArrayLike, exponent: float) -> Floats:
    """Each value to a power."""
    return np.power(values, exponent, dtype=np.float64).astype(np.float32)


def softmax(values: ArrayLike) -> Floats:
    """The exponentials of values, made to sum to one."""
    found = np.exp(np.subtract(values, np.max(values)), dtype=np.float64)
    return np.asarray(found / found.sum(), np.float32)
