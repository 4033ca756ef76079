"""Whoosh, imported without what it does not need here.

It wants two names that it does not use for us: cached_property from a package that loads all of
asyncio, and urlretrieve, which loads http, ssl and email. Together they are a quarter of a command
line search, so stand-ins take their places for the moment of the import.
"""

from __future__ import annotations

import functools
import sys
import types
from typing import Any


def _without(name: str, **names: Any) -> bool:
    """Stand in for module ``name`` while Whoosh is imported; whether that was needed."""
    if name in sys.modules:
        return False
    module = types.ModuleType(name)
    vars(module).update(names)
    sys.modules[name] = module
    return True


_STANDINS = [
    name
    for name, needed in (
        ("cached_property", _without("cached_property", cached_property=functools.cached_property)),
        ("urllib.request", _without("urllib.request", urlretrieve=None)),
    )
    if needed
]

import whoosh  # noqa: E402
from whoosh import columns, fields, formats, index, reading, writing  # noqa: E402
from whoosh.codec import whoosh3  # noqa: E402
from whoosh.filedb import compound, structfile  # noqa: E402
from whoosh.filedb.filestore import FileStorage  # noqa: E402
from whoosh.matching import ListMatcher  # noqa: E402

for _name in _STANDINS:
    del sys.modules[_name]

__all__ = [
    "FileStorage", "ListMatcher", "columns", "compound", "fields", "formats", "index", "reading",
    "structfile", "whoosh", "whoosh3", "writing",
]  # fmt: skip
