"""Amendments in force that a text does not have yet (未落实的修改): by which decisions, since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policylib.library.pointing import relations_to
from policylib.model.document import Document
from policylib.model.event import Event
from policylib.model.vocabulary import Act, RelationKind, Stage
from policylib.store.sql import SqlStore

__all__ = ["Effect", "missing_effects", "to_carry_out"]

_BUT_AMENDS = frozenset(set(RelationKind) - {RelationKind.AMENDS})


@dataclass(frozen=True, slots=True)
class Effect:
    """A decision whose amendment is not in the text yet (未落实的修改).

    ``passages`` are the quotes and reasons of what could not be applied, where it was tried; ``on``
    is the day from which the decision works.
    """

    decision: Document
    on: date | None
    reason: str
    passages: tuple[Mapping[str, Any], ...] = ()

    def holds(self, day: date) -> bool:
        """Whether the decision works on a day."""
        return self.on is None or self.on <= day


def missing_effects(store: SqlStore, ids: Iterable[str]) -> dict[str, tuple[Effect, ...]]:
    """For each document the effects that its text lacks, those of coming days too.

    A released decision that amends the document and made no text of it; or one of which a part
    could not be applied and was not entered since.
    """
    wanted = list(dict.fromkeys(ids))
    pointing = relations_to(store, wanted, without=_BUT_AMENDS)
    amended = [id for id in wanted if pointing[id]]
    made = store.makers(amended)
    partly = _partly(store, amended)
    found: dict[str, tuple[Effect, ...]] = {}
    for id in wanted:
        effects = [
            Effect(decision, relation.effective_on or decision.starts_on, _WHOLE)
            for relation, decision in pointing[id]
            if decision.stage is Stage.RELEASED
            and decision.id != id
            and decision.id not in made.get(id, ())
        ]
        found[id] = (*dict.fromkeys(effects), *partly.get(id, ()))
    return found


def to_carry_out(id: str, effect: Effect) -> str:
    """For staff: that a document lacks an amendment, and the next command."""
    command = f"policylib amend {id} --made-by {effect.decision.id}"
    if effect.passages:  # it was tried, and a part was left out
        command = f"policylib links {id}"
    return f"文件“{id}”有已施行的修改没有落实，结果按修改前的文本得出，请先处理：{command}"


_WHOLE = "决定已经施行，库中还没有修改后的文本"


def _partly(store: SqlStore, ids: Iterable[str]) -> dict[str, tuple[Effect, ...]]:
    """What was left out when a decision was carried out; the newest attempt counts."""
    last: dict[tuple[str, str], Event] = {}
    for id, events in store.events_of(ids, Act.AMEND).items():
        for event in events:
            if maker := event.detail.get("made_by"):
                last[id, str(maker)] = event
    left = {key: event for key, event in last.items() if event.detail.get("unapplied")}
    decisions = store.documents({maker for _, maker in left})
    found: dict[str, tuple[Effect, ...]] = {}
    for (id, maker), event in left.items():
        passages = tuple(event.detail["unapplied"])
        day = event.detail.get("effective_on")
        since = date.fromisoformat(str(day)) if day else event.at.date()
        said = f"决定中有 {len(passages)} 处没有落实到文本"
        if maker in decisions:
            found[id] = (*found.get(id, ()), Effect(decisions[maker], since, said, passages))
    return found
