r"""Everything a document says about itself and other documents (提取), in one value.

>>> told = extract("青禾县绿化办法\n第一条　根据《青州省绿化条例》，制定本办法。\n"
...                "第二条　本办法自2024年7月1日起施行，有效期5年。《青禾县绿化暂行办法》同时废止。")
>>> told.title, told.effective.on.isoformat(), told.sunset.years, told.repeals[0].title
('青禾县绿化办法', '2024-07-01', 5, '青禾县绿化暂行办法')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from policylib.reading import carrying, cleanup, effect, ending, grounds, term, unnamed
from policylib.reading.header import header
from policylib.reading.source import Source
from policylib.reading.titles import closed_up, one_line
from policylib.reading.values import (
    Basis,
    Citation,
    CleanUp,
    Effective,
    Header,
    Lapse,
    Passage,
    Renewal,
    Repeal,
    Subject,
    Sunset,
)
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = ["Extracted", "extract"]

_PREFACE = 4000  # characters
_SECOND = re.compile(r"^[#* ]{0,6}(?:二、|第二条|第二章)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document says of itself (提取结果); every part has its place in the text.

    ``aliases`` are the short names with the titles they stand for; ``effects`` all statements on
    taking effect, of which ``effective`` is the one for the whole document.
    """

    header: Header
    effective: Effective | None
    effects: tuple[Effective, ...]
    sunset: Sunset | None
    repeals: tuple[Repeal, ...]
    general_repeals: tuple[Passage, ...]
    suspends: tuple[Passage, ...]
    conflict_clauses: tuple[Passage, ...]
    renewals: tuple[Renewal, ...]
    lapses: tuple[Lapse, ...]
    clean_up: CleanUp | None
    basis: tuple[Basis, ...]
    implements: tuple[Subject, ...]
    applies_to: tuple[Subject, ...]
    forwards: tuple[Subject, ...]
    speaks_of: tuple[tuple[str, Subject], ...]
    citations: tuple[Citation, ...]
    aliases: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str | None:
        """The title in one line (标题), without 【…】 before it."""
        return one_line(self.header.title.quote) if self.header.title else None

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values: days in ISO form, numbers in their official form."""
        head, rule = self.header, self.effective
        return {
            "title": self.title,
            "doc_number": _plain(head.doc_number),
            "issuers": list(head.issuers),
            "events": [{"date": each.on.isoformat(), "text": each.text} for each in head.events],
            "effective": {
                "on": rule.on.isoformat() if rule and rule.on else None,
                "rule": rule.rule if rule else "none",
            },
            "sunset": _sunset(self.sunset),
            "repeals": [_repeal(each) for each in self.repeals],
            "basis": [
                {"title": each.title, "doc_number": _plain(each.doc_number)}
                for each in self.basis
                if not each.elliptical
            ],
            "citations": [_flat(each) for each in self.citations],
            "written_on": _plain(head.written_on),
            "signed": list(head.signed),
            "effective_clauses": [_flat(each) for each in self.effects],
            "general_repeal": [_flat(each) for each in self.general_repeals],
            "suspends": [_flat(each) for each in self.suspends],
            "conflict_clause": [_flat(each) for each in self.conflict_clauses],
            "renewals": [_flat(each) for each in self.renewals],
            "lapses": [_flat(each) for each in self.lapses],
            "clean_up": _clean_up(self.clean_up),
            "basis_spans": [_flat(each) for each in self.basis],
            "basis_elliptical": [_flat(each) for each in self.basis if each.elliptical],
            "implements": [_flat(each) for each in self.implements],
            "applies_to": [_flat(each) for each in self.applies_to],
            "forwards": [_flat(each) for each in self.forwards],
            "speaks_of": [{"kind": kind, **_flat(each)} for kind, each in self.speaks_of],
            "aliases": dict(self.aliases),
            "spans": {
                "title": list(head.title.span) if head.title else None,
                "doc_number": list(head.number_at.span) if head.number_at else None,
                "written_on": list(head.written_at.span) if head.written_at else None,
                "events": [list(each.span) for each in head.events],
                "effective": list(rule.span) if rule else None,
                "sunset": list(self.sunset.span) if self.sunset else None,
            },
        }


def extract(text: str) -> Extracted:
    """Read what a document says about itself and other documents (提取).

    ``text`` is one document as plain text or Markdown, a notice with what it carries included.
    Nothing is raised: what is not said is None or empty. Every ``span`` counts characters of
    ``text`` and its ``quote`` is what stands there.
    """
    source = Source(text)
    head = header(source)
    title = head.title.span if head.title else None
    preface = _preface(source)
    forwards = carrying.forwarded(source, preface, title)
    own = _own(head, forwards)
    effects = effect.effects(source, own, head.events)
    lists = cleanup.clean_up(source)
    listed = tuple(cleanup.repeals_of(lists)) if lists else ()
    ended = ending.repeals(source, own)
    starts = {each.span.start for each in ended}
    return Extracted(
        header=head,
        effective=effect.effective(effects, source, head.events),
        effects=effects,
        sunset=term.sunset(source, own, effects),
        repeals=_each_once(ended + tuple(x for x in listed if x.span.start not in starts)),
        general_repeals=unnamed.general_repeals(source),
        suspends=tuple(
            each
            for each in unnamed.suspensions(source)
            if not any(each.span.start <= start < each.span.end for start in starts)
        ),
        conflict_clauses=unnamed.conflict_clauses(source),
        renewals=term.renewals(source),
        lapses=term.lapses(source),
        clean_up=lists,
        basis=grounds.bases(source, preface),
        implements=grounds.implemented(source, preface),
        applies_to=grounds.applied(source, preface),
        forwards=forwards,
        speaks_of=carrying.spoken_of(source, title),
        citations=carrying.citations(source),
        aliases=tuple((name, each.title) for name, each in sorted(source.aliases.items())),
    )


def _each_once(found: tuple[Repeal, ...]) -> tuple[Repeal, ...]:
    """What is ended twice, as in the title of a decision and in its text: with its number, once."""
    kept: list[Repeal] = []
    titled: dict[tuple[str | None, bool], list[int]] = {}
    for each in found:
        held = titled.setdefault((each.title, each.partial), [])
        named = held if each.title is not None else []
        same = [at for at in named if None in (each.doc_number, kept[at].doc_number)]
        if not same:
            held.append(len(kept))
            kept.append(each)
        elif each.doc_number is not None:
            kept[same[0]] = each
    return tuple(kept)


def _preface(source: Source) -> int:
    """Where the preface ends: at the second heading or article, at the latest after some pages."""
    match = _SECOND.search(source.plain)
    return min(match.start() if match else _PREFACE, _PREFACE)


def _own(head: Header, forwards: tuple[Subject, ...]) -> frozenset[str]:
    """The titles under which a document speaks of itself: its own and what it carries."""
    names = {each.title for each in forwards}
    if head.title:
        title = closed_up(head.title.quote)
        names.add(title)
        names.add(re.sub(r"^.{0,60}?关于(?:印发|发布|公布)|的通知$|[〈〉]", "", title))
    return frozenset(names)


def _plain(value: object) -> Any:
    """One value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, DocNumber):
        return str(value)
    if isinstance(value, Span):
        return list(value)
    return value


def _flat(value: Passage) -> dict[str, Any]:
    """A passage with its fields as JSON has them."""
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def _sunset(value: Sunset | None) -> dict[str, Any] | None:
    if value is None:
        return None
    if value.years is not None:
        return {"years": value.years, "precision": value.precision}
    return {"until": _plain(value.until), "precision": value.precision}


def _repeal(value: Repeal) -> dict[str, Any]:
    return {
        "title": value.title,
        "doc_number": _plain(value.doc_number),
        "issued": _plain(value.issued),
        "partial": value.partial,
        "span": list(value.span),
        "disposition": value.disposition,
        "place": value.place,
        "on": _plain(value.on),
    }


def _clean_up(value: CleanUp | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        "items": [_flat(each) for each in value.items],
        "stated": [_flat(each) for each in value.stated],
        "listed": value.counts(),
        "problems": list(value.problems),
    }
