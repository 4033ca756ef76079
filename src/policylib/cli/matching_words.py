"""The arguments of the verbs on matching (政策匹配的命令)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

__all__ = ["declare"]


def declare(add: Any, day: Callable[[str], Any], count: Callable[[str], int]) -> None:
    """Add the verbs; ``day`` and ``count`` read a day and a number as everywhere."""
    match = add("match", "matching", "匹配：一个人、一个家庭或一家企业可能符合哪些政策")
    match.add_argument("--profile", metavar="文件", help="画像（JSON）；- 为标准输入")
    match.add_argument(
        "--ask", action="store_true", help="逐项提问，直到有结论；可与 --profile 同用"
    )
    match.add_argument("--subject", choices=_SUBJECTS, metavar="对象", help=_SAID)
    match.add_argument("--limit", type=count, metavar="N", help="最多列几项")
    match.add_argument("--all", action="store_true", help="连不符合的也列出（JSON 总是全部列出）")
    match.add_argument("--why", action="store_true", help="逐条列出理由和依据条款")

    batch = add("match-batch", "matching", "批量匹配：一张画像表，逐个事项统计（工作人员）")
    batch.add_argument("file", metavar="画像表", help="CSV 或 Parquet，一行一个画像，一列一个事实")
    batch.add_argument("--purpose", required=True, metavar="用途", help="记入办理日志")
    batch.add_argument(
        "--out", required=True, metavar="文件", help="新文件：.csv、.jsonl 或 .parquet"
    )
    batch.add_argument("--with-ids", action="store_true", help="逐个列出画像的编号，不写只统计")
    batch.add_argument("--subject", choices=_SUBJECTS, default="person", metavar="对象", help=_SAID)

    who = add("who", "matching", "一份文件的事项惠及画像表中的哪些对象（工作人员）")
    who.add_argument("id", metavar="标识或文号")
    who.add_argument(
        "--profiles", required=True, metavar="文件", help="CSV、Parquet、JSONL 或 JSON"
    )
    who.add_argument("--measure", metavar="事项", help="只看这个事项")
    who.add_argument("--purpose", metavar="用途", help="记入办理日志，默认为查询惠及对象")

    whatif = add(
        "whatif", "matching", "影响测算：两版文本、草稿或两日之间，谁的结论会变（工作人员）"
    )
    whatif.add_argument("id", nargs="?", metavar="标识或文号", help="不写则比较两日的全部在列事项")
    whatif.add_argument("--profiles", required=True, metavar="文件",
                        help="CSV、Parquet、JSONL 或 JSON")  # fmt: skip
    whatif.add_argument("--before", metavar="版次或文件", help="默认为当日有效的文本")
    whatif.add_argument("--after", metavar="版次或文件", help="默认为最新一版，包括草稿")
    whatif.add_argument("--then", type=day, metavar="日期", help="与该日比较")
    whatif.add_argument("--with-ids", action="store_true", help="逐个列出画像的编号，不写只统计")
    whatif.add_argument(
        "--subject", choices=_SUBJECTS, default="person", metavar="对象", help=_SAID
    )
    whatif.add_argument("--purpose", metavar="用途", help="记入办理日志，默认为影响测算")

    measures = add("measures", "proposing", "一份文件的事项；或从正文提取事项草案，供工作人员核对")
    measures.add_argument("target", metavar="文件、标识或文号")
    measures.add_argument(
        "--propose", action="store_true", help="从正文提取，输出可贴入文件头的 YAML"
    )
    measures.add_argument(
        "--region", metavar="代码", help="“本县”的行政区划代码，默认取自文件头的索引号"
    )

    push = add("push", "pushing", "推送：订阅人各有哪些新政策、新变化、快到期的，每件只推一次")
    push.add_argument(
        "--subscribers", required=True, metavar="文件", help="订阅（JSONL，一行一条）"
    )
    push.add_argument("--since", type=day, metavar="日期", help="该日之后的动态，默认接着上次推送")
    push.add_argument(
        "--out", metavar="文件夹", help="推送结果（JSONL）放在哪里，默认在文件库的 push/out"
    )
    push.add_argument("--settings", metavar="文件", help="提前天数、时间标签、推送形式（YAML）")
    push.add_argument("--purpose", default="精准推送", metavar="用途", help="记入办理日志")
    push.add_argument("--dry-run", action="store_true", help="只试算，不写入，不记为已推送")

    for verb in (match, batch, whatif):
        verb.add_argument("--only", action="append", default=[], metavar="文件[#事项]",
                          help="只匹配这份文件或这个事项，可写多次")  # fmt: skip
    for verb in (match, batch, who, whatif, measures, push):
        verb.add_argument("--on", type=day, metavar="日期", help="判断日，默认今天")
        verb.add_argument(
            "--vocabulary", action="append", metavar="文件",
            default=[each for each in os.environ.get("POLICYLIB_VOCABULARY", "").split(os.pathsep)
                     if each],
            help="本地词表（YAML），可写多次；也可用环境变量 POLICYLIB_VOCABULARY 指定",
        )  # fmt: skip
    for verb in (batch, who, whatif, push):
        verb.add_argument("--by", metavar="经办人", help="记入办理日志，默认为系统用户名")

    schemas = add(
        "schemas", "matching", "数据模式（JSON Schema）：文件头、画像、事项、条件等", library=False
    )
    schemas.add_argument("name", nargs="?", metavar="名称", help="如 profile、measure、condition")


_SUBJECTS = ("person", "household", "enterprise")
_SAID = "person 个人、household 家庭、enterprise 经营主体"
