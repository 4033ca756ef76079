"""Which interpretations have to be looked over (解读复核): their policy has changed or ended since.

Pure: what changed the policy, and what its interpretations speak of, come in as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from policylib.model.document import Document, Value
from policylib.model.vocabulary import Stage
from policylib.text.amending import articles, concerned
from policylib.text.locator import Locator

__all__ = ["Change", "Interpreting", "Stale", "stale"]


class Stale(Value):
    """An interpretation to look over (待复核解读): since when, why, and which provisions."""

    interpretation: Annotated[str, Field(title="解读标识")]
    title: Annotated[str, Field(title="解读标题")]
    policy: Annotated[str, Field(title="文件标识")]
    since: Annotated[date, Field(title="自")]
    because: Annotated[str, Field(title="原因")]
    made_by: Annotated[str | None, Field(title="作出决定的文件")] = None
    provisions: Annotated[
        tuple[str, ...], Field(title="所涉条款", description="空白表示全文，或未能识别")
    ] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What changed a policy: from which day, known since which day, by whom, where.

    ``provisions`` are empty when the whole text is meant or the place is not known.
    """

    day: date
    known_on: date
    because: str
    made_by: str | None = None
    provisions: tuple[Locator, ...] = ()


@dataclass(frozen=True, slots=True)
class Interpreting:
    """An interpretation of a policy: the provisions it speaks of, and all that it interprets."""

    document: Document
    provision: str | None = None
    interprets: frozenset[str] = frozenset()


def stale(
    policy: str, changes: Iterable[Change], interpretations: Iterable[Interpreting], *, on: date
) -> Iterator[Stale]:
    """The interpretations of ``policy`` that no longer fit on the day ``on``, change by change.

    One released since the change was known, or that interprets the changing document too, fits.
    Where an interpretation speaks of some articles only, changes elsewhere do not touch it.
    """
    known = sorted(changes, key=lambda change: (change.day, change.made_by or ""))
    for each in interpretations:
        if each.document.stage is not Stage.RELEASED:
            continue
        spoken_of = articles(each.provision)
        for change in known:
            if change.day > on or _takes_account(each, change):
                continue
            places = concerned(change.provisions, spoken_of)
            if change.provisions and not places:
                continue
            yield Stale(
                interpretation=each.document.id,
                title=each.document.title,
                policy=policy,
                since=change.day,
                because=change.because,
                made_by=change.made_by,
                provisions=tuple(map(str, places)),
            )


def _takes_account(each: Interpreting, change: Change) -> bool:
    if change.made_by and change.made_by in each.interprets:
        return True
    released = each.document.released_on
    return released is not None and released >= change.known_on
