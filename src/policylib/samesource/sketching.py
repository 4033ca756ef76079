"""Sketches of texts for a manifest (文本抽样): near-identical copies are known without the text.

A sketch is the 64 smallest of the hashes of all eight-character pieces of the normal form
(bottom-k, Broder 1997); a hash is the CRC-32 of the piece in UTF-16LE times 0x9E3779B1, modulo
2^32. Two sketches give the share of pieces that both texts have, to about ±0.05.
"""

from __future__ import annotations

from zlib import crc32

from policylib.pages.normal import normal_form

__all__ = ["SKETCH", "resemblance", "sketch"]

#: How many hashes a sketch keeps.
SKETCH = 64
_WIDTH = 16  # bytes: eight characters
_MIX, _MASK = 0x9E3779B1, 0xFFFFFFFF
_BLOCK = 200_000


def sketch(text: str) -> tuple[int, ...]:
    """The sketch of a text, smallest hash first; at most 64 numbers below 2^32.

    >>> sketch("每人每月补助六十元。") == sketch("每人 每月补助六十元.")
    True
    """
    form = memoryview(normal_form(text).encode("utf-16-le", "surrogatepass"))
    kept: list[int] = []
    last = max(len(form) - _WIDTH, 0)
    for start in range(0, last + 1, _BLOCK):
        places = range(start, min(start + _BLOCK, last + 1), 2)
        block = {crc32(form[n : n + _WIDTH]) * _MIX & _MASK for n in places}
        kept = sorted(block.union(kept))[:SKETCH]
    return tuple(kept) if len(form) > 0 else ()


def resemblance(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of pieces that both texts have (相似度), from 0 to 1.

    >>> a = sketch("申请人应当自收到通知之日起十日内提交书面材料")
    >>> resemblance(a, a), resemblance(a, ())
    (1.0, 0.0)
    """
    if not one or not other:
        return 0.0
    both = set(one) & set(other)
    smallest = sorted(set(one) | set(other))[:SKETCH]
    return sum(each in both for each in smallest) / len(smallest)
