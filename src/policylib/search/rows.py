"""What a row of the index holds (索引行): an entry as terms and columns, the stamp, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from policylib.search.analysis import Analyser, encode, fold, impacts, pairs
from policylib.search.entry import Entry
from policylib.search.segments import Row

__all__ = ["COLUMNS", "FIELDS", "HIDDEN", "STAMP", "Facts", "Stamp", "read_facts", "row_of"]

FIELDS = ("title", "title_pairs", "body", "body_pairs", "filter", "name")
#: Before the name of a field: the same of documents that the public may not see.
HIDDEN = "~"
COLUMNS = ("header", "text", "facts", "plain")
#: The key of the row with the index's own state.
STAMP = "\x00stamp"

#: The day of release, and the steps of validity with their days; ISO days, empty where unknown.
Facts = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far an index has come (索引进度).

    ``position`` is the journal position its entries were read at, ``digest`` that of the event
    there. From the day ``wake`` on it is out of date by itself, because a text comes into force.
    ``sources`` is the state of other libraries' manifests that the entries were made with.
    """

    position: int = 0
    digest: str = ""
    wake: date | None = None
    sources: str = ""

    @property
    def mark(self) -> tuple[int, str]:
        """Position and digest: where in which journal."""
        return self.position, self.digest

    def row(self) -> Row:
        """The row that keeps it."""
        words = f"{self.position} {self.digest} {self.wake or ''} {self.sources}"
        return Row(STAMP, {}, {"facts": words.encode()})

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The stamp of a row's column."""
        position, digest, wake, sources = data.decode().split(" ")
        return cls(int(position), digest, date.fromisoformat(wake) if wake else None, sources)


def row_of(entry: Entry, analyser: Analyser) -> Row:
    """What the index keeps of a document: terms with impacts by field, and columns."""
    title, body = fold(entry.title), fold(entry.body)
    mark = "" if entry.public else HIDDEN
    facts = f"{entry.released_on or ''}|" + "|".join(f"{a},{b}" for a, b in entry.steps)
    return Row(
        entry.id,
        {
            mark + "title": impacts(analyser.words(title), mean=16),
            mark + "title_pairs": impacts(pairs(title), mean=22),
            mark + "body": impacts(analyser.words(body), mean=1_600),
            mark + "body_pairs": impacts(pairs(body), mean=1_800),
            mark + "filter": dict.fromkeys(encode(_filters(entry)), 1),
            mark + "name": dict.fromkeys(encode(_names(entry)), 1),
        },
        {
            "header": entry.header_bytes(),
            "text": entry.text_bytes(),
            "facts": facts.encode("utf-8", "surrogatepass"),
            "plain": _plain(title, body),
        },
    )


def read_facts(data: bytes) -> Facts:
    """The facts column of a row."""
    released, _, steps = bytes(data).decode("utf-8", "surrogatepass").partition("|")
    return released, tuple(
        (start, name) for start, _, name in (s.partition(",") for s in steps.split("|") if s)
    )


def _plain(title: str, body: str) -> bytes:
    """Folded title and body without white space: where phrases are looked up to the letter."""
    text = "".join(title.split()) + "\n" + "".join(body.split())
    return text.encode("utf-8", "surrogatepass")


def _names(entry: Entry) -> list[str]:
    names = [entry.id, fold(entry.id)]
    if entry.index_number:
        names.append(fold(entry.index_number))
    if entry.number_key:
        names.append(f"no:{entry.number_key}")
    return list(dict.fromkeys(names))


def _filters(entry: Entry) -> list[str]:
    terms = ["any"]
    values: dict[str, tuple[str, ...]] = {
        "type": (entry.type,) if entry.type else (),
        "kind": (entry.kind,) if entry.kind else (),
        "form": (entry.form,) if entry.form else (),
        "issuers": entry.issuers,
        "themes": entry.themes,
        "tags": (*entry.tags, *entry.keywords),
        "audience": entry.audience,
    }
    for name, given in values.items():
        for value in given:
            terms.append(f"facet:{name}:{value}")
            terms.append(f"{name}:{fold(value)}")
            if name == "themes" and "\\" in value:
                terms.append(f"{name}:{fold(value.split(chr(92))[0])}")
    return list(dict.fromkeys(terms))
