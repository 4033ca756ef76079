"""Verbs on what texts say: extract, amend, diff."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.cli.output import clip, existing, put_json, put_segments, table
from policylib.cli.parser import WrongUse
from policylib.cli.reading import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policylib.amending import Amended
    from policylib.library import Library
    from policylib.library.tracing import Compared
    from policylib.model.document import Edition

__all__ = ["run_amend", "run_diff", "run_extract"]


def run_extract(arguments: argparse.Namespace) -> int:
    """Read what a document says of itself and of others."""
    from policylib.reading import extract

    told = extract(_text(arguments.file))
    found = told.as_dict()
    if arguments.json:
        put_json(found)
        return 0
    sunset = found["sunset"] or {}
    rows: list[tuple[str, Any]] = [
        ("标题", found["title"]),
        ("发文字号", found["doc_number"]),
        ("发文机关", "、".join(found["issuers"])),
        ("成文日期", found["written_on"]),
        ("施行", _effect(found["effective"])),
        ("有效期", sunset.get("until") or (f"{sunset['years']:g}年" if sunset else None)),
    ]
    rows += [("题注", f"{each['date']} {each['text']}") for each in found["events"]]
    rows += [("依据", _name(each)) for each in found["basis"]]
    rows += [
        (each["disposition"], _name(each) + ("（部分）" if each["partial"] else ""))
        for each in found["repeals"]
    ]
    rows = [row for row in rows if row[1]]
    if rows:
        table(("项目", "内容"), rows)
    else:
        print("没有读到标题、文号、日期、依据等，请核对这是不是政策文件的正文")
    for problem in (found["clean_up"] or {}).get("problems", ()):
        print(f"- {problem}")
    return 0


_RULES = {
    "explicit": "正文写明",
    "on_即日": "即日起施行",
    "month": "正文只写到月",
    "day_without_year": "正文没有写年份",
    "deferred": "施行日期另行公布",
    "header_only": "题注写明",
}


def _effect(effective: dict[str, Any]) -> str | None:
    """From when, and how that is known, as an officer reads it; see ``reading/effect.py``."""
    on, rule = effective["on"], str(effective["rule"])
    if rule == "none":
        return None
    said = _RULES.get(rule)
    if rule.startswith("after_"):
        said = f"自{rule.removeprefix('after_')}后一段时间起施行"
    elif said is None:
        said = f"自{rule.removeprefix('on_')}起施行"
    return f"{on}（{said}）" if on else said


def _name(each: dict[str, Any]) -> str:
    title = f"《{each['title']}》" if each["title"] else ""
    number = each["doc_number"] or ""
    return f"{title}（{number}）" if title and number else title or number


def run_amend(arguments: argparse.Namespace) -> int:
    """Apply a decision to a base text; 1 when something could not be applied."""
    from policylib.amending import amend

    if arguments.id or arguments.made_by:
        return _amend_in_library(arguments)
    if not arguments.base or not arguments.decision:
        raise WrongUse("请写明 --base 原文 和 --decision 修改决定，或文件标识和 --made-by 决定")
    found = amend(_text(arguments.base), _text(arguments.decision), title=arguments.title)
    wrong = bool(found.unapplied) or not found.applied
    if arguments.json:
        put_json(found.as_dict())
        return 1 if wrong else 0
    if not found.applied:
        print("没有执行任何修改，原文不变", file=sys.stderr)
        if not found.unapplied:
            print("决定中没有读到修改指令，请核对 --decision 是不是修改决定", file=sys.stderr)
    elif arguments.to:
        from policylib.files.saving import save_new

        save_new(arguments.to, [found.text.encode("utf-8", "surrogatepass")])
        short = f"，其中 {len(found.unapplied)} 处没有执行，不是完整的新文本"
        print(f"修改后的文本已写入 {arguments.to}" + (short if found.unapplied else ""))
    else:
        print(found.text)
    print(f"已执行 {len(found.applied)} 处", file=sys.stderr)
    for line in _left_out(found):
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _left_out(found: Amended) -> Iterator[str]:
    """What was not carried out, with its place in the decision, and what is to be looked at."""
    for each in found.unapplied:
        place = f"决定第{each.span.start + 1}—{each.span.end}字"
        yield f"未执行（{place}）：“{clip(each.quote, 60)}”：{each.reason}"
    for note in found.notes:
        yield f"请核对：{note}"


def _amend_in_library(arguments: argparse.Namespace) -> int:
    """Apply a released decision to a document of the library."""
    if not (arguments.id and arguments.made_by):
        raise WrongUse("请写明文件标识和 --made-by 修改决定")
    library = existing(arguments)
    id, made_by = named(library, arguments.id), named(library, arguments.made_by)
    if arguments.by:
        found = library.apply_amendment(id, made_by, by=arguments.by, partly=arguments.partly)
    else:
        found = library.amended(id, made_by)
    wrong = bool(found.unapplied) or not found.applied
    if arguments.json:
        put_json(found.as_dict())
        return 1 if wrong else 0
    from policylib.reports.redline import laid_out, plain
    from policylib.text.comparing import compare

    if not arguments.by:
        before = library.editions(id)[-1].body
        print(plain(compare(laid_out(before), laid_out(found.text))))
        print(
            f"这是预览。写入库中请加 --by 姓名：policylib amend {id} --made-by {made_by} --by 姓名"
        )
    else:
        print(f"已修改：执行 {len(found.applied)} 处")
        _next_steps(library, id, made_by)
    for line in _left_out(found):
        print(line)
    return 1 if wrong else 0


def _next_steps(library: Library, id: str, made_by: str) -> None:
    """What an officer looks at once a new text is entered."""
    if library.editions(id)[-1].measures:
        print(f"- 事项仍是修改前登记的，请核对：policylib check {id} --code MEA")
    for each in library.left_behind(id):
        print(f"- 请核对引用：{each.document.id}“{clip(each.quote, 60)}”：{each.said}")
    print(
        f"- 受影响的文件：policylib links {made_by}；修改前后对照：policylib diff {id} --from 日期"
    )


def run_diff(arguments: argparse.Namespace) -> int:
    """The texts of two days compared."""
    library = existing(arguments)
    id = named(library, arguments.id)
    if arguments.since is None:
        raise WrongUse("请写明比对哪两天：--from 2024-01-01 --to 2026-01-01")
    if arguments.until and arguments.until < arguments.since:
        raise WrongUse(f"--from（{arguments.since}）晚于 --to（{arguments.until}），请对调")
    found = library.compare(id, arguments.since, arguments.until)
    if arguments.out:
        return _write(library, id, found, arguments)
    if arguments.json:
        said = found.comparison
        counts = {str(kind): count for kind, count in said.counts().items()}
        put_json(
            {
                "id": id,
                "from": {"edition": found.before.number, "since": found.before.effective_on},
                "to": {"edition": found.after.number, "since": found.after.effective_on,
                       "made_by": found.after.made_by},
                "same": said.same,
                "counts": counts,
                "changes": [each.as_dict() for each in said.changes() if str(each.kind) != "不变"],
            }
        )  # fmt: skip
        return 0
    from policylib.reports.redline import plain, terminal

    print(f"{_edition(library, found.before)} → {_edition(library, found.after)}")
    comparison = found.for_reading()
    if sys.stdout.isatty():
        put_segments(terminal(comparison))
    else:
        print(plain(comparison), end="")
    return 0


def _edition(library: Library, edition: Edition) -> str:
    """第2版（自2025-10-01，依据青政〔2025〕9号）: which text stands on a side."""
    since = f"自{edition.effective_on}" if edition.effective_on else ""
    by = ""
    if edition.made_by:
        maker = library.document(edition.made_by)
        by = f"依据{maker.doc_number or maker.id}"
    said = "，".join(filter(None, (since, by)))
    return f"第{edition.number}版" + (f"（{said}）" if said else "")


def _write(library: Library, id: str, found: Compared, arguments: argparse.Namespace) -> int:
    """The redline as a file: .html, .docx or .md."""
    from policylib.files.saving import save_new

    title = library.document(id).title
    names = _edition(library, found.before), _edition(library, found.after)
    comparison = found.for_reading()
    suffix = Path(arguments.out).suffix.lower()
    if suffix in {".html", ".htm"}:
        from policylib.reports.redline_html import Layout, to_html

        layout = Layout.COLUMNS if arguments.columns else Layout.INLINE
        page = to_html(comparison, title=title, layout=layout, names=names)
        data = page.encode("utf-8", "replace")
    elif suffix == ".docx":
        from policylib.reports.redline_docx import to_docx

        maker = found.after.made_by
        author = (library.document(maker).doc_number or maker) if maker else "policylib"
        now = datetime.now().astimezone()
        data = to_docx(comparison, author=author, at=now, title=title)
    elif suffix == ".md":
        from policylib.reports.redline import markdown

        data = markdown(comparison, title=title).encode("utf-8", "replace")
    else:
        raise WrongUse("比对结果可写成 .html、.docx 或 .md 文件，请改后缀")
    save_new(arguments.out, [data])
    if arguments.json:
        put_json({"id": id, "file": arguments.out})
    else:
        print(f"已写入 {arguments.out}")
    return 0


_HEAD = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*\r?\n", re.MULTILINE | re.DOTALL)


def _text(name: str) -> str:
    """The text of a file, without its YAML head where it has one."""
    from policylib.files.documentfile import decode

    path = Path(name)
    if path.is_dir():
        raise WrongUse(f"“{path}”是文件夹，请写明其中的一个文件")
    if not path.is_file():
        raise WrongUse(f"找不到“{path}”，请检查路径")
    try:
        text, *_ = decode(path.read_bytes())
    except OSError:
        raise WrongUse(f"“{path}”读不出来，请核对文件的读取权限") from None
    body = _HEAD.sub("", text, count=1)
    if not body.strip():
        raise WrongUse(f"“{path}”里没有正文，请核对文件是否完整")
    return body
