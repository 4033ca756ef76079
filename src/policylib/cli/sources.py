"""The verb ``sources``: publish, pull, audit, keys, repost, authorities (同源发布)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.cli.parser import WrongUse

if TYPE_CHECKING:
    from policylib.library import Library
    from policylib.samesource.auditing import AuditReport
    from policylib.samesource.fetched import Limits
    from policylib.samesource.subscribing import Pulled

__all__ = ["declare", "run_sources"]


def declare(verb: argparse.ArgumentParser) -> None:
    """The arguments of the verb: one sub-action each, with its own ``--library`` and ``--json``."""
    actions = verb.add_subparsers(dest="action", metavar="动作", title="动作", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=text, description=text, add_help=False)
        action.add_argument("-h", "--help", action="help", help="显示帮助")
        action.add_argument("--json", action="store_true", help="输出 JSON")
        for flag, shown, variable, said in (
            ("--library", "文件夹或URL", "POLICYLIB_LIBRARY", "文件库"),
            ("--rules", "规则集", "POLICYLIB_RULES", "规则集名称或文件"),
            ("--chain", "审核链", "POLICYLIB_CHAIN", "审核链名称"),
        ):
            action.add_argument(
                flag, metavar=shown, default=os.environ.get(variable),
                help=f"{said}；也可用环境变量 {variable} 指定",
            )  # fmt: skip
        return action

    publish = add("publish", "发布同源清单：写入文件夹，原样放到网站上即可")
    publish.add_argument("folder", metavar="文件夹")
    publish.add_argument("--authority", metavar="机关", help="本库是哪个机关的，默认按名录的 own")
    publish.add_argument("--address", metavar="网址", help="权威文件库的网址，默认按名录")
    publish.add_argument(
        "--at-least", type=_number, default=0, metavar="N", help="版本号接在 N 之后（换机器时用）"
    )

    pull = add("pull", "拉取其他机关的同源清单，更新转载")
    pull.add_argument(
        "address",
        nargs="*",
        metavar="来源",
        help="网址、文件夹、zip 或名录中的机关；不写则拉取名录中全部",
    )
    pull.add_argument("--pin", metavar="指纹", help="信任这个公钥，须先向发布机关核对")
    pull.add_argument("--allow-private", action="store_true", help="允许访问内部网络的地址")

    audit = add("audit", "同源核查：页面与权威文本是否一致")
    audit.add_argument(
        "targets", nargs="+", metavar="网页", help="网址、网页文件、文件夹或网址清单（txt、csv）"
    )
    audit.add_argument("--on", type=_day, metavar="日期", help="时效性和文本按该日计算")
    audit.add_argument(
        "--name", default="audit", metavar="名称", help="核查的名称，中断后按它接着做"
    )
    audit.add_argument("--out", action="append", default=[], metavar="文件",
                       help="报告：.html、.md、.csv 或 .json，可写多次")  # fmt: skip
    audit.add_argument("--links", action="store_true", help="同时检查死链错链")
    audit.add_argument("--link-only", action="store_true", help="转载只许链接，照抄全文的也列出")
    audit.add_argument("--copies", action="store_true", help="同一机关重复发布的正文也列出")
    audit.add_argument(
        "--delay", type=_seconds, metavar="秒", help="同一网站两次访问的间隔，默认 0.5"
    )
    audit.add_argument("--workers", type=_number, default=8, metavar="N", help="同时访问几个网页")
    audit.add_argument(
        "--largest", type=_number, metavar="字节", help="一个网页最多多少字节，默认 10000000"
    )
    audit.add_argument("--allow-private", action="store_true", help="允许访问内部网络的地址")

    keys = add("keys", "查看签名公钥的指纹，生成或更换密钥")
    keys.add_argument("--new", action="store_true", help="生成密钥；已有的由旧密钥签名更换")

    repost = add("repost", "转载其他机关的文件：只有链接，没有正文")
    repost.add_argument("targets", nargs="+", metavar="文号、标识或文件",
                        help="已拉取的文件；或要转为转载的 Markdown 文件（与 --to 同用）")  # fmt: skip
    repost.add_argument("--by", metavar="经办人", help="作为草稿加入库中")
    repost.add_argument("--to", metavar="文件夹", help="写成转载文件，不加入库中")
    repost.add_argument("--view", action="store_true", help="显示库中转载今天的标题、文号和时效性")

    authorities = add("authorities", "权威来源名录：查看，或换用新的名录文件")
    authorities.add_argument("file", nargs="?", metavar="文件", help="YAML")


def _number(text: str) -> int:
    if not (text.isdecimal() and len(text) <= 12):
        raise argparse.ArgumentTypeError(f"“{text[:40]}”应为零或正整数")
    return int(text)


def _seconds(text: str) -> float:
    try:
        found = float(text[:12])
    except ValueError:
        found = -1.0
    if not 0 <= found <= 3_600:
        raise argparse.ArgumentTypeError(f"“{text[:40]}”应为 0 到 3600 的秒数")
    return found


def _day(text: str) -> Any:
    from policylib.errors import ParseError
    from policylib.text.dates import parse_date

    try:
        return parse_date(text)
    except ParseError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run_sources(arguments: argparse.Namespace) -> int:
    """One text, one source: see the sub-actions."""
    from policylib.cli.output import existing

    library = existing(arguments)
    actions: dict[str, Callable[[Any, argparse.Namespace], int]] = {
        "publish": _publish, "pull": _pull, "audit": _audit, "keys": _keys, "repost": _repost,
        "authorities": _authorities,
    }  # fmt: skip
    return actions[arguments.action](library, arguments)


def _publish(library: Library, arguments: argparse.Namespace) -> int:
    from policylib.cli.output import put_json

    done = library.publish_sources(
        arguments.folder, authority=arguments.authority, address=arguments.address,
        at_least=arguments.at_least,
    )  # fmt: skip
    if arguments.json:
        put_json(asdict(done))
    elif not done.changed:
        print(f"没有变化，仍为第{done.version}版，共{done.documents}份文件")
    else:
        print(
            f"已发布第{done.version}版：{done.documents}份文件，写入{done.segments_written}个分段"
        )
        print(f"公钥指纹：{_spaced(done.fingerprint)}")
    if not arguments.json and not done.documents and library.documents(limit=1):
        print(
            "提示：清单是空的。按权威来源名录，库中没有一份公开文件归本库；请核对名录的 own 和 covers，"
            "用 policylib sources authorities 查看"
        )
    return 0


def _pull(library: Library, arguments: argparse.Namespace) -> int:
    from policylib.cli.output import bar, put_json

    if arguments.pin and len(arguments.address) != 1:
        raise WrongUse(
            "--pin 只信任一个机关的公钥，请写明是哪一份清单：sources pull 机关或网址 --pin 指纹"
        )
    before = {view.id: view for view in library.repost_views()}
    failed: list[Exception] = []
    done: list[Pulled] = []
    if arguments.address:
        for address in arguments.address:
            with bar("拉取", None, quiet=arguments.json) as tick:
                step = (lambda _done, _all, tick=tick: tick(1)) if tick else None
                limits = _limits(arguments)
                done.append(
                    library.pull_sources(address, pin=arguments.pin, limits=limits, progress=step)
                )
    else:
        for each in library.pull_all_sources(limits=_limits(arguments)):
            (failed if isinstance(each, Exception) else done).append(each)  # type: ignore[arg-type]
    changed = [
        view for view in library.repost_views()
        if view.id not in before or before[view.id].validity is not view.validity
    ]  # fmt: skip
    if arguments.json:
        reposts = [view.as_dict() for view in changed]
        put_json({"pulled": [asdict(each) for each in done], "reposts": reposts,
                  "failed": [str(each) for each in failed]})  # fmt: skip
        return 1 if failed else 0
    for each in done:
        _print_pulled(each)
    for view in changed:
        print(f"- 转载《{view.title}》：{view.validity}（{view.reason}）")
    if not (done or failed):
        print("权威来源名录中没有可拉取的清单；请写明清单网址，或在名录中写 manifest")
    for error in failed:
        print(f"错误：{error}", file=sys.stderr)
    return 1 if failed else 0


def _print_pulled(done: Pulled) -> None:
    if done.before == done.version:
        print(f"{done.authority}：没有变化，第{done.version}版，{done.documents}份文件")
    else:
        print(
            f"{done.authority}：第{done.version}版，{done.documents}份文件；"
            f"新增{len(done.added)}，变化{len(done.changed)}，移出{len(done.removed)}"
        )
    for notice in done.notices:
        print(f"提示：{notice}")


def _limits(arguments: argparse.Namespace) -> Limits:
    from policylib.samesource.fetched import Limits

    given = {
        "private": arguments.allow_private,
        "delay": getattr(arguments, "delay", None),
        "largest": getattr(arguments, "largest", None),
    }
    return Limits(**{name: value for name, value in given.items() if value is not None})


def _audit(library: Library, arguments: argparse.Namespace) -> int:
    from policylib.cli.output import bar, put_json, table
    from policylib.samesource.auditing import targets
    from policylib.samesource.reporting import FORMATS, summary

    files = [Path(name) for name in arguments.out]
    for file in files:
        if file.suffix[1:].lower() not in FORMATS:
            raise WrongUse(f"报告“{file.name}”的扩展名应为 {'、'.join('.' + f for f in FORMATS)}")
    every = list(targets(arguments.targets))
    with bar("核查", 2 * len(every), quiet=arguments.json) as tick:
        report = library.audit_sources(
            map(str, every), on=arguments.on, name=arguments.name, limits=_limits(arguments),
            links=arguments.links, link_only=arguments.link_only, copies=arguments.copies,
            workers=min(max(arguments.workers, 1), 32),
            progress=(lambda step, _done, _all: tick(step != "链接")) if tick else None,
        )  # fmt: skip
    _write(report, files)
    if arguments.json:
        put_json([each.as_dict() for each in report.findings])
    else:
        rows = [
            (each.code, each.severity, each.page, each.document or "", each.message)
            for each in report.findings
        ]
        if rows:
            table(("代码", "程度", "页面", "文件", "问题"), rows)
        table(
            ("机关", "栏目", "页面", "有问题"),
            [(row.organ, row.column, row.pages, row.drifted) for row in summary(report)],
        )
        print(
            f"抓取 {report.fetched} 页，此前已有 {report.resumed} 页；代码的依据和证据见 --out 报告"
        )
    return 1 if report.drifted else 0


def _write(report: AuditReport, files: list[Path]) -> None:
    from policylib.files.saving import save_new
    from policylib.samesource.reporting import render

    for file in files:
        save_new(file, [render(report, file.suffix[1:].lower())])


def _keys(library: Library, arguments: argparse.Namespace) -> int:
    from policylib.cli.output import put_json

    print_ = library.new_source_key() if arguments.new else library.source_key()
    if arguments.json:
        put_json({"fingerprint": print_})
    elif print_ is None:
        print("还没有签名密钥，生成请运行：policylib sources keys --new")
    else:
        print(f"公钥指纹：{_spaced(print_)}")
        print(f"密钥在 {library.sources_folder}，请备份并妥善保管")
    return 0


def _spaced(text: str) -> str:
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def _repost(library: Library, arguments: argparse.Namespace) -> int:
    from policylib.cli.output import put_json

    if arguments.view:
        views = [library.repost_view(id).as_dict() for id in arguments.targets]
        if arguments.json:
            put_json(views)
        for view in () if arguments.json else views:
            number = view["doc_number"] or "无文号"
            print(f"《{view['title']}》（{number}）：{view['validity']}，{view['reason']}")
        return 0
    if bool(arguments.by) == bool(arguments.to):
        raise WrongUse("请写明 --by 姓名（作为草稿加入库中）或 --to 文件夹（写成文件）")
    done = [
        library.repost(target, by=arguments.by)
        if arguments.by
        else _to_file(library, target, Path(arguments.to))
        for target in arguments.targets
    ]
    if arguments.json:
        put_json({"reposts": done})
    else:
        for each in done:
            print(f"已转载：{each}")
        if arguments.by:
            print("转载已作为草稿加入库中，审核、签发、公布以后公众可见")
    return 0


def _to_file(library: Library, target: str, folder: Path) -> str:
    from policylib.files.documentfile import DocumentFile
    from policylib.files.saving import save_new

    path = Path(target)
    if path.is_file():
        file, name = (
            library.as_repost(DocumentFile.parse(path.read_bytes(), name=path.name)),
            path.name,
        )
    else:
        file = library.repost_file(target)
        name = f"{(file.header.id or '转载').replace('/', '_').replace(chr(92), '_')[:80]}.md"
    save_new(folder / name, [file.to_bytes()])
    return str(folder / name)


def _authorities(library: Library, arguments: argparse.Namespace) -> int:
    from policylib.cli.output import put_json, table

    found = library.set_authorities(arguments.file) if arguments.file else library.authorities()
    shares = library.owned_by()
    if arguments.json:
        listed = [each.model_dump(mode="json", exclude_defaults=True) for each in found]
        put_json({"own": list(found.own), "authorities": listed, "documents": shares})
        return 0
    rows = [
        (each.name, "本库" if found.is_own(each) else "", shares.get(each.name, 0), each.valid_from,
         each.valid_to, each.successor, each.manifest)
        for each in found
    ]  # fmt: skip
    table(("机关", "", "库中文件", "自", "至", "承继", "清单"), rows)
    if nobody := shares.get("", 0):
        print(f"另有 {nobody} 份文件，名录没有写明归谁")
    return 0
