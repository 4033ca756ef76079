"""Policies and people (政策找人): what is offered to whom, asked from either side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.errors import NotFound, ParseError
from policylib.library.core import Core, who

if TYPE_CHECKING:
    from policylib.library.batching import BatchSummary
    from policylib.library.matchindex import Filter, MatchIndex
    from policylib.library.reaching import Impacted, Reached
    from policylib.matching.answers import Answer
    from policylib.matching.matcher import Inquiry, Matcher
    from policylib.matching.proposing import Proposals
    from policylib.matching.whatif import Change
    from policylib.model.facts import Vocabulary
    from policylib.model.measure import Measure
    from policylib.model.profile import Subject

    #: A text: the number of an edition, or measures that are not in the library.
    Text = int | Iterable[Measure | Mapping[str, Any]]

__all__ = ["Matching"]

_LISTS = (".json", ".jsonl", ".ndjson")
_MANY = 5_000  # rows of a table that are not judged one by one any more


class Matching(Core):
    """Matching profiles with measures. Profiles are judged and forgotten."""

    def vocabulary(self) -> Vocabulary:
        """The facts, codes and figures that conditions speak of (词表).

        Raises:
            ParseError: a file of one's own is wrong.

        """
        return self._vocabulary()

    # -- for the public -------------------------------------------------------------------------

    def match_index(self) -> MatchIndex:
        """All that the public is offered, for any day (匹配索引); immutable, safe for threads.

        It is made when first asked for, and anew when what is offered has changed.
        """
        from policylib.library.matchkeeping import caught_up

        held = self._offered
        if held is not None and held.mark == self._store().mark():
            return held.index
        with self._lock:
            self._offered = caught_up(
                self._offered, self._store(), self._office(), self.vocabulary()
            )
            return self._offered.index

    def match(
        self,
        profile: Any,
        *,
        on: date | None = None,
        near: bool = True,
        limit: int | None = None,
        only: Filter | None = None,
    ) -> tuple[Answer, ...]:
        """What public documents offer to a person, a household or an enterprise on a day.

        ``profile`` is a :class:`~policylib.model.profile.Profile`, a mapping or JSON text:
        ``{"subject": "person", "facts": {…}}``. The answers are 可能符合, then 待核实, then
        不符合 with those first that one condition alone keeps from fitting; none says that
        somebody is entitled. A document that is not in force on the day answers 不符合 and says
        so. A household is matched member by member too. ``near`` works out how far off a near
        miss is; ``only`` leaves measures or verdicts out.

        Raises:
            ParseError: what is wrong with the profile, without repeating any of it.

        """
        found = self.match_index().match(profile, on=on or self._today(), near=near, only=only)
        return found[:limit]

    def inquire(
        self, profile: Any, *, on: date | None = None, only: Filter | None = None
    ) -> Inquiry:
        """What to ask next, to settle what is open for a profile (下一问).

        Raises:
            ParseError: as :meth:`match`.

        """
        return self.match_index().inquire(profile, on=on or self._today(), only=only)

    # -- for staff ------------------------------------------------------------------------------

    def measures(self, id: str, *, on: date | None = None) -> tuple[Measure, ...]:
        """What the text of a document offers on a day, released or not (事项): for staff.

        Raises:
            NotFound: there is no such document.
            ParseError: its measures cannot be read.

        """
        from policylib.model.measures import read_measures

        store = self._store()
        edition = store.edition(id, on or self._today()) or store.edition(id)
        return read_measures(edition.measures) if edition else ()

    def propose_measures(
        self, id: str, *, on: date | None = None, region: str | None = None
    ) -> Proposals:
        """Measures read in the text of a document (事项草案), for an officer to confirm: for staff.

        Nothing is used for matching until it is entered by 登记事项 (``act`` with ``measures``).
        ``region`` is the code that 本县 means, by default read from the 索引号.

        Raises:
            NotFound: there is no such document, or it has no text.

        """
        from policylib.matching.proposing import propose, region_of

        store = self._store()
        document = store.document(id)
        edition = store.edition(id, on or self._today()) or store.edition(id)
        if edition is None:
            raise NotFound(f"文件“{id}”没有正文")
        number = document.index_number
        return propose(
            edition.body, vocabulary=self._vocabulary(), region=region or region_of(number)
        )

    def reached_by(
        self,
        id: str,
        profiles: Iterable[Any],
        *,
        on: date | None = None,
        measure: str | None = None,
        refused: Callable[[int, ParseError], None] | None = None,
    ) -> Iterator[Reached]:
        """Which profiles a document's measures may fit, or need facts of (惠及对象): for staff.

        A profile that is wrong is handed to ``refused`` with its place, from 0.

        Raises:
            NotFound: there is no such document or measure.
            ParseError: a profile is wrong and there is no ``refused``.

        """
        from policylib.library.reaching import reached

        day = on or self._today()
        return reached(self._measured(id, day, measure), profiles, on=day, refused=refused)

    def what_if(
        self,
        profiles: Iterable[Any],
        *,
        id: str | None = None,
        before: Text | None = None,
        after: Text | None = None,
        on: date | None = None,
        then: date | None = None,
        refused: Callable[[int, ParseError], None] | None = None,
    ) -> Iterator[Change]:
        """What changes for whom (影响测算), profile by profile: for staff.

        With ``id`` two texts of a document are compared, as if each were in force: ``before`` and
        ``after`` are the numbers of editions, drafts too, or measures from elsewhere; by default
        the text of the day ``on`` and the newest. Without it, what the public is offered on the
        day ``on`` is compared with the day ``then``.

        Raises:
            NotFound: there is no such document or edition.
            ParseError: the measures or, without ``refused``, a profile are wrong.

        """
        from policylib.library.reaching import changed

        old, new, days = self._compared(id, before, after, on, then)
        return changed(old, new, profiles, days=days, refused=refused)

    def match_batch(
        self,
        source: str | PathLike[str],
        target: str | PathLike[str],
        *,
        purpose: str,
        by: str,
        on: date | None = None,
        subject: Subject | None = None,
        with_ids: bool = False,
        only: Filter | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> BatchSummary:
        """Match a table of profiles with all that the public is offered (批量匹配): for staff.

        ``source`` is a CSV or Parquet file, a row a profile, a column a fact; ``target`` a new
        CSV, Parquet or JSONL file with the counts of each measure or, ``with_ids``, with a row
        for each profile that a measure may fit or needs facts of. Rows that are wrong are left
        out and told. The journal keeps the ``purpose``, who asked, and a keyed digest of the
        table, nothing else of it.

        Raises:
            Refused: no purpose is stated.
            ParseError: the table cannot be read; nothing of it is repeated.

        """
        from policylib.library.batching import match_table
        from policylib.library.matchaudit import Audit
        from policylib.model.profile import Subject

        day = on or self._today()
        audit = Audit.begin(self._store(), self._address, purpose=purpose, by=who(by))
        summary = match_table(
            self.match_index().matcher_on(day, only),
            Path(source),
            Path(target),
            subject=subject or Subject.PERSON,
            on=day,
            with_ids=with_ids,
            digest=audit.digest,
            progress=progress,
        )
        summary.faults += self.match_index().lacking(day, only)
        audit.enter(summary, on=day, at=self._clock(), with_ids=with_ids)
        return summary

    def reach_table(
        self,
        id: str,
        source: str | PathLike[str],
        *,
        by: str,
        purpose: str | None = None,
        on: date | None = None,
        measure: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> BatchSummary:
        """Which rows of a table a document's measures may fit (惠及对象): for staff.

        As :meth:`match_batch`, for one document, with the keys of the rows in the summary.
        ``source`` may also be a JSONL file or a JSON list of profiles. Of up to 5,000 rows, and of
        lists, it is told too which facts an open answer lacks.

        Raises:
            NotFound: there is no such document or measure.
            ParseError: the table cannot be read; nothing of it is repeated.

        """
        from policylib.files.profiles import count_rows
        from policylib.library.batching import digested, match_table
        from policylib.library.matchaudit import Audit
        from policylib.library.reaching import conditions_of, reached_in_file

        day, path = on or self._today(), Path(source)
        matcher = self._measured(id, day, measure)
        listed = path.suffix.lower() in _LISTS
        subject, *others = {each.offer.measure.subject for each in matcher.prepared}
        if others and not listed:
            raise ParseError("文件的事项分属不同的对象类别，请用 --measure 指明一个事项")
        said = purpose or f"查询文件“{id}”的惠及对象"
        audit = Audit.begin(self._store(), self._address, purpose=said, by=who(by))
        if listed or (count_rows(path) or _MANY) < _MANY:
            digested(path, audit.digest)
            summary = reached_in_file(matcher, path, subject=subject, on=day, progress=progress)
        else:
            summary = match_table(
                matcher, path, None, subject=subject, on=day, with_ids=True,
                digest=audit.digest, progress=progress,
            )  # fmt: skip
        told = conditions_of(matcher, on=day)
        for each in summary.counts:
            each.conditions = told.get((each.document, each.measure), ())
        summary.faults += self._lacking(id, day)
        audit.enter(summary, on=day, at=self._clock(), with_ids=True)
        return summary

    def impact(
        self,
        source: str | PathLike[str],
        *,
        by: str,
        purpose: str | None = None,
        id: str | None = None,
        before: Text | None = None,
        after: Text | None = None,
        on: date | None = None,
        then: date | None = None,
        subject: Subject | None = None,
        with_ids: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Impacted:
        """As :meth:`what_if` for the profiles of a file, counted (影响测算): for staff.

        ``source`` is a CSV or Parquet table, a JSONL file or a JSON list. The journal keeps what
        it keeps of a batch.

        Raises:
            NotFound, ParseError: as :meth:`what_if`.

        """
        from policylib.library.batching import digested
        from policylib.library.matchaudit import Audit
        from policylib.library.reaching import impact_of_file
        from policylib.model.profile import Subject

        old, new, days = self._compared(id, before, after, on, then)
        said = purpose or (f"测算文件“{id}”修改的影响" if id else "测算两日之间的变化")
        audit = Audit.begin(self._store(), self._address, purpose=said, by=who(by))
        digested(Path(source), audit.digest)
        found = impact_of_file(
            old, new, Path(source), subject=subject or Subject.PERSON, days=days,
            with_ids=with_ids, progress=progress,
        )  # fmt: skip
        audit.enter(found, on=days[0], at=self._clock(), with_ids=with_ids)
        return found

    # -- inside ---------------------------------------------------------------------------------

    def _compared(
        self,
        id: str | None,
        before: Text | None,
        after: Text | None,
        on: date | None,
        then: date | None,
    ) -> tuple[Matcher, Matcher, tuple[date, date]]:
        """What is compared with what, and on which days."""
        from policylib.matching.matcher import Matcher, Offer

        day = on or self._today()
        days = day, then or day
        if id is None:
            if before is not None or after is not None:
                raise ParseError("比较两版文本，请写明是哪份文件")
            index = self.match_index()
            return index.matcher_on(days[0]), index.matcher_on(days[1]), days
        texts = (
            self.measures(id, on=day) if before is None else self._text(id, before),
            self._text(id, after),
        )
        old, new = (
            Matcher(self.vocabulary(), [Offer(id, each) for each in text]) for text in texts
        )
        return old, new, days

    def _lacking(self, id: str, day: date) -> Iterator[str]:
        """For staff: the amendments in force that the text of a document lacks."""
        from policylib.library.effects import missing_effects, to_carry_out

        effects = missing_effects(self._store(), [id])[id]
        return (to_carry_out(id, each) for each in effects if each.holds(day))

    def _measured(self, id: str, day: date, measure: str | None) -> Matcher:
        """A matcher of one document's measures as its text has them on a day."""
        from policylib.matching.matcher import Matcher, Offer

        found = self.measures(id, on=day)
        if not found:
            raise NotFound(f"文件“{id}”没有登记事项，请先登记：policylib act measures {id}")
        if measure is not None:
            known = "、".join(each.id for each in found)
            found = tuple(each for each in found if each.id == measure)
            if not found:
                raise NotFound(f"文件“{id}”没有事项“{measure}”，现有：{known}")
        return Matcher(self.vocabulary(), [Offer(id, each) for each in found])

    def _text(self, id: str, text: Text | None) -> tuple[Measure, ...]:
        from policylib.model.measures import read_measures

        if text is not None and not isinstance(text, int):
            return read_measures(tuple(text))
        editions = self._store().editions(id)
        if not editions:
            self._store().document(id)
            raise NotFound(f"文件“{id}”没有正文")
        for each in editions:
            if each.number == (text if text is not None else editions[-1].number):
                return read_measures(each.measures)
        numbers = "、".join(str(each.number) for each in editions)
        raise NotFound(f"文件“{id}”没有第 {text} 版正文，现有：{numbers}")
