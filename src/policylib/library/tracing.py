"""Reading the law of a library (关系与修改): what texts say of each other, amendments, any day's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from policylib.errors import NotFound, Refused
from policylib.library.confirming import Confirming
from policylib.library.core import who

if TYPE_CHECKING:
    from policylib.amending import Amended
    from policylib.library.cascade import Touched
    from policylib.library.citing import Citing, LeftBehind
    from policylib.library.effects import Effect
    from policylib.model.document import Document, Edition
    from policylib.model.proposal import Proposal
    from policylib.model.vocabulary import Validity
    from policylib.reading.values import CleanUp
    from policylib.text.comparing import Comparison
    from policylib.text.since import Since

__all__ = ["Compared", "Tracing"]

_CITING = 100  # documents that name a title, looked at for citations


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts of a document and their difference (文本比对)."""

    before: Edition
    after: Edition
    comparison: Comparison

    def for_reading(self) -> Comparison:
        """The same difference without the marks of Markdown, for redlines (花脸稿)."""
        from policylib.reports.redline import laid_out
        from policylib.text.comparing import compare

        return compare(laid_out(self.before.body), laid_out(self.after.body))


class Tracing(Confirming):
    """Relations read in texts, amendments applied, texts on any day."""

    # -- relations -------------------------------------------------------------------------

    def touched(
        self,
        id: str,
        *,
        on: date | None = None,
        proposals: Iterable[Proposal] | None = None,
    ) -> tuple[Touched, ...]:
        """Who rests on what a decision ends or changes (连带影响), to look at before confirming.

        From its relations and its open proposals: documents that have the ended one as their
        basis, implement, interpret, repost or cite it, and are still in force. ``proposals`` are
        those of the document, where they are at hand.

        Raises:
            NotFound: there is no such document.

        """
        from policylib.library.cascade import touched

        store = self._store()
        store.document(id)
        said = self.proposals(id) if proposals is None else proposals
        return touched(store, id, said, self._citing(on or self._today()))

    def clean_up(self, id: str) -> CleanUp | None:
        """The lists of a clean-up in the newest text of a document, and its sums (清理目录).

        Raises:
            NotFound: there is no such document.

        """
        from policylib.reading import extract

        store = self._store()
        store.document(id)
        edition = store.edition(id)
        return extract(edition.body).clean_up if edition else None

    # -- amendments ------------------------------------------------------------------------

    def amended(self, id: str, made_by: str, *, on: date | None = None) -> Amended:
        """What a decision makes of the newest text of a document (修改预览); nothing is changed.

        ``on`` takes the text in force on that day instead.

        Raises:
            NotFound: no such document, or one without a text.
            Refused: the newest text was made by this decision, or begins after it.

        """
        from policylib.amending import amend
        from policylib.library.proposing import text_title

        store = self._store()
        document, base = store.document(id), store.edition(id, on)
        decision = store.edition(made_by)
        if base is None or decision is None:
            raise NotFound(f"文件“{id if base is None else made_by}”没有正文")
        if on is None:
            _unless_done(store.editions(id), made_by, self._begins(made_by))
        return amend(base.body, decision.body, title=text_title(document.title))

    def apply_amendment(
        self,
        id: str,
        made_by: str,
        *,
        by: str,
        on: date | None = None,
        partly: bool = False,
    ) -> Amended:
        """Apply a released decision to a document and enter the new text (修改).

        What cannot be applied refuses the act; with ``partly`` the rest is entered, and the event
        keeps what is missing (:meth:`unapplied` lists it until it is done). The text begins on the
        day of the decision: that of its header, else the one its text names.

        Raises:
            Refused: nothing or not all could be applied; Conflict, NotFound as for ``act``.

        """
        from policylib.library.acting import Doing
        from policylib.model.vocabulary import Act, Role

        found = self.amended(id, made_by)
        reasons = [f"“{each.quote[:60]}”：{each.reason}" for each in found.unapplied]
        if not found.applied:
            raise Refused("决定中没有读到对本文件的修改，请核对文件和决定", *reasons)
        if reasons and not partly:
            raise Refused(*reasons)
        report = [each._asdict() | {"span": list(each.span)} for each in found.unapplied]
        doing = Doing(
            Act.AMEND, id, by=who(by), role=Role.PUBLISHER, at=self._clock(), body=found.text,
            made_by=made_by, on=on or self._begins(made_by),
            report={"applied": len(found.applied), "unapplied": report},
        )  # fmt: skip
        self._acting().do(doing)
        self._refresh()
        return found

    def unapplied(self, id: str, *, on: date | None = None) -> tuple[Effect, ...]:
        """Amendments in force that the text does not have yet (未落实的修改).

        A released decision that amends the document, whose day has come, and that made no
        edition; or one of which a part could not be applied and was not entered since.
        """
        from policylib.library.effects import missing_effects

        store, day = self._store(), on or self._today()
        store.document(id)
        return tuple(each for each in missing_effects(store, [id])[id] if each.holds(day))

    def left_behind(self, id: str) -> tuple[LeftBehind, ...]:
        """Citations that were right before an amendment of a document (待核对的引用): for staff.

        Documents still in force that cite a provision of it which is renumbered, deleted or
        reworded in its newest text. Nothing is changed: what to do is for the officer.

        Raises:
            NotFound: there is no such document.

        """
        document, texts = self._store().document(id), self._texts(id, public=False)
        return self._citing(self._today()).left_behind(document, texts)

    # -- texts on any day ------------------------------------------------------------------

    def compare(
        self, id: str, since: date, until: date | None = None, *, public: bool = False
    ) -> Compared:
        """The texts in force on two days and their difference (文本比对).

        ``public`` leaves out what the public may not see.

        Raises:
            NotFound: no such document, or no text on one of the days.

        """
        from policylib.text.comparing import compare

        editions = self._texts(id, public=public)
        before, after = _on(editions, since, id), _on(editions, until or self._today(), id)
        return Compared(before, after, compare(before.body, after.body))

    def since(
        self, id: str, *, on: date | None = None, public: bool = False
    ) -> tuple[tuple[Since, ...], Edition]:
        """Since when, and by which decision, each provision of a day's text reads so (条文沿革)."""
        from policylib.text.since import since

        day = on or self._today()
        editions = self._texts(id, public=public)
        last = _on(editions, day, id)
        upto = [
            each
            for each in editions
            if each is last
            or ((each.effective_on or date.min) <= day and each.number < last.number)
        ]
        upto = [each for each in upto if each is last or each.effective_on != last.effective_on]
        return since([(each.effective_on, each.body, each.made_by) for each in upto]), last

    # -- inside ----------------------------------------------------------------------------

    def _texts(self, id: str, *, public: bool) -> tuple[Edition, ...]:
        """The texts of a document that held, one a day, oldest first; drafts are none."""
        dossier = self._dossier(id, None)
        first = dossier.released_edition
        found = dossier.public().editions if public else dossier.editions
        held = [each for each in found if first is None or each.number >= first]
        start = dossier.document.starts_on
        by_day = {each.effective_on or start or date.min: each for each in held}
        return tuple(
            each if each.effective_on else each.model_copy(update={"effective_on": start})
            for _, each in sorted(by_day.items(), key=lambda pair: pair[0])
        )

    def _begins(self, id: str) -> date | None:
        """The day from which a decision works: that of its header, else the one its text names."""
        from policylib.library.proposing import stated_day
        from policylib.reading import extract

        document, edition = self._store().document(id), self._store().edition(id)
        stated = stated_day(document, extract(edition.body)) if edition else None
        return stated or document.starts_on

    def _citing(self, day: date, *, staff: bool = True) -> Citing:
        from policylib.library.citing import Citing
        from policylib.workflow.validity import validity

        def naming(title: str) -> Iterable[str]:
            return self._naming(title, on=day, staff=staff, limit=_CITING)

        def now(document: Document) -> Validity:
            return validity(self._office().steps(document), day)

        return Citing(self._proposing(), naming, now, None if staff else day)


def _unless_done(editions: tuple[Edition, ...], decision: str, start: date | None) -> None:
    """Refuse to carry out a decision twice, or on a text that is younger than it."""
    done = next((each for each in editions if each.made_by == decision), None)
    if done:
        raise Refused(
            f"这份决定已经落实为第{done.number}版正文（自{done.effective_on}起），不再重复执行；"
            "还缺的内容请补入正文后用 act amend --body 文件 --made-by 决定 录入"
        )
    newest = editions[-1]
    if newest.number > 1 and newest.effective_on and start and start < newest.effective_on:
        raise Refused(
            f"决定自{start}起施行，早于现有的第{newest.number}版正文（自{newest.effective_on}起），"
            "请先核对各次修改的先后，再用 act amend --body 文件 录入"
        )


def _on(editions: tuple[Edition, ...], day: date, id: str) -> Edition:
    from policylib.library.citing import text_on

    if not editions:
        raise NotFound(f"文件“{id}”没有公布的文本")
    return text_on(editions, day)
