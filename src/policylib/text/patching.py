"""The difference between two strings as a patch (补丁): small, JSON, and only for its own base.

>>> patch = diff("每月60元。", "每月90元。")
>>> apply(patch, "每月60元。")
'每月90元。'
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from policylib.errors import ParseError
from policylib.text.aligning import align
from policylib.text.wording import Op, reworded

__all__ = ["Patch", "apply", "diff"]

_VERSION = 1
_DIGEST = 64
_WRONG = "补丁格式不正确，请重新生成"


@dataclass(frozen=True, slots=True)
class Patch:
    """How to make one text of another (补丁).

    ``steps`` go through the base: a number keeps so many characters, a negative one drops them, a
    string is put in. ``base`` and ``result`` are the SHA-256 of the two texts.
    """

    base: str
    result: str
    steps: tuple[int | str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; they survive any JSON writer, half surrogates too."""
        steps: list[int | str] = []
        for step in self.steps:
            steps.extend([step] if isinstance(step, int) else _whole_characters(step))
        return {"version": _VERSION, "base": self.base, "result": self.result, "steps": steps}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_dict` gave; :class:`~policylib.errors.ParseError` for anything else."""
        if not isinstance(value, Mapping):
            raise ParseError(_WRONG)
        if value.get("version") != _VERSION:
            raise ParseError(f"补丁版本应为{_VERSION}，请用同一版本的程序重新生成")
        base, result, steps = (value.get(name) for name in ("base", "result", "steps"))
        if not isinstance(steps, (list, tuple)) or not all(
            isinstance(step, (int, str)) and not isinstance(step, bool) for step in steps
        ):
            raise ParseError(_WRONG)
        for digest in (base, result):
            if not isinstance(digest, str) or len(digest) != _DIGEST:
                raise ParseError(_WRONG)
        return cls(str(base), str(result), tuple(steps))


def diff(before: str, after: str) -> Patch:
    """The patch that makes ``after`` of ``before`` (生成补丁), for any two strings."""
    steps: list[int | str] = []
    for step in _steps(before, after):
        last = steps[-1] if steps else ""
        if isinstance(step, int) and isinstance(last, int) and (last > 0) == (step > 0):
            steps[-1] = last + step
        else:
            steps.append(step)
    return Patch(_digest(before), _digest(after), tuple(steps))


def apply(patch: Patch, base: str) -> str:
    """Make the later text (应用补丁).

    Raises :class:`~policylib.errors.ParseError` when ``base`` is not the text the patch was made
    from, or the patch was damaged.
    """
    if _digest(base) != patch.base:
        raise ParseError("补丁不是由这份文本生成的，请改用生成补丁时的原文本")
    made: list[str] = []
    at = 0
    for step in patch.steps:
        if isinstance(step, str):
            made.append(step)
            continue
        if step > 0:
            made.append(base[at : at + step])
        at += abs(step)
        if at > len(base):
            break
    text = "".join(made)
    if at != len(base) or _digest(text) != patch.result:
        raise ParseError("补丁内容已损坏，未作任何修改，请重新生成")
    return text


def _steps(before: str, after: str) -> Iterator[int | str]:
    """Line by line, then within the lines that differ."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    i = j = 0
    for block in [*align(old, new), None]:
        to_i, to_j, size = block or (len(old), len(new), 0)
        for op, text in reworded("".join(old[i:to_i]), "".join(new[j:to_j])):
            yield text if op is Op.NEW else len(text) if op is Op.SAME else -len(text)
        i, j = to_i + size, to_j + size
        if size:
            yield sum(map(len, old[to_i:i]))


def _whole_characters(text: str) -> Iterator[str]:
    """Cut between two half surrogates: side by side, JSON would read them as one character."""
    start = 0
    for at in range(1, len(text)):
        if "\udc00" <= text[at] <= "\udfff" and "\ud800" <= text[at - 1] <= "\udbff":
            yield text[start:at]
            start = at
    yield text[start:]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
