"""The verb ``links``: what a text says of other documents: confirmed, rejected, taken back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from policylib.cli.output import clip, existing, put_json, table
from policylib.cli.parser import WrongUse
from policylib.cli.reading import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policylib.library import Library
    from policylib.library.cascade import Touched
    from policylib.library.citing import LeftBehind
    from policylib.library.effects import Effect
    from policylib.model.proposal import Proposal
    from policylib.model.relation import Relation
    from policylib.reading.values import CleanUp

__all__ = ["run_links"]

_BEFORE, _AFTER = 10, 40  # characters shown around a quotation


def run_links(arguments: argparse.Namespace) -> int:
    """Relations that a text states: list, confirm, reject, take back; who is touched."""
    library = existing(arguments)
    id = named(library, arguments.id)
    if arguments.confirm is not None or arguments.reject or arguments.retract:
        if not arguments.by:
            raise WrongUse("请写明经办人：--by 姓名")
        return _decide(library, id, arguments)
    found = library.proposals(id)
    touched = library.touched(id, on=arguments.on, proposals=found)
    left, lists = library.unapplied(id, on=arguments.on), library.clean_up(id)
    behind, confirmed = library.left_behind(id), library.confirmed(id)
    if arguments.json:
        put_json(
            {
                "proposals": [_proposal(each) for each in found],
                "confirmed": [_confirmed(key, each) for key, each in confirmed.items()],
                "clean_up": _sums(lists),
                "touched": [_touched(each) for each in touched],
                "unapplied": [_effect(each) for each in left],
                "citations": [_citation(each) for each in behind],
            }
        )
        return 0
    _print_proposals(library, id, found)
    _print_choices(library, found)
    _print_former(found, confirmed)
    _print_sums(lists)
    for one in touched:
        place = one.relation.provision or ""
        print(f"- 受影响：{one.document.id} {one.document.title}：{one.relation.kind}"
              f"“{one.ended.title}”{place}，{one.validity}（{one.todo}）")  # fmt: skip
    for effect in left:
        since = f"自{effect.on}起施行" if effect.on else ""
        print(f"- 未落实：{effect.decision.title}（{effect.decision.id}）{since}：{effect.reason}")
        for passage in effect.passages:
            print(f"    “{clip(str(passage['quote']), 60)}”：{passage['reason']}")
        if not effect.passages:
            print(f"    预览：policylib amend {id} --made-by {effect.decision.id}")
    for citation in behind:
        print(f"- 请核对引用：{citation.document.id} {citation.document.title}"
              f"“{clip(citation.quote, 60)}”：{citation.said}")  # fmt: skip
    _print_next(id, found, confirmed)
    return 0


def _print_proposals(library: Library, id: str, found: Sequence[Proposal]) -> None:
    if not found:
        print("正文没有写明与其他文件的关系")
        return
    body = library.editions(id)[-1].body
    rows = [
        (
            each.key,
            f"{each.kind}（{each.disposition}）" if each.disposition else each.kind,
            clip(each.target, 80) + (each.provision or ""),
            "、".join(each.candidates) + ("" if each.certain or not each.candidates else "？"),
            each.state,
            _around(body, each),
        )
        for each in found
    ]
    table(("代号", "关系", "目标", "可能的文件", "情况", "原文"), rows)


def _print_choices(library: Library, found: Sequence[Proposal]) -> None:
    """Which documents an open proposal may mean, told apart by number, day and validity."""
    for each in found:
        if each.state == "待确认" and len(each.candidates) > 1:
            said = []
            for id in each.candidates:
                document = library.document(id)
                day = document.starts_on or document.written_on
                facts = (document.doc_number, str(day or ""), str(library.validity(id)))
                said.append(f"{id}（{'，'.join(filter(None, facts))}）")
            print(f"- {each.key} 可能是：{'、'.join(said)}")


def _print_former(found: Sequence[Proposal], confirmed: Mapping[str, Relation]) -> None:
    """Confirmed relations that the newest text does not state any more."""
    shown = {each.key for each in found}
    for key, relation in confirmed.items():
        if key not in shown:
            place = relation.provision or ""
            print(
                f"- 已确认，现在的正文不再写明：{key} {relation.kind}{clip(relation.target, 80)}{place}"
            )


def _around(body: str, each: Proposal) -> str:
    """The line with the words, near them: by what one sees that it is so."""
    start, end = each.span
    first = max(body.rfind("\n", 0, start) + 1, start - _BEFORE)
    last = body.find("\n", end)
    line = body[first : min(last if last >= 0 else len(body), end + _AFTER)]
    return clip(" ".join(line.replace("|", " ").split()), 70)


def _print_sums(lists: CleanUp | None) -> None:
    if lists is None:
        return
    counts = "、".join(f"{name}{count}件" for name, count in lists.counts().items())
    agree = "，与正文所称的件数相符" if lists.stated and not lists.problems else ""
    print(f"清理目录：{counts}{agree}")
    for problem in lists.problems:
        print(f"- 件数不符：{problem}")


def _print_next(id: str, found: Sequence[Proposal], confirmed: Mapping[str, Relation]) -> None:
    if confirmed:
        print(f"认错了的：policylib links {id} --retract 代号 --by 姓名 --note 原因")
    waiting = [each for each in found if each.state == "待确认"]
    if not waiting:
        return
    several = next((each for each in waiting if len(each.candidates) > 1), None)
    print(f"确认：policylib links {id} --confirm 代号 --by 姓名；全部可确定的：--confirm 全部；"
          "只有一份可能的：--confirm 唯一；不采纳：--reject 代号")  # fmt: skip
    if several:
        print(f"可能是几份文件的，请指明：--confirm {several.key}={several.candidates[0]}")


def _decide(library: Library, id: str, arguments: argparse.Namespace) -> int:
    if arguments.reject:
        library.reject(id, arguments.reject, by=arguments.by, note=arguments.note)
        if arguments.json:
            put_json({"rejected": arguments.reject})
        else:
            print(f"不采纳 {len(arguments.reject)} 条")
        return 0
    if arguments.retract:
        return _retract(library, id, arguments)
    pairs = [word.partition("=") for word in arguments.confirm]
    keys: list[str] | None = [key for key, _, _ in pairs]
    if keys in ([], ["全部"]):
        keys = None
    elif keys == ["唯一"]:
        open_ones = [each for each in library.proposals(id) if each.state == "待确认"]
        keys = [each.key for each in open_ones if len(each.candidates) == 1]
    found = library.confirm(
        id,
        keys,
        by=arguments.by,
        note=arguments.note,
        choose={key: named(library, chosen) for key, _, chosen in pairs if chosen},
    )
    if arguments.json:
        put_json({"confirmed": [each.model_dump(mode="json") for each in found]})
        return 0
    print(f"已确认 {len(found)} 条")
    waiting = [each for each in library.proposals(id) if each.state == "待确认"]
    if waiting:
        print(f"还有 {len(waiting)} 条待确认：policylib links {id}")
    return 0


def _retract(library: Library, id: str, arguments: argparse.Namespace) -> int:
    gone = library.retract(id, arguments.retract, by=arguments.by, note=arguments.note)
    if arguments.json:
        put_json({"retracted": arguments.retract, "relations": [_relation(each) for each in gone]})
        return 0
    print(f"已撤销认定 {len(set(arguments.retract))} 条")
    for relation in gone:
        print(
            f"- 不再是文件关系：{relation.kind}{clip(relation.target, 80)}{relation.provision or ''}"
        )
    print(f"重新认定：policylib links {id}")
    return 0


# -- as JSON ----------------------------------------------------------------------------------


def _proposal(each: Proposal) -> dict[str, Any]:
    return {"key": each.key, **each.model_dump(mode="json", exclude_none=True)}


def _relation(each: Relation) -> dict[str, Any]:
    return each.model_dump(mode="json", exclude_none=True)


def _confirmed(key: str, each: Relation) -> dict[str, Any]:
    return {"key": key, **_relation(each)}


def _sums(lists: CleanUp | None) -> dict[str, Any] | None:
    if lists is None:
        return None
    return {"counts": lists.counts(), "problems": list(lists.problems)}


def _touched(each: Touched) -> dict[str, Any]:
    return {
        "ended": each.ended.id,
        "document": each.document.id,
        "title": each.document.title,
        "kind": str(each.relation.kind),
        "origin": str(each.relation.origin),
        "provision": each.relation.provision,
        "validity": each.validity,
        "todo": each.todo,
    }


def _effect(each: Effect) -> dict[str, Any]:
    return {
        "decision": each.decision.id,
        "title": each.decision.title,
        "on": each.on,
        "reason": each.reason,
        "passages": list(each.passages),
    }


def _citation(each: LeftBehind) -> dict[str, Any]:
    return {
        "document": each.document.id,
        "title": each.document.title,
        "span": list(each.span),
        "quote": each.quote,
        "changes": [
            {"was": str(one.was), "now": str(one.now) if one.now else None,
             "reworded": one.reworded, "text": str(one)}
            for one in each.changes
        ],
    }  # fmt: skip
