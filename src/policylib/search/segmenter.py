"""Chinese word segmentation (分词): the one door to jieba and rjieba.

rjieba is used when it is installed: the same dictionary and the same tokens, many times faster.
jieba keeps a process-wide dictionary, prints, and unpickles a cache from the shared temporary
folder; here it gets an instance and a private cache folder of its own, and is silenced.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DICTIONARY", "Segmenter", "load"]

#: The dictionary both packages carry; part of the index stamp.
DICTIONARY = "jieba-0.42"


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Cuts text into words; ``knows`` says whether the dictionary has a word."""

    name: str
    cut: Callable[[str], Iterable[str]]
    knows: Callable[[str], bool]


def load(name: str | None = None, *, cache: Path | None = None) -> Segmenter:
    """The segmenter: ``"rjieba"``, ``"jieba"``, or the faster one that is installed.

    ``cache`` is a private folder where jieba may keep its prepared dictionary.
    """
    if name is None:
        name = "rjieba" if importlib.util.find_spec("rjieba") else "jieba"
    return _rjieba() if name == "rjieba" else _jieba(cache)


@functools.cache
def _rjieba() -> Segmenter:
    import rjieba  # noqa: PLC0415 - 150 ms, and optional

    return Segmenter("rjieba", rjieba.cut, rjieba.has_word)


@functools.cache
def _jieba(cache: Path | None) -> Segmenter:
    hidden = "pkg_resources" not in sys.modules
    if hidden:  # jieba looks there first; it costs 140 ms and warns
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import jieba  # noqa: PLC0415 - 60 ms, and a second for the dictionary
    finally:
        if hidden:
            del sys.modules["pkg_resources"]
    jieba.default_logger.setLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    if cache is None:
        tokenizer.initialize = functools.partial(_initialize_uncached, tokenizer)
    else:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        tokenizer.tmp_dir = str(cache)
        tokenizer.cache_file = "jieba.cache"
    tokenizer.initialize()
    frequency = tokenizer.FREQ
    return Segmenter("jieba", tokenizer.cut, lambda word: bool(frequency.get(word)))


def _initialize_uncached(tokenizer: object) -> None:
    """Read the dictionary without touching the shared temporary folder."""
    if not tokenizer.initialized:  # type: ignore[attr-defined]
        words, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())  # type: ignore[attr-defined]
        tokenizer.FREQ, tokenizer.total = words, total  # type: ignore[attr-defined]
        tokenizer.initialized = True  # type: ignore[attr-defined]
