"""The life of a document (文件生命周期): validity, what is due, what goes with it, its steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from policylib.errors import ParseError, Refused
from policylib.library.core import Core, who

if TYPE_CHECKING:
    from policylib.library.clock import ClockRun
    from policylib.library.pairing import Pairs, Ratio
    from policylib.model.document import Document
    from policylib.model.vocabulary import Validity
    from policylib.workflow.due import Obligation
    from policylib.workflow.procedure import Progress
    from policylib.workflow.reviewing import Stale
    from policylib.workflow.validity import Step, Why


__all__ = ["Living"]


class Living(Core):
    """What holds on a day, what is due, what belongs together."""

    def validity(self, id: str, *, on: date | None = None) -> Validity:
        """Whether a document is in force on a day (时效性), computed for that day.

        Raises:
            NotFound: there is no such document.

        """
        from policylib.workflow.validity import validity

        return validity(self.steps(id), on or self._today())

    def steps(self, id: str) -> tuple[Step, ...]:
        """The validity over all days, each step with its reason (时效沿革)."""
        return self._office().steps(self._store().document(id))

    def why(self, id: str, *, on: date | None = None) -> Why:
        """Why a document is what it is on a day, and what would change it (时效依据).

        Of a repost it is what its source tells; a manifest that is old is told of.

        Raises:
            NotFound: there is no such document.

        """
        from policylib.library.pointing import relations_to
        from policylib.workflow.validity import why

        store = self._store()
        document, day = store.document(id), on or self._today()
        if (shown := self._reposts().why(document, day)) is not None:
            return shown
        default = self._office().default_term(document)
        found = why(document, relations_to(store, [id])[id], day, default=default)
        notice = self._reposts().notice(document)
        return replace(found, next=f"{found.next}。提示：{notice}") if notice else found

    def due(
        self,
        *,
        on: date | None = None,
        within: timedelta,
        back: timedelta = timedelta(days=90),
    ) -> tuple[Obligation, ...]:
        """What must happen from a day on within a span (到期事项), by day.

        ``back`` is how far back an open obligation is still listed as 逾期. The rules are those of
        the library's rule-set.

        Raises:
            ParseError: a negative span.

        """
        if min(within, back) < timedelta(0):
            raise ParseError("期限应为零或正数，例如 30d")
        return self._rule_clock().due(on=on or self._today(), within=within, back=back)

    def run_due(
        self, *, within: timedelta, back: timedelta = timedelta(days=90), by: str = "policylib"
    ) -> ClockRun:
        """Do what is automatic (自动办理): release what is signed for today, enter notices.

        Idempotent, and safe when two runs overlap. Answers never depend on its having run.
        """
        from policylib.library.acting import Doing
        from policylib.model.vocabulary import Act, Role

        def release(document: Document, at: datetime, by: str) -> None:
            doing = Doing(Act.RELEASE, document.id, by=by, role=Role.ROBOT, at=at)
            self._acting().do(doing)

        run = self._rule_clock().run(
            at=self._clock(), within=within, back=back, by=who(by), release=release
        )
        self._refresh(tidy=True)
        return run

    def fulfil(
        self,
        id: str,
        duty: str,
        *,
        by: str,
        note: str | None = None,
        period: str | None = None,
        on: date | None = None,
    ) -> None:
        """Enter in the journal that a duty is done (办结事项), such as 备案期限.

        ``id`` is a document, or an organ of the authority file for what organs owe again and
        again (政府年度报告, 立改废季度记录 …); ``period`` is the year or quarter then (2025, 2026Q1),
        by default the one due, and ``on`` the day it was done.

        Raises:
            Refused: the document is not released, there is no such duty, it is done already.
            NotFound: there is no such document or organ.

        """
        if self._store().documents([id]).get(id) is None and self._has_organ(id):
            from policylib.library.organwork import OrganWork

            OrganWork(self._store()).fulfil(
                id, duty, period=period, on=on or self._today(), ruleset=self._ruleset(),
                by=who(by), note=note, at=self._clock(),
            )  # fmt: skip
            return
        from policylib.library.entering import enter
        from policylib.model.vocabulary import Act, Role
        from policylib.workflow.clock import WATCHED

        known = [str(row.duty) for row in WATCHED]
        if duty not in known:
            raise Refused(f"没有“{duty}”这一事项，可办结的有：{'、'.join(known)}")
        enter(
            self._store(),
            Act.FULFIL,
            self._store().document(id),
            by=who(by),
            role=Role.PUBLISHER,
            note=note,
            at=self._clock(),
            detail={"duty": duty},
        )
        self._refresh()

    def _has_organ(self, name: str) -> bool:
        from policylib.model.organ import AuthorityFile

        return AuthorityFile(self._store().organs()).find(name) is not None

    # -- its procedure ---------------------------------------------------------------------

    def progress(self, id: str, *, on: date | None = None) -> tuple[Progress, ...]:
        """How the steps of a document's procedure stand (程序环节), in their order.

        Which steps there are is for the rule-set and the document's class; a document of no class
        with a procedure (其他文件) has none.

        Raises:
            NotFound: there is no such document.

        """
        return self._office().progress(self._store().document(id), on or self._today())

    def missing_steps(self, id: str, *, on: date | None = None) -> tuple[Progress, ...]:
        """The required steps that a document lacks (所缺环节), in their order.

        Those with ``blocks`` stop the acts after them; the others rest on a rule that is not
        verified, or on a presumed class, and only warn.

        Raises:
            NotFound: there is no such document.

        """
        return tuple(each for each in self.progress(id, on=on) if each.required and not each.done)

    # -- what goes with a policy -----------------------------------------------------------

    def interpretations(self, id: str) -> tuple[Document, ...]:
        """The interpretations of a document (政策解读), released or not: for staff.

        Raises:
            NotFound: there is no such document.

        """
        return self._pairwise().interpretations(id)

    def feedback_of(self, id: str) -> tuple[Document, ...]:
        """The feedback (意见反馈) on a consultation, or on those on a policy: for staff."""
        return self._pairwise().feedback_of(id)

    def pairs(self, id: str, *, on: date | None = None) -> Pairs:
        """Consultations, feedback and interpretations of a policy, and what is missing (配套文件).

        ``id`` may be that of a companion. For staff.
        """
        return self._pairwise().pairs(id, on=on or self._today())

    def stale_interpretations(self, id: str, *, on: date | None = None) -> tuple[Stale, ...]:
        """Interpretations to look over since their policy was changed or ended (解读复核)."""
        return self._pairwise().stale_interpretations(id, on=on or self._today())

    def interpretation_ratio(self, since: date, until: date) -> Ratio:
        """How many interpretations released in a period are not plain text (非文字解读比例).

        Raises:
            ParseError: the period ends before it begins.

        """
        if until < since:
            raise ParseError(f"截止日期{until}早于起始日期{since}，请核对")
        return self._pairwise().ratio(since, until)
