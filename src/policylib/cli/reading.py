"""Verbs that look: list, show, log, validity, due."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from policylib.cli.output import clip, existing, put_json, table
from policylib.errors import NotFound

if TYPE_CHECKING:
    from policylib.library import Library

__all__ = ["named", "run_due", "run_list", "run_log", "run_show", "run_validity"]


def named(library: Library, name: str) -> str:
    """The id meant by ``name``: an id, or the 发文字号 of just one document."""
    try:
        return library.document(name).id
    except NotFound:
        found = library.find_number(name)
    if len(found) == 1:
        return found[0].id
    if found:
        raise NotFound(
            f"“{name}”有 {len(found)} 份文件，请改用标识：{'、'.join(d.id for d in found)}"
        )
    raise NotFound(f"没有标识或文号为“{name}”的文件，可用 list 或 search 查找")


def run_list(arguments: argparse.Namespace) -> int:
    """List documents."""
    from policylib.model.vocabulary import Stage

    library = existing(arguments.library)
    stage = Stage(arguments.stage) if arguments.stage else None
    found = library.documents(stage=stage, limit=arguments.limit, offset=arguments.offset)
    if arguments.json:
        put_json([document.model_dump(mode="json", exclude_none=True) for document in found])
        return 0
    table(
        ("标识", "文号", "标题", "阶段", "发布日期"),
        [(d.id, d.doc_number, clip(d.title, 60), d.stage, d.released_on) for d in found],
    )
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Show one document."""
    library = existing(arguments.library)
    id = named(library, arguments.id)
    document = library.document(id)
    edition = library.edition(id, on=arguments.on)
    validity = library.validity(id, on=arguments.on)
    body = edition.body
    if arguments.html:
        from policylib.text.markdown import to_html

        body = to_html(edition.body)
    if arguments.json:
        put_json(
            {
                **document.model_dump(mode="json", exclude_none=True),
                "validity": str(validity),
                "edition": edition.number,
                "body": body,
                "relations": [r.model_dump(mode="json") for r in library.relations(id)],
            }
        )
        return 0
    if arguments.outline:
        _print_outline(edition.body)
        return 0
    from policylib.model.document import Header

    rows: list[tuple[str, Any]] = [("标识", id), ("阶段", document.stage), ("时效性", validity)]
    for name, field in Header.model_fields.items():
        value = getattr(document, name)
        if value not in (None, ()):
            rows.append(
                (field.title or name, "、".join(value) if isinstance(value, tuple) else value)
            )
    table(("项目", "内容"), rows)
    print()
    print(body)
    return 0


def _print_outline(body: str) -> None:
    from policylib.text.outline import Outline

    for locator, provision in Outline.parse(body).walk():
        first = provision.heading or " ".join(body[slice(*provision.own)].split())
        print(f"{'  ' * (len(locator.steps) - 1)}{locator}  {clip(first, 60)}")


def run_log(arguments: argparse.Namespace) -> int:
    """The journal of a document, or a proof of the whole journal."""
    library = existing(arguments.library)
    if arguments.verify:
        problems = library.verify()
        if arguments.json:
            put_json({"sound": not problems, "problems": list(problems)})
        else:
            print("\n".join(problems) or "办理记录完整，未发现改动")
        return 1 if problems else 0
    if not arguments.id:
        from policylib.cli.parser import WrongUse

        raise WrongUse("请写明文件的标识或文号，或用 --verify 核验全部记录")
    events = library.history(named(library, arguments.id))
    if arguments.json:
        put_json([event.model_dump(mode="json") for event in events])
        return 0
    table(
        ("序号", "时间", "动作", "经办人", "角色", "办理后", "备注"),
        [
            (e.seq, e.at.strftime("%Y-%m-%d %H:%M"), e.act, e.actor, e.role, e.stage, e.note)
            for e in events
        ],
    )
    return 0


def run_validity(arguments: argparse.Namespace) -> int:
    """Whether a document is in force on a day, and why."""
    from datetime import date

    library = existing(arguments.library)
    id = named(library, arguments.id)
    on = arguments.on or date.today()  # noqa: DTZ011 - the officer's own day
    validity = library.validity(id, on=on)
    steps = library.steps(id)
    if arguments.json:
        why = [
            {"from": s.start, "validity": str(s.validity), "reason": s.reason, "made_by": s.made_by}
            for s in steps
        ]
        put_json({"id": id, "on": on, "validity": str(validity), "why": why})
        return 0
    print(f"{on}：{validity}")
    table(
        ("自", "时效性", "理由"),
        [(step.start or "开始", step.validity, step.reason) for step in steps],
    )
    return 0


def run_due(arguments: argparse.Namespace) -> int:
    """What is due."""
    found = existing(arguments.library).due(on=arguments.on, within=arguments.within)
    if arguments.json:
        put_json([each.model_dump(mode="json") for each in found])
        return 0
    if not found:
        print("没有到期事项")
        return 0
    table(
        ("期限", "状态", "事项", "文件", "依据"),
        [(o.due_on, o.state, o.obligation, clip(o.title, 40), o.basis) for o in found],
    )
    return 0
