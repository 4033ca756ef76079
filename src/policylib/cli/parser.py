"""The verbs and their arguments; a verb's code is loaded when it runs."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn, Protocol

from policylib.cli.matching_words import declare as declare_matching
from policylib.errors import ParseError, PolicyLibError
from policylib.workflow.commands import ACTS, ROLES

__all__ = ["WrongUse", "build"]


class _Add(Protocol):
    """Adds a verb: its name, the module of its code, what it is for."""

    def __call__(
        self, name: str, module: str, text: str, *, library: bool = True
    ) -> argparse.ArgumentParser: ...


class WrongUse(PolicyLibError):  # noqa: N818 - the user's slip, not a fault
    """The command was typed wrongly (用法不对)."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese and raises.

    That of a verb which is not the one ``asked`` for takes no arguments: making them takes time.
    """

    asked = True

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        if not self.asked:
            return argparse.Action([], "")
        return super().add_argument(*names, **options)

    def error(self, message: str) -> NoReturn:
        for english, chinese in _SAY:
            message = message.replace(english, chinese)
        raise WrongUse(f"{message}。用法：{' '.join(self.format_usage().split()[1:])}")

    def format_help(self) -> str:
        text = super().format_help()
        for english, chinese in _HEADINGS:
            text = text.replace(english, chinese)
        return text

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = "、".join(map(str, action.choices))
            raise argparse.ArgumentError(action, f"没有“{value}”，可选：{known}")


_HEADINGS = (
    ("usage: ", "用法："),
    ("positional arguments:", "参数："),
    ("options:", "选项："),
)
_SAY = (
    ("the following arguments are required: ", "缺少参数："),
    ("unrecognized arguments: ", "不认识的参数："),
    ("expected one argument", "后面应写一个值，值不能以“-”开头"),
    ("expected at least one argument", "后面至少写一个值"),
    ("not allowed with argument ", "不能同时写 "),
    ("ignored explicit argument ", "不带值，请去掉 "),
    ("argument ", "参数 "),
    ("invalid _setting value: ", "应写作 键=值："),
)


def _verb(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        function = getattr(import_module(f"policylib.cli.{module}"), name)
        code: int = function(arguments)
        return code

    return run


def _day(text: str) -> Any:
    from policylib.text.dates import parse_date

    try:
        return parse_date(text)
    except ParseError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _span(text: str) -> Any:
    from datetime import timedelta

    units = {"d": 1, "w": 7, "m": 30, "y": 365}
    number, unit = (text[:-1], text[-1:]) if text[-1:] in units else (text, "d")
    days = int(number) * units[unit] if number.isdecimal() and len(number) <= 6 else -1
    if not 0 <= days <= 100 * 365:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是期限，请写成如 30d、8w、6m、1y（最长 100 年）"
        )
    return timedelta(days=days)


def _count(text: str) -> int:
    if not (text.isdecimal() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"“{text}”应为零或正整数")
    return int(text)


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ValueError(text)
    return key.strip(), value.strip()


def build(verb: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line: every verb by name, ``verb`` with its arguments.

    Without ``verb`` all have theirs.
    """
    parser = _Parser(
        prog="policylib",
        description="政策文件库：起草、公布、解读、修改、废止，检索与检查",
        add_help=False,
    )
    _help(parser)
    parser.add_argument("--version", action="version", version=_version(), help="显示版本")
    verbs = parser.add_subparsers(dest="verb", metavar="命令", title="命令", required=True)

    def add(name: str, module: str, text: str, *, library: bool = True) -> argparse.ArgumentParser:
        made: _Parser = verbs.add_parser(name, help=text, description=text, add_help=False)
        made.asked = verb in {None, name}
        _help(made)
        made.add_argument("--json", action="store_true", help="输出 JSON")
        if library:
            made.add_argument(
                "--library",
                metavar="文件夹或URL",
                default=os.environ.get("POLICYLIB_LIBRARY"),
                help="文件库；也可用环境变量 POLICYLIB_LIBRARY 指定",
            )
            made.add_argument(
                "--rules",
                metavar="规则集",
                default=os.environ.get("POLICYLIB_RULES"),
                help="规则集名称或文件；也可用环境变量 POLICYLIB_RULES 指定",
            )
            made.add_argument(
                "--chain",
                metavar="审核链",
                default=os.environ.get("POLICYLIB_CHAIN"),
                help="审核链名称，如 三审；也可用环境变量 POLICYLIB_CHAIN 指定",
            )
        made.set_defaults(run=_verb(module, f"run_{name.replace('-', '_')}"))
        return made

    _changing(add)
    _looking(add)
    _tracing(add, whole=verb in {None, "sources"})
    declare_matching(add, _day, _count)
    return parser


def _changing(add: _Add) -> None:
    init = add("init", "writing", "新建文件库")
    init.add_argument("--organs", metavar="文件", help="机关名录（YAML）")
    init.add_argument("--by", metavar="经办人", default="init", help="登记名录的经办人")

    demo = add("demo", "demo", "用示例文件走一遍：导入、公布、检索、到期", library=False)
    demo.add_argument("--library", metavar="文件夹", help="放示例库的文件夹，默认用临时文件夹")

    imp = add("import", "writing", "批量导入文件夹、Markdown 或 JSONL")
    imp.add_argument("paths", nargs="+", metavar="路径")
    imp.add_argument("--released", action="store_true", help="这些文件已经公布（否则按草稿）")
    imp.add_argument("--by", required=True, metavar="经办人")

    new = add("add", "writing", "把一个文件作为草稿加入库中")
    new.add_argument("paths", nargs="+", metavar="文件")
    new.add_argument("--by", required=True, metavar="起草人")
    new.add_argument("--proposed", action="store_true", help="刚立项，还没有文稿")
    for verb in (imp, new):
        verb.add_argument(
            "--repost", action="store_true", help="其他机关的文件转为转载：只存链接，不存正文"
        )
        verb.add_argument(
            "--extract",
            action="store_true",
            help="没有文件头的，从正文提取标题、文号、机构和日期（只取写明的），也读文件夹里的 .txt",
        )

    act = add("act", "writing", "办理：" + "、".join(f"{k} {v}" for k, v in ACTS.items()))
    act.add_argument("act", choices=(*ACTS, *map(str, ACTS.values())), metavar="动作")
    act.add_argument("id", metavar="标识或文号")
    act.add_argument("--by", required=True, metavar="经办人")
    act.add_argument(
        "--role",
        required=True,
        choices=(*ROLES, *map(str, ROLES.values())),
        metavar="角色",
        help="、".join(f"{k} {v}" for k, v in ROLES.items()),
    )
    act.add_argument("--note", metavar="说明")
    act.add_argument("--set", type=_setting, action="append", default=[], metavar="键=值",
                     help="同时设置文件头字段，如 doc_number=青政办〔2026〕8号")  # fmt: skip
    act.add_argument("--body", metavar="文件", help="新的正文（Markdown）")
    act.add_argument("--on", type=_day, metavar="日期", help="自该日起修改、废止、暂停等")
    act.add_argument("--until", type=_day, metavar="日期", help="延续至该日；宣布失效的限期")
    act.add_argument("--provision", metavar="条款", help="所废止或暂停的条款，如 第三条")
    act.add_argument("--made-by", metavar="标识", help="作出决定的文件")
    act.add_argument("--step", metavar="环节", help="办理环节（step）所办的环节，如 专家论证")
    act.add_argument("--conclusion", metavar="结论", help="通过、修改后通过")
    act.add_argument("--measures", metavar="文件",
                     help="登记事项（measures）的事项：YAML、JSON 或带文件头的文件")  # fmt: skip
    act.add_argument(
        "--edition", type=_count, metavar="版次", help="登记哪一版的事项，默认最新一版"
    )
    act.add_argument("--evidence", action="append", default=[], metavar="文件",
                     help="凭据，只记名称、大小和摘要值；可写多次")  # fmt: skip

    done = add("done", "writing", "登记某事项已办结，如 备案期限")
    done.add_argument("id", metavar="标识、文号或机关")
    done.add_argument("duty", metavar="事项")
    done.add_argument("--period", metavar="期间", help="机关事项的年度或季度，如 2025、2026Q1")
    done.add_argument("--on", type=_day, metavar="日期", help="办结的日期，默认今天")
    done.add_argument("--by", required=True, metavar="经办人")
    done.add_argument("--note", metavar="说明")

    merge = add("merge", "merging", "并库：把另一个文件库并入本库，冲突列出而不覆盖")
    merge.add_argument("other", metavar="另一个库", help="文件夹、数据库地址或备份文件，不会被改动")
    merge.add_argument("--apply", action="store_true", help="写入本库；不加只预览")
    merge.add_argument("--drafts", action="store_true", help="连同未公布的文件")
    merge.add_argument("--by", metavar="经办人")

    add("reindex", "writing", "重建检索索引")
    backup = add("backup", "writing", "备份文件库")
    backup.add_argument("target", metavar="备份文件")
    backup.add_argument("--with-key", action="store_true", help="连同同源清单的签名密钥")
    restore = add("restore", "writing", "用备份恢复文件库")
    restore.add_argument("source", metavar="备份文件")


def _looking(add: _Add) -> None:
    lst = add("list", "reading", "列出文件（工作人员）")
    lst.add_argument("--stage", metavar="阶段", help="办理阶段，如 起草、签发、公布")
    lst.add_argument("--limit", type=_count, default=50, metavar="N")
    lst.add_argument("--offset", type=_count, default=0, metavar="N")

    show = add("show", "reading", "显示一份文件")
    show.add_argument("id", metavar="标识或文号")
    show.add_argument("--on", type=_day, metavar="日期", help="显示该日有效的文本")
    show.add_argument("--html", action="store_true", help="正文输出为安全的 HTML")
    show.add_argument("--since", action="store_true", help="每条自何时、由哪份决定改成现在这样")
    show.add_argument("--outline", action="store_true", help="只显示条款结构")

    _history(add)

    pairs = add("pairs", "pairs", "一份政策的意见征集、意见反馈和解读，以及还缺什么")
    pairs.add_argument("id", metavar="标识或文号", help="政策文件，或它的征集、反馈、解读")
    pairs.add_argument("--on", type=_day, metavar="日期")

    procedure = add("procedure", "procedure", "程序环节：办了哪些，还缺哪些，依据是什么")
    procedure.add_argument("id", nargs="?", metavar="标识或文号", help="不写则列出各类文件的程序")
    procedure.add_argument("--on", type=_day, metavar="日期")
    procedure.add_argument("--chains", action="store_true", help="列出规则集中的审核链")

    validity = add("validity", "reading", "某日的时效性及理由")
    validity.add_argument("id", metavar="标识或文号")
    validity.add_argument("--on", type=_day, metavar="日期")

    _search(add("search", "search", "检索已公布的文件"))

    check = add("check", "checking", "检查文件、文件夹或整个库，指出问题和改法")
    check.add_argument("targets", nargs="*", metavar="路径或标识", help="不写则检查整个库")
    check.add_argument(
        "--code", action="append", default=[], metavar="代码", help="只查这些，如 DAT"
    )
    check.add_argument("--on", type=_day, metavar="日期")
    check.add_argument("--codes", action="store_true", help="列出所有检查项")

    due = add("due", "reading", "某日起一段时间内的到期事项")
    due.add_argument("--on", type=_day, metavar="日期")
    due.add_argument(
        "--within", type=_span, default=_span("30d"), metavar="期限", help="如 30d、6m"
    )
    due.add_argument(
        "--back", type=_span, default=_span("90d"), metavar="期限", help="逾期事项往前列多久"
    )
    due.add_argument(
        "--format", choices=("table", "json", "csv", "ics"), default="table", metavar="格式",
        help="table、json、csv、ics（日历）",
    )  # fmt: skip
    due.add_argument(
        "--run", dest="run_now", action="store_true",
        help="自动办理：公布已签发并到期的文件，登记到期提示；供定时任务使用",
    )  # fmt: skip


def _tracing(add: _Add, *, whole: bool) -> None:
    extract = add(
        "extract", "tracing", "从文件正文提取标题、文号、施行日期、废止、依据等", library=False
    )
    extract.add_argument("file", metavar="文件", help="Markdown 或纯文本")

    amend = add("amend", "tracing", "把修改决定落实到原文：两个文件，或库中的两份文件")
    amend.add_argument("id", nargs="?", metavar="标识或文号", help="库中被修改的文件")
    amend.add_argument("--made-by", metavar="标识", help="库中的修改决定")
    amend.add_argument("--by", metavar="经办人", help="写入库中；不写只预览")
    amend.add_argument("--partly", action="store_true", help="有的修改不能落实时，写入其余的")
    amend.add_argument("--base", metavar="文件", help="被修改的原文")
    amend.add_argument("--decision", metavar="文件", help="修改决定")
    amend.add_argument("--title", metavar="标题", help="决定修改几份文件时，原文是哪一份")
    amend.add_argument("--to", metavar="文件", help="把修改后的文本写入新文件")

    links = add(
        "links", "links", "正文写明的文件关系：查看、确认、不采纳、撤销认定，以及受影响的文件"
    )
    links.add_argument("id", metavar="标识或文号")
    links.add_argument("--on", type=_day, metavar="日期")
    decided = links.add_mutually_exclusive_group()
    decided.add_argument(
        "--confirm",
        nargs="*",
        metavar="代号",
        help="确认这些关系；代号=标识 指明是哪一份；全部：可确定的；唯一：只有一份可能的",
    )
    decided.add_argument("--reject", nargs="+", metavar="代号", help="不采纳这些关系")
    decided.add_argument(
        "--retract",
        nargs="+",
        metavar="代号",
        help="撤销这些认定（确认或不采纳），用 --note 写明原因",
    )
    links.add_argument("--by", metavar="经办人")
    links.add_argument("--note", metavar="说明")

    related = add("related", "related", "关联文件：各种关系、同一系列、相似文件，可画成关系图")
    related.add_argument("id", metavar="标识或文号")
    related.add_argument("--on", type=_day, metavar="日期")
    related.add_argument("--limit", type=_count, default=10, metavar="N", help="相似文件列几件")
    related.add_argument("--graph", metavar="文件", help="把关系图写入新文件：.svg 或 .json")
    related.add_argument("--depth", type=_count, default=1, metavar="N", help="关系图画几层")
    related.add_argument(
        "--citing", action="store_true", help="还列出哪些文件的正文引用本文件，引用哪一条"
    )
    related.add_argument("--staff", action="store_true", help="工作人员：包括未公布的文件")

    page = add("page", "pages", "读取政府网页：文件头和正文", library=False)
    page.add_argument("file", metavar="网页文件")
    page.add_argument("--url", metavar="网址", help="网页的地址，用来补全链接")

    sources = add("sources", "sources", "同源发布：清单、拉取、核查", library=False)
    if whole:
        from policylib.cli.sources import declare

        declare(sources)

    diff = add("diff", "tracing", "比对一份文件两日有效的文本")
    diff.add_argument("id", metavar="标识或文号")
    diff.add_argument("--from", dest="since", type=_day, metavar="日期")
    diff.add_argument("--to", dest="until", type=_day, metavar="日期", help="默认今天")
    diff.add_argument("--out", metavar="文件", help="写成花脸稿：.html、.docx（修订）或 .md")
    diff.add_argument("--columns", action="store_true", help="网页左右两栏")


def _history(add: _Add) -> None:
    log = add("log", "history", "办理记录：一份文件的，或全库最近的")
    log.add_argument("id", nargs="?", metavar="标识或文号", help="不写则列出全库最近的记录")
    log.add_argument("--limit", type=_count, metavar="N", help="最近 N 条，全库默认 50 条")
    log.add_argument("--since", type=_day, metavar="日期", help="该日及以后的记录")
    log.add_argument("--export", metavar="文件", help="把全部记录写入新文件，一行一条（JSONL）")
    log.add_argument("--verify", action="store_true", help="核验全部记录是否完整、未被改动")

    timeline = add("timeline", "history", "时间线：一份文件的办理、文本、时效和关系")
    timeline.add_argument("id", metavar="标识或文号")
    timeline.add_argument("--on", type=_day, metavar="日期", help="该日以后的列为今后")
    timeline.add_argument("--svg", metavar="文件", help="画成图，写入新文件")
    timeline.add_argument("--public", action="store_true", help="只含公众可见的内容")

    bundle = add("bundle", "history", "一件一档：把一份文件的全部资料写入一个 zip 文件")
    bundle.add_argument("id", metavar="标识或文号")
    bundle.add_argument("--to", required=True, metavar="文件", help="新的 zip 文件")
    bundle.add_argument("--public", action="store_true", help="只含公众可见的内容")


def _search(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("words", nargs="*", metavar="检索词")
    verb.add_argument("--limit", type=_count, default=10, metavar="N")
    verb.add_argument("--offset", type=_count, default=0, metavar="N")
    for name, text in (
        ("organ", "发布机构"), ("type", "文件类型"), ("kind", "公文种类"), ("form", "文件形式"),
        ("theme", "主题"), ("tag", "标签"), ("audience", "服务对象"), ("validity", "时效性"),
    ):  # fmt: skip
        verb.add_argument(f"--{name}", action="append", default=[], metavar=text)
    verb.add_argument("--from", dest="released_from", type=_day, metavar="日期", help="发布日期起")
    verb.add_argument("--to", dest="released_to", type=_day, metavar="日期", help="发布日期止")
    verb.add_argument("--on", type=_day, metavar="日期", help="时效性按该日计算")
    verb.add_argument(
        "--facet", action="append", default=[], metavar="字段", help="统计，如 issuers"
    )
    verb.add_argument("--sort", default="relevance", metavar="排序",
                      help="relevance、newest、oldest、title")  # fmt: skip
    verb.add_argument("--staff", action="store_true", help="工作人员：包括未公布的文件")


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="显示帮助")


def _version() -> str:
    from policylib import __version__

    return f"policylib {__version__}"
