"""Verbs that look back, and take what they see along: log, timeline, bundle."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from policylib.cli.output import clip, existing, put_json, table
from policylib.cli.parser import WrongUse
from policylib.cli.reading import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policylib.library import Library
    from policylib.model.event import Event
    from policylib.reports.timeline import Timeline

__all__ = ["run_bundle", "run_log", "run_timeline"]

_NEWEST = 50  # events of the whole library, unless told
_SAID = 3  # relations named in a row
_COLUMNS = ("时间", "动作", "经办人", "角色", "办理后", "备注")


def run_log(arguments: argparse.Namespace) -> int:
    """The journal of a document, the newest of the library, all in a file, or its proof."""
    _one_of(arguments)
    library = existing(arguments)
    if arguments.verify:
        return _verify(library, as_json=arguments.json)
    if arguments.export:
        count = library.export_journal(arguments.export)
        if arguments.json:
            put_json({"exported": count, "file": arguments.export})
        else:
            print(f"已导出办理记录 {count} 条：{arguments.export}")
        return 0
    events = _chosen(library, arguments)
    if arguments.json:
        put_json([event.model_dump(mode="json") for event in events])
    elif arguments.id:
        table(("序号", *_COLUMNS), [(event.seq, *_row(event)) for event in events])
    else:
        rows = [(event.position, event.document_id, *_row(event)) for event in events]
        table(("总序号", "文件", *_COLUMNS), rows)
    return 0


def _one_of(arguments: argparse.Namespace) -> None:
    """Refuse what would be left out silently."""
    chosen = arguments.id or arguments.since or arguments.limit is not None
    if arguments.verify and arguments.export:
        raise WrongUse("--verify 和 --export 请分两次运行")
    if chosen and (arguments.verify or arguments.export):
        option, verb = ("--verify", "核验") if arguments.verify else ("--export", "导出")
        raise WrongUse(f"{option} {verb}全部办理记录，不能同时写文件标识、--since 或 --limit")


def _verify(library: Library, *, as_json: bool) -> int:
    problems = library.verify()
    if as_json:
        put_json({"sound": not problems, "problems": list(problems)})
    else:
        print("\n".join(problems) or "办理记录完整，未发现改动")
    return 1 if problems else 0


def _chosen(library: Library, arguments: argparse.Namespace) -> Sequence[Event]:
    """Oldest first; a limit keeps the newest."""
    if not arguments.id:
        limit = _NEWEST if arguments.limit is None else arguments.limit
        return library.recent(limit=limit, since=arguments.since)
    events = library.history(named(library, arguments.id))
    if arguments.since:
        events = tuple(event for event in events if event.at.date() >= arguments.since)
    return events if arguments.limit is None else events[max(0, len(events) - arguments.limit) :]


def _row(event: Event) -> tuple[Any, ...]:
    when = f"{event.at:%Y-%m-%d %H:%M}"
    origin = event.detail.get("origin")  # of a document that came with another library
    came = f"（原为“{origin['library']}”第{origin['position']}条）" if origin else ""
    note = "；".join(filter(None, (*_did(event.detail), event.note, came))) or None
    return (when, event.act, event.actor, event.role, event.stage, note)


def _did(detail: Mapping[str, Any]) -> Iterator[str]:
    """What an event decided: on which ground, from when, which relations, what was left out."""
    if maker := detail.get("made_by"):
        yield f"依据 {maker}"
    if day := detail.get("effective_on"):
        yield f"自 {day} 起"
    said = detail.get("said") or ()
    for each in said[:_SAID]:
        yield f"{each['kind']}{clip(each['target'], 60)}"
    if len(said) > _SAID:
        yield f"等 {len(said)} 条"
    if left := detail.get("unapplied"):
        yield f"{len(left)} 处没有落实"


def run_timeline(arguments: argparse.Namespace) -> int:
    """The life of a document on one line."""
    if arguments.svg and not arguments.svg.lower().endswith(".svg"):
        raise WrongUse("时间线图写成 .svg 文件，请改后缀")
    library = existing(arguments)
    id = named(library, arguments.id)
    look = library.public_timeline if arguments.public else library.timeline
    found = look(id, on=arguments.on)
    if arguments.svg:
        from policylib.files.saving import save_new

        save_new(arguments.svg, [found.to_svg().encode()])
    if arguments.json:
        put_json(found.as_dict() | ({"svg": arguments.svg} if arguments.svg else {}))
    elif arguments.svg:
        print(f"时间线图已写入：{arguments.svg}")
    else:
        _print(found)
    return 0


def _print(found: Timeline) -> None:
    print(f"{found.title}\n{found.on}：{found.validity}")
    rows: list[tuple[Any, ...]] = []
    for entry in found.entries:
        when = f"{entry.day or '日期未载明'}{'（今后）' if found.is_coming(entry) else ''}"
        more = [entry.text, entry.by, entry.note and f"备注：{entry.note}"]
        rows.append((when, entry.lane, entry.title, "；".join(filter(None, more))))
    table(("日期", "类别", "事项", "说明"), rows)


def run_bundle(arguments: argparse.Namespace) -> int:
    """All of one document in a zip file."""
    library = existing(arguments)
    id = named(library, arguments.id)
    if arguments.public:
        library.public_bundle(id, arguments.to)
    else:
        library.bundle(id, arguments.to)
    if arguments.json:
        put_json({"id": id, "bundle": arguments.to})
    else:
        kind = "公开" if arguments.public else "内部，含草稿和经办人"
        print(f"一件一档已写入（{kind}）：{arguments.to}")
    return 0
