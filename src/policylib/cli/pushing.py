"""The verb ``push``: each subscriber hears once of what is new, changed, near or over (精准推送)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli.matching import officer, tell_faults, tell_skipped
from policylib.cli.output import bar, existing, put_json, table
from policylib.cli.parser import WrongUse

if TYPE_CHECKING:
    from policylib.library.pushrun import PushSummary

__all__ = ["run_push"]


def run_push(arguments: argparse.Namespace) -> int:
    """Write what is new for each subscriber, once; exit code 1 when lines were left out."""
    from policylib.files.profiles import count_rows

    library = existing(arguments)
    source = Path(arguments.subscribers)
    if not source.is_file():
        raise WrongUse(f"找不到订阅文件“{arguments.subscribers}”，请检查路径")
    with bar("推送", count_rows(source), quiet=arguments.json) as progress:
        found = library.push(
            source,
            by=officer(arguments),
            since=arguments.since,
            on=arguments.on,
            to=arguments.out,
            purpose=arguments.purpose,
            rules=arguments.settings,
            dry_run=arguments.dry_run,
            progress=progress,
        )
    tell_skipped(library)
    if arguments.json:
        put_json(found.as_dict())
    else:
        _print(found)
    return 1 if found.refused else 0


def _print(found: PushSummary) -> None:
    refused = f"，{found.refused} 行没有推送" if found.refused else ""
    repeated = f"，此前已推送过的 {found.repeated} 条不再推送" if found.repeated else ""
    print(
        f"{found.since} 之后至 {found.on}：订阅 {found.subscribers} 条{refused}；"
        f"有消息的 {found.reached} 条，消息 {found.messages} 条{repeated}"
    )
    rows = [(kind, count) for kind, count in found.as_dict()["kinds"].items()]
    if rows:
        table(("动态", "消息"), rows)
    for answer, count in sorted(found.answers.items()):
        print(f"  {answer} {count} 条")
    for each in found.shown:
        print(f"{each['subscriber']}：")
        for message in each["messages"]:
            print(f"  {message['text']}")
    tell_faults(found.faults)
    if found.finished:
        print(f"上次中断的推送已补完：{found.finished} 个结果文件")
    print(f"结果已写入：{found.out}" if found.out else "只是试算，没有写入，也没有记为已推送")
