"""All that the public is offered, ready to be matched (匹配索引): immutable, for any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from policylib.errors import ParseError
from policylib.library.effects import Effect, to_carry_out
from policylib.library.offers import IN_FORCE, Listed
from policylib.matching.answers import Answer, Near, Reason, Verdict
from policylib.matching.matcher import Inquiry, Matcher, Offer
from policylib.matching.preparing import TEXT_IN_FORCE
from policylib.model.facts import Vocabulary
from policylib.model.measure import MeasureKind
from policylib.model.vocabulary import Validity

__all__ = ["Filter", "MatchIndex", "Skipped"]

_BEHIND = (
    "本文件的正文已经修改，本事项还是按修改前的条文登记的，金额和条件可能已有变化，"
    "请以现行条文为准并向受理机关核实"
)
_INNER = str.maketrans("《》", "〈〉")  # within a title in 《》
_DAYS = 16  # whose choice of texts is kept
_ORDER = {Verdict.LIKELY: 0, Verdict.OPEN: 1, Verdict.UNLIKELY: 2}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A measure that cannot be matched (未参加匹配), and why."""

    document: str
    measure: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which measures are asked about (范围); empty: all."""

    documents: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    kinds: tuple[MeasureKind, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    def __bool__(self) -> bool:
        """Whether some measures are left out."""
        return bool(self.documents or self.measures or self.kinds)

    def takes(self, offer: Offer) -> bool:
        """Whether a measure is asked about."""
        return (
            (not self.documents or offer.document in self.documents)
            and (not self.measures or offer.measure.id in self.measures)
            and (not self.kinds or offer.measure.kind in self.kinds)
        )


class MatchIndex:
    """The measures of public documents over all days; one object answers for any day.

    On a day the text of that day counts. A document that is not in force then answers 不符合, and
    says so. ``skipped`` are measures that do not fit the vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary, listed: Mapping[str, Listed]) -> None:
        self.listed = MappingProxyType(dict(listed))
        skipped = [
            Skipped(id, "", fault)
            for id, each in listed.items()
            for text in each.texts
            for fault in text.faults
        ]
        numbers: list[int] = []
        offers: list[Offer] = []
        refused: set[int] = set()
        for each in listed.values():
            for number, offer in each.offers():
                numbers.append(number)
                offers.append(offer)

        def refuse(offer: Offer, error: ParseError) -> None:
            refused.add(id(offer))
            skipped.append(Skipped(offer.document, offer.measure.id, str(error)))

        self.matcher = Matcher(vocabulary, offers, refused=refuse)
        self.skipped = tuple(dict.fromkeys(skipped))
        self._places: dict[tuple[str, int], list[int]] = {}
        kept = (n for n, offer in zip(numbers, offers, strict=True) if id(offer) not in refused)
        for at, (number, ready) in enumerate(zip(kept, self.matcher.prepared, strict=True)):
            self._places.setdefault((ready.offer.document, number), []).append(at)
        self._chosen: dict[date, frozenset[int]] = {}

    def __len__(self) -> int:
        """How many measures there are, those of former and coming texts too."""
        return len(self.matcher.prepared)

    # -- asking ---------------------------------------------------------------------------------

    def match(
        self, profile: Any, *, on: date, near: bool = True, only: Filter | None = None
    ) -> tuple[Answer, ...]:
        """The answers for a profile on a day: those that may fit first, then the open ones.

        Raises:
            ParseError: what is wrong with the profile, without repeating any of it.

        """
        only = Filter() if only is None else only
        found = self.matcher.match(
            profile,
            on=on,
            verdicts=only.verdicts or tuple(Verdict),
            near=near,
            only=self._asked(on, only),
        )
        said = [self._said(each, on) for each in found]
        return tuple(
            sorted(said, key=lambda each: (_ORDER[each.verdict], not each.near, len(each.missing)))
        )

    def inquire(self, profile: Any, *, on: date, only: Filter | None = None) -> Inquiry:
        """What to ask next, to settle what is open on a day.

        Raises:
            ParseError: as :meth:`match`.

        """
        return self.matcher.inquire(profile, on=on, only=self._asked(on, only or Filter()))

    def offers(self, on: date, only: Filter | None = None) -> tuple[Offer, ...]:
        """The measures that may be had on a day."""
        asked = self._asked(on, only or Filter())
        found = (self.matcher.prepared[at].offer for at in sorted(asked))
        return tuple(offer for offer in found if _within(offer, on))

    def lacking(self, on: date, only: Filter | None = None) -> tuple[str, ...]:
        """For staff: which texts and measures of a day lag behind an amendment, and what to do."""
        found: dict[str, None] = {}
        for offer in self.offers(on, only):
            id, listing = offer.document, self.listed[offer.document]
            found |= dict.fromkeys(to_carry_out(id, effect) for effect in listing.lacking(on))
            if listing.is_behind(offer.measure, on):
                found[f"文件“{id}”的正文已经修改，事项“{offer.measure.id}”还是修改前登记的，"
                      f"请核对：policylib check {id} --code MEA"] = None  # fmt: skip
        return tuple(found)

    def matcher_on(self, on: date, only: Filter | None = None) -> Matcher:
        """A matcher of what may be had on a day alone, for many profiles."""
        return Matcher(self.matcher.vocabulary, self.offers(on, only))

    # -- inside ---------------------------------------------------------------------------------

    def _asked(self, on: date, only: Filter) -> frozenset[int]:
        every = self._on(on)
        if not only:
            return every
        prepared = self.matcher.prepared
        return frozenset(at for at in every if only.takes(prepared[at].offer))

    def _on(self, day: date) -> frozenset[int]:
        """The positions that count on a day: of each measure of the day's texts one."""
        found = self._chosen.get(day)
        if found is None:
            found = frozenset(self._choose(day))
            if len(self._chosen) >= _DAYS:
                self._chosen.clear()
            self._chosen[day] = found
        return found

    def _choose(self, day: date) -> Iterable[int]:
        prepared = self.matcher.prepared
        for id, listing in self.listed.items():
            text = listing.text_on(day)
            places = self._places.get((id, text.number), ()) if text else ()
            best: dict[str, int] = {}
            for at in places:
                offer = prepared[at].offer
                held = best.get(offer.measure.id)
                if held is None or _within(offer, day):
                    best[offer.measure.id] = at
            yield from best.values()

    def _said(self, answer: Answer, on: date) -> Answer:
        """An answer with what there is to say of its document."""
        listing = self.listed[answer.document]
        step = listing.validity(on)
        reasons = tuple(each for each in answer.reasons if not _of_text(each))
        if step.validity in IN_FORCE:
            stale = [each for each in answer.reasons if _of_text(each) and each.holds is False]
            notes = answer.notes
            if listing.unclear and step.validity is Validity.PARTLY:
                places = "、".join(listing.unclear)
                notes = (*notes, f"文件已部分废止（{places}），请向受理机关核实本事项是否仍在执行")
            notes = (*notes, *map(_outdated, listing.lacking(on)))
            if listing.is_behind(answer.measure, on):
                notes = (*notes, _BEHIND)
            if stale:  # the measure's own provision has been repealed
                reasons = (Reason("本事项所依据的条款应当现行有效，该条款已废止", False), *reasons)
            near = None if stale else answer.near
            return replace(answer, reasons=reasons, notes=notes, near=near)
        text = f"文件应当现行有效，{_day(on)}《{listing.title}》{step.validity}（{step.reason}）"
        found = replace(answer, reasons=(Reason(text, False), *reasons), near=None)
        if answer.near is not None and step.validity is Validity.PENDING:
            return replace(found, near=Near("文件尚未施行", answer.near.distance, None))
        return replace(found, notes=(*answer.notes, text))


def _outdated(effect: Effect) -> str:
    """What people are told; a decision that is not open to the public is not named."""
    decision = effect.decision
    who = f"《{decision.title.translate(_INNER)}》" if decision.is_public else "有关机关"
    since = f"自{_day(effect.on)}起" if effect.on else ""
    return (
        f"{who}已{since}修改本文件，这里的结论和金额按修改前的文本得出，可能已有变化，"
        "请以修改后的规定为准并向受理机关核实"
    )


def _of_text(reason: Reason) -> bool:
    """Whether a reason only says that the text must be in force."""
    return reason.provision is None and reason.text.startswith(TEXT_IN_FORCE)


def _within(offer: Offer, day: date) -> bool:
    first, last = offer.valid_from, offer.valid_to
    return (first is None or first <= day) and (last is None or day <= last)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
