"""What the index keeps of a document: the columns for filters and facets, and the text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields

__all__ = ["Entry", "validity_on"]

#: ``(first day as ISO date, or "" for always, 时效性)``, in the order of days.
Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as the index sees it (索引条目): plain values, days as ISO dates.

    ``steps`` is the validity as a step function of the day, so the index answers for any day
    without asking the store. ``provisions`` are ``(offset, label)`` pairs of the body in order.
    ``public`` says whether people outside may find it.
    """

    id: str
    title: str
    public: bool
    stage: str
    doc_number: str | None = None
    number_key: str | None = None
    index_number: str | None = None
    type: str | None = None
    kind: str | None = None
    form: str | None = None
    issuers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    written_on: str | None = None
    released_on: str | None = None
    effective_on: str | None = None
    steps: Steps = ()
    body: str = field(default="", repr=False)
    provisions: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    def header_bytes(self) -> bytes:
        """Everything but the text, for the header column."""
        return json.dumps(
            [getattr(self, name) for name in _HEADER], ensure_ascii=False, separators=(",", ":")
        ).encode("utf-8", "surrogatepass")

    @staticmethod
    def from_header(data: bytes) -> Entry:
        """The entry back from its header column, without text."""
        values = dict(zip(_HEADER, json.loads(data), strict=True))
        for name in _LISTS:
            values[name] = tuple(values[name])
        values["steps"] = tuple(tuple(step) for step in values["steps"])
        return Entry(**values)

    def text_bytes(self) -> bytes:
        """The text and its provisions, for the text column."""
        provisions = json.dumps(self.provisions, ensure_ascii=False, separators=(",", ":"))
        raw = f"{len(provisions)}\n{provisions}{self.body}".encode("utf-8", "surrogatepass")
        return zlib.compress(raw, 1)

    @staticmethod
    def from_text(data: bytes) -> tuple[str, Sequence[tuple[int, str]]]:
        """Body and provisions from the text column."""
        raw = zlib.decompress(data).decode("utf-8", "surrogatepass")
        size, _, rest = raw.partition("\n")
        return rest[int(size) :], json.loads(rest[: int(size)])

    def as_dict(self) -> dict[str, object]:
        """Plain values, for tests and dumps."""
        return asdict(self)


_HEADER = tuple(f.name for f in fields(Entry) if f.name not in ("body", "provisions"))
_LISTS = ("issuers", "themes", "tags", "keywords", "audience")


def validity_on(steps: Steps, day: str) -> str:
    """The step that holds on ``day`` (ISO); an empty string when there is none yet."""
    value = ""
    for start, name in steps:
        if start > day:
            break
        value = name
    return value
