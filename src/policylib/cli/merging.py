"""The verb ``merge``: another library brought into this one, or what would come of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from policylib.cli.output import bar, clip, existing, put_json, table
from policylib.cli.parser import WrongUse

if TYPE_CHECKING:
    from policylib.library.merging import MergeReport

__all__ = ["run_merge"]

_MOST = 200


def run_merge(arguments: argparse.Namespace) -> int:
    """Bring another library into this one, or show what would come of it."""
    if arguments.apply and not arguments.by:
        raise WrongUse("写入库中请写明经办人：--by 姓名；不加 --apply 只预览")
    library = existing(arguments)
    with bar("并库", None, quiet=arguments.json or not arguments.apply) as progress:
        report = library.merge(
            arguments.other, by=arguments.by or "", apply=arguments.apply, drafts=arguments.drafts,
            progress=progress,
        )  # fmt: skip
    if arguments.json:
        put_json(report.as_dict())
    else:
        _say(report)
    return 1 if report.conflicts else 0


def _say(report: MergeReport) -> None:
    verb = "已并入" if report.applied else "将并入"
    print(f"“{report.library}”的办理日志已核验：{report.events}条，末条摘要 {report.head[:16]}")
    print(
        f"{verb} {len(report.added)} 件，两库相同 {report.unchanged} 件，冲突 {len(report.conflicts)} 处"
    )
    if report.organs:
        print(f"新增机关：{'、'.join(report.organs[:20])}")
    if report.drafts:
        print(f"另有 {report.drafts} 件未公布，没有计入；要一并并入，加 --drafts")
    if report.conflicts:
        table(
            ("冲突", "对方标识", "本库标识", "标题", "说明"),
            [
                (c.kind, c.id, c.here, clip(c.title, 40), c.message)
                for c in report.conflicts[:_MOST]
            ],
        )
    if len(report.conflicts) > _MOST:
        print(f"只列出前 {_MOST} 处冲突，全部见 --json")
    if not report.applied and report.added:
        print("这是预览，没有写入；写入请加 --apply --by 姓名。有冲突的不会写入")
