"""Verbs that look: list, show, validity, due."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from policylib.cli.output import clip, existing, put_json, table, where
from policylib.cli.parser import WrongUse
from policylib.errors import NotFound, PolicyLibError

if TYPE_CHECKING:
    from policylib.library import Library
    from policylib.library.clock import ClockRun
    from policylib.text.since import Since
    from policylib.workflow.validity import Step

__all__ = ["named", "run_due", "run_list", "run_show", "run_validity"]


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

    library = existing(arguments)
    stage = next((each for each in Stage if each == arguments.stage), None)
    if arguments.stage and stage is None:
        raise WrongUse(f"没有阶段“{arguments.stage}”，可选：{'、'.join(Stage)}")
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
    library = existing(arguments)
    id = named(library, arguments.id)
    document = library.document(id)
    edition = library.edition(id, on=arguments.on)
    validity = library.validity(id, on=arguments.on)
    if arguments.since:
        return _print_since(library, id, arguments)
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
                "edition_since": edition.effective_on,
                "made_by": edition.made_by,
                "body": body,
                "relations": [r.model_dump(mode="json") for r in library.relations(id)],
                **({"measures": edition.measures} if edition.measures else {}),
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
            rows.append((field.title or name, _said(value)))
    if edition.measures:
        rows.append(("事项", "、".join(str(each.get("title", "")) for each in edition.measures)))
    table(("项目", "内容"), rows)
    print()
    print(body)
    return 0


def _print_since(library: Library, id: str, arguments: argparse.Namespace) -> int:
    """Since when and by which decision each provision reads as it does."""
    found, edition = library.since(id, on=arguments.on)
    if arguments.json:
        put_json({"id": id, "edition": edition.number, "provisions": [e.as_dict() for e in found]})
        return 0
    rows = [
        (each.locator, each.day or "自始", each.by, _first(edition.body, each)) for each in found
    ]
    table(("条款", "自", "依据", "文字"), rows)
    return 0


def _first(body: str, each: Since) -> str:
    return clip(" ".join(body[slice(*each.span)].lstrip("# ").split()), 60)


def _said(value: Any) -> Any:
    """A header value as an officer reads it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, tuple):
        return value
    if all(isinstance(each, str) for each in value):
        return "、".join(value)
    from policylib.model.opinions import counts

    return str(counts(value))


def _print_outline(body: str) -> None:
    from policylib.text.outline import Outline

    for locator, provision in Outline.parse(body).walk():
        first = provision.heading or " ".join(body[slice(*provision.own)].split())
        print(f"{'  ' * (len(locator.steps) - 1)}{locator}  {clip(first, 60)}")


def run_validity(arguments: argparse.Namespace) -> int:
    """Whether a document is in force on a day, and why."""
    from datetime import date

    library = existing(arguments)
    id = named(library, arguments.id)
    on = arguments.on or date.today()  # noqa: DTZ011 - the officer's own day
    found = library.why(id, on=on)
    source = _source(library, id)
    if arguments.json:
        coming = _step(found.coming) if found.coming else None
        why = [_step(step) for step in library.steps(id)]
        put_json(
            {
                "id": id,
                "on": on,
                "validity": str(found.validity),
                "why": why,
                "next": {"text": found.next, "step": coming},
                **({"source": source} if source else {}),
            }
        )
        return 0
    print(f"{on}：{found.validity}")
    table(
        ("自", "时效性", "理由", "依据"),
        [(s.start or "开始", s.validity, s.reason, s.rule) for s in found.because],
    )
    print(f"下一步：{found.next}")
    if source:
        print(
            f"以上是权威来源“{source['authority']}”的内容：第{source['version']}版清单，"
            f"{source['as_of'][:10]}发布，{source['pulled_at'][:10]}拉取"
        )
    return 0


def _source(library: Library, id: str) -> dict[str, Any] | None:
    """The manifest that a repost shows; ``None`` for other documents."""
    from policylib.errors import Refused

    try:
        view = library.repost_view(id).as_dict()
    except (NotFound, Refused):
        return None
    keys = ("authority", "source_id", "version", "as_of", "pulled_at", "notice")
    return {key: view[key] for key in keys}


def _step(step: Step) -> dict[str, Any]:
    return {
        "from": step.start,
        "validity": str(step.validity),
        "reason": step.reason,
        "made_by": step.made_by,
        "rule": step.rule,
    }


def run_due(arguments: argparse.Namespace) -> int:
    """What is due; with ``--run``, do what is automatic.

    A run ends with code 1 when something was refused or is overdue, for a monitor to see, and with
    3 when another run is going on.
    """
    library = existing(arguments)
    spans = {"within": arguments.within, "back": arguments.back}
    if arguments.run_now:
        return _run_due(arguments, lambda: library.run_due(**spans))
    found = library.due(on=arguments.on, **spans)
    form = "json" if arguments.json else arguments.format
    if form == "json":
        put_json([each.model_dump(mode="json") for each in found])
    elif form == "csv":
        from policylib.files.agenda import to_csv

        _put_bytes(to_csv(found).encode("utf-8", "replace"))
    elif form == "ics":
        from policylib.files.agenda import to_icalendar

        _put_bytes(to_icalendar(found, at=datetime.now().astimezone()))
    elif not found:
        print("没有到期事项")
    else:
        table(
            ("期限", "状态", "事项", "文件", "依据"),
            [(o.due_on, o.state, o.obligation, clip(o.title, 40), o.basis) for o in found],
        )
    return 0


def _put_bytes(content: bytes) -> None:
    """Write a file to standard output as it is, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


_BUSY = 3  # the exit code when another run is going on


def _run_due(arguments: argparse.Namespace, run: Callable[[], ClockRun]) -> int:
    from policylib.library.running import alone, note_run, run_folder

    if arguments.on is not None or arguments.format in {"csv", "ics"}:
        raise WrongUse("--run 按当天办理，不能与 --on 或 --format 同用，请去掉其中一个")
    folder = run_folder(where(arguments))
    begun = {"at": datetime.now().astimezone().isoformat(timespec="seconds")}
    with alone(folder) as is_alone:
        if not is_alone:
            said = "另一次自动办理正在进行，本次没有办理；它结束后会由下一次接着办"
            if arguments.json:
                put_json({"error": said})
            print(said, file=sys.stderr)
            return _BUSY
        try:
            done = run()
        except PolicyLibError as error:
            note_run(folder, {**begun, "error": str(error)})
            raise
        note_run(folder, {**begun, **done.as_dict()})
    print(done.line, file=sys.stderr)
    if arguments.json:
        put_json(done.as_dict())
    else:
        print(
            f"自动办理：公布 {len(done.released)} 件，提示 {done.noticed} 条，"
            f"未办 {len(done.refused)} 件，逾期 {done.overdue} 项"
        )
        for each in done.refused:
            print(f"  {each['document']}：{'；'.join(each['reasons'])}")
    return 1 if done.refused or done.overdue else 0
