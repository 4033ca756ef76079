"""Changing a library (办理与导入): every change is an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.library.core import Core, who

if TYPE_CHECKING:
    from policylib.library.importing import ImportSummary
    from policylib.library.merging import MergeReport
    from policylib.model.document import Document
    from policylib.model.event import Evidence
    from policylib.model.measure import Measure
    from policylib.model.ruleset import StepName
    from policylib.model.vocabulary import Act, Conclusion, Role


__all__ = ["Changing"]


class Changing(Core):
    """Taking in documents, and doing acts."""

    def import_files(
        self,
        paths: Iterable[str | PathLike[str]],
        *,
        by: str,
        released: bool = True,
        proposed: bool = False,
        repost: bool = False,
        extract: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> ImportSummary:
        """Take in document files and JSONL files (导入); see :mod:`policylib.library.importing`.

        ``released`` says that the documents are released already; otherwise they are drafts, or
        with ``proposed`` only planned (立项). Where another organ owns the text of a document, by the
        registry or a manifest that was pulled, it is refused, or with ``repost`` taken in as a repost.
        With ``extract`` the header of a file without a head is taken from its text (从正文提取), as far
        as it is certain.

        Raises:
            NotFound: a path does not exist; nothing was taken in.

        """
        from policylib.library.importing import import_documents
        from policylib.model.vocabulary import Stage

        unreleased = Stage.PROPOSED if proposed else Stage.DRAFTED
        stage = Stage.RELEASED if released else unreleased
        summary = import_documents(
            self._store(),
            [Path(path) for path in paths],
            stage=stage,
            by=who(by),
            at=self._clock,
            owning=None if self._sources().is_bare() else self._owning(),
            repost=repost,
            extract=extract,
            progress=progress,
        )
        self._refresh()
        return summary

    def merge(
        self,
        other: str | PathLike[str],
        *,
        by: str = "",
        apply: bool = False,
        drafts: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> MergeReport:
        """Bring another library into this one (并库); a preview unless ``apply`` is set.

        ``other`` is a library's folder or address, or a backup; it is verified first and not changed.
        What only it has is added with its events, what both have alike is left alone, and what they have
        differently is a conflict: nothing of this library is overwritten. ``drafts`` takes in what is not
        released, too.

        Raises:
            NotFound: there is no such library; Refused: it does not verify, or is this library.

        """
        from policylib.library.merging import Merging
        from policylib.library.snapshot import snapshot

        officer = who(by) if apply else by
        with snapshot(other, besides=self._address) as (name, theirs):
            owning = None if self._sources().is_bare() else self._owning()
            merging = Merging(self._store(), theirs, name, owning)
            report = merging.look(drafts=drafts)
            if apply:
                merging.apply(report, by=officer, at=self._clock(), progress=progress)
                self._refresh()
        return report

    def put_organs(self, path: str | PathLike[str], *, by: str) -> int:
        """Take in an authority file (机关名录); returns how many organs it names."""
        from policylib.files.sources import read_organs
        from policylib.model.event import Record
        from policylib.model.vocabulary import Act, Role, Stage
        from policylib.store.sql import ORGANS

        organs = read_organs(Path(path))
        record = Record(
            document_id=ORGANS,
            act=Act.REGISTER,
            actor=who(by),
            role=Role.IMPORTER,
            at=self._clock(),
            stage=Stage.RELEASED,
            detail={"organs": [organ.name for organ in organs]},
        )
        self._store().put_organs(organs, record)
        return len(organs)

    def act(
        self,
        act: Act,
        id: str,
        *,
        by: str,
        role: Role,
        note: str | None = None,
        at: datetime | None = None,
        fields: Mapping[str, Any] | None = None,
        body: str | None = None,
        on: date | None = None,
        until: date | None = None,
        provision: str | None = None,
        made_by: str | None = None,
        step: StepName | None = None,
        conclusion: Conclusion | None = None,
        evidence: Iterable[Evidence] = (),
        measures: Iterable[Measure | Mapping[str, Any]] | None = None,
        edition: int | None = None,
    ) -> Document:
        """Do something to a document (办理): review, sign, return, release, amend, repeal.

        ``fields`` sets header fields along with the act, before release or with 更正; ``body``
        brings a new text (起草, 改稿, 修改, 更正). ``on`` is the day from which an act that rests
        on a decision works (修改, 延续, 暂停, 恢复, 部分废止, 废止, 宣布失效, 撤销), by default
        the day on which the deciding document ``made_by`` takes effect; ``provision`` is the part
        it means, ``until`` the last day of 延续 or the deadline of a conditional 宣布失效.
        ``step`` names the step of 办理环节. ``conclusion`` and ``evidence`` are kept in the
        journal; of an attachment only name, size and SHA-256. ``measures`` come with a new text,
        which else keeps those of the text before, or by 登记事项, for the newest text or that with
        the number ``edition``; an empty list takes them away.

        Returns the document after the act.

        Raises:
            Refused: the rules do not allow it; the reasons are in Chinese, nothing was changed.
            Conflict: somebody else changed the document meanwhile; read again and retry.
            NotFound: there is no such document.

        """
        from policylib.library.acting import Doing
        from policylib.library.offering import offered

        doing = Doing(
            act,
            id,
            by=who(by),
            role=role,
            at=at or self._clock(),
            note=note,
            fields=fields,
            body=body,
            on=on,
            until=until,
            provision=provision,
            made_by=made_by,
            step=step,
            conclusion=conclusion,
            evidence=tuple(evidence),
            measures=None if measures is None else offered(measures),
            edition=edition,
        )
        document = self._acting().do(doing)
        self._refresh()
        return document
