"""Verbs on what texts say: extract, amend, links, diff."""

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
    from policylib.library import Library
    from policylib.library.tracing import Compared
    from policylib.model.proposal import Proposal

__all__ = ["run_amend", "run_diff", "run_extract", "run_links"]


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
        ("施行", f"{found['effective']['on'] or ''}（{found['effective']['rule']}）"),
        ("有效期", sunset.get("until") or (f"{sunset['years']:g}年" if sunset else None)),
    ]
    rows += [("题注", f"{each['date']} {each['text']}") for each in found["events"]]
    rows += [("依据", _name(each)) for each in found["basis"]]
    rows += [
        (each["disposition"], _name(each) + ("（部分）" if each["partial"] else ""))
        for each in found["repeals"]
    ]
    table(("项目", "内容"), [row for row in rows if row[1]])
    for problem in (found["clean_up"] or {}).get("problems", ()):
        print(f"- {problem}")
    return 0


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
    if arguments.to:
        from policylib.files.saving import save_new

        save_new(arguments.to, [found.text.encode("utf-8", "surrogatepass")])
        print(f"修改后的文本已写入 {arguments.to}")
    else:
        print(found.text)
    print(f"已执行 {len(found.applied)} 处", file=sys.stderr)
    for each in found.unapplied:
        print(f"未执行：“{clip(each.quote, 60)}”：{each.reason}", file=sys.stderr)
    for note in found.notes:
        print(f"请核对：{note}", file=sys.stderr)
    return 1 if wrong else 0


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
    from policylib.reports.redline import plain
    from policylib.text.comparing import compare

    if not arguments.by:
        before = library.edition(id).body
        print(plain(compare(before, found.text)))
        print(
            f"这是预览。写入库中请加 --by 姓名：policylib amend {id} --made-by {made_by} --by 姓名"
        )
    else:
        print(f"已修改：执行 {len(found.applied)} 处")
    for each in found.unapplied:
        print(f"未执行：“{clip(each.quote, 60)}”：{each.reason}")
    return 1 if wrong else 0


def run_links(arguments: argparse.Namespace) -> int:
    """Relations that a text states: list, confirm, reject; who is touched."""
    library = existing(arguments)
    id = named(library, arguments.id)
    if arguments.confirm is not None or arguments.reject:
        if not arguments.by:
            raise WrongUse("请写明经办人：--by 姓名")
        return _decide(library, id, arguments)
    found, touched = library.proposals(id), library.touched(id, on=arguments.on)
    left = library.unapplied(id, on=arguments.on)
    if arguments.json:
        put_json(
            {
                "proposals": [_proposal(each) for each in found],
                "touched": [
                    {
                        "ended": each.ended.id,
                        "document": each.document.id,
                        "title": each.document.title,
                        "kind": str(each.relation.kind),
                        "validity": each.validity,
                        "todo": each.todo,
                    }
                    for each in touched
                ],
                "unapplied": [
                    {"decision": each.decision.id, "on": each.on, "reason": each.reason,
                     "passages": list(each.passages)}
                    for each in left
                ],
            }
        )  # fmt: skip
        return 0
    table(
        ("代号", "关系", "目标", "可能的文件", "情况", "原文"),
        [
            (
                each.key, each.kind, clip(each.target, 40),
                "、".join(each.candidates) + ("" if each.certain or not each.candidates else "？"),
                each.state, clip(each.quote, 40),
            )
            for each in found
        ],
    )  # fmt: skip
    for one in touched:
        print(f"- {one.ended.title} ← {one.relation.kind}：{one.document.title}（{one.todo}）")
    for effect in left:
        print(f"- 未落实：{effect.decision.title}：{effect.reason}")
    if any(each.state == "待确认" for each in found):
        print(f"确认：policylib links {id} --confirm 代号 --by 姓名；全部可确定的：--confirm 全部")
    return 0


def _decide(library: Library, id: str, arguments: argparse.Namespace) -> int:
    if arguments.reject:
        library.reject(id, arguments.reject, by=arguments.by, note=arguments.note)
        if arguments.json:
            put_json({"rejected": arguments.reject})
        else:
            print(f"不采纳 {len(arguments.reject)} 条")
        return 0
    pairs = [word.partition("=") for word in arguments.confirm]
    every = [key for key, _, _ in pairs] in ([], ["全部"])
    found = library.confirm(
        id,
        None if every else [key for key, _, _ in pairs],
        by=arguments.by,
        note=arguments.note,
        choose={key: named(library, chosen) for key, _, chosen in pairs if chosen},
    )
    if arguments.json:
        put_json({"confirmed": [each.model_dump(mode="json") for each in found]})
    else:
        print(f"已确认 {len(found)} 条")
    return 0


def _proposal(each: Proposal) -> dict[str, Any]:
    return {"key": each.key, **each.model_dump(mode="json", exclude_none=True)}


def run_diff(arguments: argparse.Namespace) -> int:
    """The texts of two days compared."""
    library = existing(arguments)
    id = named(library, arguments.id)
    if arguments.since is None:
        raise WrongUse("请写明比对哪两天：--from 2024-01-01 --to 2026-01-01")
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

    if sys.stdout.isatty():
        put_segments(terminal(found.comparison))
    else:
        print(plain(found.comparison), end="")
    return 0


def _write(library: Library, id: str, found: Compared, arguments: argparse.Namespace) -> int:
    """The redline as a file: .html, .docx or .md."""
    from policylib.files.saving import save_new

    title = library.document(id).title
    names = tuple(f"第{each.number}版" for each in (found.before, found.after))
    suffix = Path(arguments.out).suffix.lower()
    if suffix in {".html", ".htm"}:
        from policylib.reports.redline_html import Layout, to_html

        layout = Layout.COLUMNS if arguments.columns else Layout.INLINE
        page = to_html(found.comparison, title=title, layout=layout, names=(names[0], names[1]))
        data = page.encode("utf-8", "replace")
    elif suffix == ".docx":
        from policylib.reports.redline_docx import to_docx

        now = datetime.now().astimezone()
        data = to_docx(found.comparison, author="policylib", at=now, title=title)
    elif suffix == ".md":
        from policylib.reports.redline import markdown

        data = markdown(found.comparison, title=title).encode("utf-8", "replace")
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
    if not path.is_file():
        raise WrongUse(f"找不到“{path}”，请检查路径")
    text, *_ = decode(path.read_bytes())
    return _HEAD.sub("", text, count=1)
