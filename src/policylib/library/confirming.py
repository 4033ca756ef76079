"""Deciding on what a text says of others (认定): confirmed, rejected, and taken back (撤销认定)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from policylib.errors import Refused
from policylib.library.core import Core, who

if TYPE_CHECKING:
    from datetime import date

    from policylib.library.proposing import Proposing
    from policylib.model.proposal import Proposal
    from policylib.model.relation import Relation
    from policylib.model.vocabulary import Role

__all__ = ["Confirming"]

_ALIKE = 20  # documents that may bear a title, looked at for a proposal


class Confirming(Core):
    """Relations read in texts, and what officers decide on them."""

    def proposals(self, id: str) -> tuple[Proposal, ...]:
        """The relations that the newest text of a document states (提取的关系): for staff.

        Raises:
            NotFound: there is no such document.

        """
        return self._proposing().proposals(id)

    def confirm(
        self,
        id: str,
        keys: Iterable[str] | None = None,
        *,
        by: str,
        role: Role | None = None,
        note: str | None = None,
        choose: Mapping[str, str] | None = None,
    ) -> tuple[Relation, ...]:
        """Confirm proposals of a document (确认关系), all in one event; returns the relations.

        ``keys`` are those of proposals, by default all open ones that are certain. ``choose``
        names the document meant, by key, where several may be; a proposal without a candidate is
        kept with its target as written.

        Raises:
            Refused: an unknown key, several candidates and none chosen, nothing to confirm.

        """
        open_ones = {each.key: each for each in self.proposals(id) if each.state == "待确认"}
        chosen = choose or {}
        if keys is None:
            wanted = [each for each in open_ones.values() if each.certain]
        else:
            wanted = [_known(open_ones, key) for key in dict.fromkeys(keys)]
        if not wanted:
            raise Refused(_nothing_certain(len(open_ones)))
        relations = tuple(_relation(each, chosen.get(each.key)) for each in wanted)
        for relation in relations:
            if relation.object_id:
                self._store().document(relation.object_id)
        self._recognise(
            "确认关系", id, _said(wanted), by=by, role=role, note=note, relations=relations
        )
        return relations

    def reject(
        self,
        id: str,
        keys: Iterable[str],
        *,
        by: str,
        role: Role | None = None,
        note: str | None = None,
    ) -> None:
        """Reject proposals of a document (不采纳关系): they are not proposed again."""
        open_ones = {each.key: each for each in self.proposals(id) if each.state == "待确认"}
        wanted = [_known(open_ones, key) for key in dict.fromkeys(keys)]
        if not wanted:
            raise Refused("请写明不采纳哪些关系，可用 links 查看代号")
        self._recognise("不采纳关系", id, _said(wanted), by=by, role=role, note=note)

    def confirmed(self, id: str) -> dict[str, Relation]:
        """The confirmed relations of a document by the keys they were proposed under: for staff.

        Raises:
            NotFound: there is no such document.

        """
        self._store().document(id)
        return self._proposing().confirmed(id)

    def retract(
        self,
        id: str,
        keys: Iterable[str],
        *,
        by: str,
        note: str | None,
        role: Role | None = None,
    ) -> tuple[Relation, ...]:
        """Take back what was decided on proposals (撤销认定), all in one event; returns the relations.

        What was confirmed is no relation any more, what was rejected is not rejected any more: both
        are proposed again. ``note`` is the reason.

        Raises:
            Refused: an unknown key, nothing decided, a relation that was declared, no reason.

        """
        standing = self.confirmed(id)
        proposals = {each.key: each for each in self.proposals(id)}
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            raise Refused(f"请写明撤销哪些认定，可用 policylib links {id} 查看代号")
        reasons = [
            _not_decided(id, key, proposals.get(key), standing)
            for key in wanted
            if key not in standing and not _is_rejected(proposals.get(key))
        ]
        if reasons:
            raise Refused(*reasons)
        relations = tuple(standing[key] for key in wanted if key in standing)
        rejected = [proposals[key] for key in wanted if key not in standing]
        said = [
            *(_retracted(key, standing[key]) for key in wanted if key in standing),
            *_said(rejected),
        ]
        self._recognise("撤销认定", id, said, by=by, role=role, note=note, retracted=relations)
        return relations

    # -- inside ----------------------------------------------------------------------------

    def _proposing(self) -> Proposing:
        from policylib.library.proposing import Proposing

        def similar(title: str) -> Iterable[str]:
            return self._naming(title, on=self._today(), staff=True, limit=_ALIKE)

        return Proposing(self._store(), similar)

    def _naming(self, title: str, *, on: date, staff: bool, limit: int) -> list[str]:
        """The documents with the beginning of a title in their title or text, by the index."""
        from policylib.search.query import Query

        query = Query(words=f"“{title[:80]}”", on=on, staff=staff, limit=limit)
        return [hit.id for hit in self._index().search(query).hits]

    def _recognise(
        self,
        act: str,
        id: str,
        said: list[dict[str, str]],
        *,
        by: str,
        role: Role | None,
        note: str | None,
        relations: tuple[Relation, ...] = (),
        retracted: tuple[Relation, ...] = (),
    ) -> None:
        from policylib.library.acting import Doing
        from policylib.model.vocabulary import Act, Role, Stage

        released = self._store().document(id).stage is Stage.RELEASED
        mine = role or (Role.PUBLISHER if released else Role.DRAFTER)
        report: dict[str, Any] = {"proposals": [each["key"] for each in said], "said": said}
        if relations:
            kept = [each.model_dump(mode="json", exclude_none=True) for each in relations]
            report["confirmed"] = kept
        doing = Doing(
            Act(act), id, by=who(by), role=mine, at=self._clock(), note=note, report=report,
            relations=relations, retracted=retracted,
        )  # fmt: skip
        self._acting().do(doing)
        self._refresh()


def _said(proposals: Iterable[Proposal]) -> list[dict[str, str]]:
    """The words of proposals, as the journal keeps them."""
    return [
        {"key": each.key, "kind": str(each.kind), "target": each.target, "quote": each.quote}
        for each in proposals
    ]


def _retracted(key: str, relation: Relation) -> dict[str, str]:
    return {"key": key, "kind": str(relation.kind), "target": relation.target}


def _is_rejected(proposal: Proposal | None) -> bool:
    return proposal is not None and proposal.state == "不采纳"


def _not_decided(
    id: str, key: str, proposal: Proposal | None, standing: Mapping[str, Relation]
) -> str:
    """Why there is nothing to take back, and what to do."""
    if proposal is None:
        return f"没有代号为“{key}”的认定，可用 policylib links {id} 查看代号"
    for other, relation in standing.items():
        if relation.kind == proposal.kind and relation.object_id in proposal.candidates[:1]:
            return f"“{key}”所说的关系是按“{other}”确认的：policylib links {id} --retract {other}"
    if proposal.state == "已登记":
        return (
            f"“{key}”（{proposal.kind}{proposal.target}）不是从正文确认的，是文件头 relations 或办理时登记的，"
            "不能撤销认定：登记的关系随那次办理存档，文件尚未入库的才能在文件的 relations 中改正"
        )
    return (
        f"“{key}”（{proposal.kind}{proposal.target}）还没有认定，或者认定已经撤销，不用再撤销；"
        f"要确认或不采纳：policylib links {id} --confirm {key} 或 --reject {key}"
    )


def _nothing_certain(waiting: int) -> str:
    if not waiting:
        return "没有待确认的关系，可用 links 查看"
    return (
        f"{waiting} 条待确认的关系都不能由文号或标题加日期确定是哪一份，"
        "请核对后逐条写明代号，可用 links 查看"
    )


def _known(proposals: Mapping[str, Proposal], key: str) -> Proposal:
    if key not in proposals:
        raise Refused(f"没有代号为“{key}”的待确认关系，可用 links 查看")
    return proposals[key]


def _relation(proposal: Proposal, chosen: str | None) -> Relation:
    from policylib.library.proposing import evidence
    from policylib.model.relation import Relation
    from policylib.model.vocabulary import Origin

    if chosen is None and len(proposal.candidates) > 1:
        several = "、".join(proposal.candidates)
        raise Refused(f"“{proposal.target}”可能是{several}，请写明是哪一份：{proposal.key}=标识")
    return Relation(
        subject_id=proposal.subject_id,
        kind=proposal.kind,
        target=proposal.target[:500],
        object_id=chosen or next(iter(proposal.candidates), None),
        provision=proposal.provision,
        effective_on=proposal.effective_on,
        expires_on=proposal.expires_on,
        unless_by=proposal.unless_by,
        origin=Origin.CONFIRMED,
        note=evidence(proposal.quote),
    )
