"""Keeping the match index in step with the journal (匹配索引维护): rebuilt and swapped, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policylib.library.matchindex import MatchIndex
from policylib.library.offers import gather
from policylib.model.vocabulary import Act, RelationKind
from policylib.store.retracting import former_objects
from policylib.store.sql import ORGANS
from policylib.workflow.validity import WITHOUT_EFFECT

if TYPE_CHECKING:
    from policylib.library.office import Office
    from policylib.model.facts import Vocabulary
    from policylib.store.sql import SqlStore

__all__ = ["Offered", "caught_up"]

#: Relations that change nothing of what is offered, nor of what is said of it.
_UNHEARD = WITHOUT_EFFECT - {RelationKind.AMENDS}
_MOST = 1_000  # events looked at one by one; after more everything is gathered anew


@dataclass(frozen=True, slots=True)
class Offered:
    """A match index, and the journal's position and digest it was made at."""

    mark: tuple[int, str]
    index: MatchIndex


def caught_up(
    held: Offered | None, store: SqlStore, office: Office, vocabulary: Vocabulary
) -> Offered:
    """The index as of the journal's newest event; ``held`` itself when nothing has happened.

    What happened to documents that offer nothing moves only the mark. Whoever writes meanwhile is
    seen the next time.
    """
    mark = store.mark()
    if held is not None and held.mark == mark:
        return held
    changed = _changed(held, store)
    if held is None or changed is None:
        return Offered(mark, MatchIndex(vocabulary, gather(store, office, store.offering())))
    old = held.index.listed
    offering = set(store.offering())
    touched = [id for id in changed if id in old or id in offering]
    if not touched:
        return Offered(mark, held.index)
    fresh = gather(store, office, [id for id in touched if id in offering])
    kept = {id: each for id, each in old.items() if id not in set(touched)}
    if all(fresh.get(id) == old.get(id) for id in touched):
        return Offered(mark, held.index)
    return Offered(mark, MatchIndex(vocabulary, dict(sorted((kept | fresh).items()))))


def _changed(held: Offered | None, store: SqlStore) -> list[str] | None:
    """The documents that events since bear on; ``None``: too many, or another journal."""
    if held is None:
        return None
    position, digest = held.mark
    if store.head() < position or store.digest_at(position) != digest:
        return None
    events = store.events_after(position, _MOST)
    if len(events) == _MOST:
        return None
    ids = {event.document_id for event in events}
    if ORGANS in ids and any(event.act is Act.REGISTER for event in events):
        return None  # the level of an organ may decide on terms
    ids -= {ORGANS}
    return sorted(ids | set(store.objects_of(sorted(ids), _UNHEARD)) | former_objects(events))
