"""Exact arithmetic with whole numbers and fractions (精确计算): joined, and rounded to steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from policylib.model.condition import Operation, Rounding
from policylib.model.quantity import Number

__all__ = ["join", "rounded", "whole"]


def join(operation: Operation, numbers: list[Any]) -> Any:
    """Exact arithmetic; ``None`` for a division by zero."""
    first = numbers[0]
    if operation is Operation.SUM:
        return whole(sum(numbers[1:], first))
    if operation is Operation.PRODUCT:
        for each in numbers[1:]:
            first = first * each
        return whole(first)
    if operation is Operation.DIFFERENCE:
        return whole(first - numbers[1])
    if operation is Operation.RATIO:
        return whole(Fraction(first) / numbers[1]) if numbers[1] else None
    return min(numbers) if operation is Operation.LEAST else max(numbers)


def whole(number: Number) -> Number:
    """An ``int`` where the number is whole."""
    if isinstance(number, Fraction) and number.denominator == 1:
        return number.numerator
    return number


def rounded(number: Number, step: Number, how: Rounding) -> Number:
    """A number rounded to whole steps; halves go away from zero."""
    steps = Fraction(number) / step
    below = steps.numerator // steps.denominator
    if how is Rounding.UP:
        below += steps != below
    elif how is Rounding.HALF_UP:
        rest = steps - below
        below += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and steps > 0)
    return whole(below * step)
