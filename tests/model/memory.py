"""Where the elements of an array lie: the steps that a contract admits, and which bytes two arrays share."""

from __future__ import annotations

import itertools

import numpy as np

from .functions import Array
from .rules import holds_integer


def order(demand: Array, ndim: int) -> list[int]:
    """Axes from the innermost outwards."""
    return list(range(ndim)) if demand.fortran else list(range(ndim))[::-1]


def step_of(demand: Array, x: np.ndarray, axis: int) -> int:
    """The step that C is told, in bytes: an axis of one or no element has that of a contiguous array."""
    if x.shape[axis] > 1 and x.size:
        return x.strides[axis]
    inner = order(demand, x.ndim)[: order(demand, x.ndim).index(axis)]
    if not inner:
        return x.itemsize
    return step_of(demand, x, inner[-1]) * max(x.shape[inner[-1]], 1)


def interleaves(x: np.ndarray) -> bool:
    """Whether one axis steps less far than the axes of smaller steps reach."""
    reach = x.itemsize
    for step, extent in sorted((abs(x.strides[axis]), x.shape[axis]) for axis in range(x.ndim) if x.shape[axis] != 1):
        if step < reach:
            return True
        reach += step * (extent - 1)
    return False


def steps_fit(demand: Array, x: np.ndarray) -> bool:
    inner: list[int] = []
    for axis in order(demand, x.ndim):
        rule = demand.axes[axis].step  # type: ignore[union-attr]
        if x.shape[axis] != 1:
            step = x.strides[axis]
            contiguous = step_of(demand, x, inner[-1]) * x.shape[inner[-1]] if inner else x.itemsize
            if rule is None and step != contiguous:
                return False
            if rule is not None and (step == 0 or (not rule.endswith(" bytes") and step % x.itemsize)):
                return False
            if rule and step < 0 and not demand.lowest:
                return False
        inner.append(axis)
    return not interleaves(x)


def rows_fit(demand: Array, x: np.ndarray) -> bool:
    innermost = order(demand, x.ndim)[0]
    if x.shape[innermost] != 1 and x.strides[innermost] != x.itemsize:
        return False
    return all(x.strides[axis] or x.shape[axis] == 1 for axis in range(x.ndim)) and not interleaves(x)


def layout_fits(demand: Array, x: np.ndarray, symbols: dict[str, str]) -> bool:
    if not demand.rows and not demand.has_steps:
        return bool(x.flags.f_contiguous if demand.fortran else x.flags.c_contiguous)
    if x.ndim != len(demand.axes) or not x.size:
        return True
    if not (rows_fit(demand, x) if demand.rows else steps_fit(demand, x)):
        return False
    for axis, rule in enumerate(demand.axes):
        name = (rule.step or "").removesuffix(" bytes")  # type: ignore[union-attr]
        if name:
            told = step_of(demand, x, axis) // (1 if rule.step.endswith("bytes") else x.itemsize)  # type: ignore[union-attr]
            if not holds_integer(np.dtype(symbols[name]), told):
                return False
    return True


def bytes_of(x: np.ndarray) -> np.ndarray:
    """The addresses of all bytes of all elements."""
    at = np.array([x.__array_interface__["data"][0]], np.int64)
    for step, extent in zip((*x.strides, 1), (*x.shape, x.itemsize), strict=True):
        at = (at[:, None] + np.arange(extent) * step).ravel()
    return at


def overlaps_itself(x: np.ndarray) -> bool:
    at = bytes_of(x)
    return len(np.unique(at)) != len(at)


def overlap(x: np.ndarray, y: np.ndarray) -> bool:
    if not x.size or not y.size:
        return False
    return bool(np.intersect1d(bytes_of(x), bytes_of(y)).size)


def is_same_array(x: np.ndarray, y: np.ndarray) -> bool:
    same_steps = all(a == b or n <= 1 for a, b, n in itertools.zip_longest(x.strides, y.strides, x.shape))
    return x.__array_interface__["data"][0] == y.__array_interface__["data"][0] and (x.dtype, x.shape) == (y.dtype, y.shape) and same_steps
