"""The report of an audit (核查报告): per organ and per column, as JSON, CSV, Markdown and HTML."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from policylib.errors import ParseError
from policylib.model.vocabulary import Severity
from policylib.samesource.auditing import AuditReport
from policylib.samesource.judging import AuditFinding

__all__ = ["FORMATS", "Row", "render", "summary"]

#: What a report can be written as, by the ending of the file.
FORMATS = ("json", "csv", "md", "html")
_COLUMNS = (
    "代码", "严重程度", "页面", "机关", "栏目", "文件标识", "问题", "整改办法", "页面指纹",
    "权威指纹", "差异", "抓取时间",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One organ and column: pages looked over, pages with something to mend, findings by severity."""

    organ: str
    column: str
    pages: int
    drifted: int
    errors: int
    warnings: int
    hints: int


def summary(report: AuditReport) -> tuple[Row, ...]:
    """The report by organ and column, the most drifted pages first."""
    counts: Counter[tuple[str, str, Severity]] = Counter()
    bad: dict[tuple[str, str], set[str]] = {}
    for each in report.findings:
        counts[each.organ, each.column, each.severity] += 1
        if each.severity is not Severity.HINT:
            bad.setdefault((each.organ, each.column), set()).add(each.page)
    rows = [
        Row(
            organ, column, pages, len(bad.get((organ, column), ())),
            counts[organ, column, Severity.ERROR], counts[organ, column, Severity.WARNING],
            counts[organ, column, Severity.HINT],
        )
        for (organ, column), pages in report.pages.items()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.drifted, row.organ, row.column)))


def render(report: AuditReport, form: str) -> bytes:
    """The report in one of :data:`FORMATS`.

    Raises:
        ParseError: another form.

    """
    match form:
        case "json":
            text = json.dumps(_json(report), ensure_ascii=False, indent=1) + "\n"
        case "csv":
            text = _csv(report.findings)
        case "md":
            text = _markdown(report)
        case "html":
            text = _html(report)
        case _:
            raise ParseError(f"不能写成“{form[:20]}”，可用的有：{'、'.join(FORMATS)}")
    return text.encode("utf-8", "replace")


def _json(report: AuditReport) -> dict[str, Any]:
    return {
        "on": report.on.isoformat(),
        "begun": report.begun.isoformat(),
        "ended": report.ended.isoformat() if report.ended else None,
        "pages": sum(report.pages.values()),
        "summary": [
            {name: getattr(row, name) for name in Row.__slots__} for row in summary(report)
        ],
        "findings": [
            each.as_dict()
            | {"severity": str(each.severity), "fix": each.fix}
            | {"organ": each.organ, "column": each.column}
            for each in report.findings
        ],
    }


def _csv(findings: Iterable[AuditFinding]) -> str:
    """A table for a spreadsheet; a cell that would begin a formula is written as text."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for each in findings:
        proof = each.evidence
        row = (
            each.code, each.severity, each.page, each.organ, each.column, each.document or "",
            each.message, each.fix, proof.get("page_digest") or "", proof.get("source_digest") or "",
            "；".join(passage["shown"] for passage in proof.get("passages") or ()),
            proof.get("fetched_at") or "",
        )  # fmt: skip
        writer.writerow([_cell(str(value)) for value in row])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _heading(report: AuditReport) -> str:
    pages = sum(report.pages.values())
    bad = len({each.page for each in report.findings if each.severity is not Severity.HINT})
    return f"核查{pages}个页面，{bad}个页面或栏目有问题，共{len(report.findings)}处；时效性按{report.on}计算"


def _markdown(report: AuditReport) -> str:
    lines = [
        "# 同源发布核查报告",
        "",
        _heading(report),
        "",
        "| 机关 | 栏目 | 页面 | 有问题 | 错误 | 警告 | 提示 |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for row in summary(report):
        cells = (
            _md(row.organ),
            _md(row.column),
            row.pages,
            row.drifted,
            row.errors,
            row.warnings,
            row.hints,
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    page = None
    for each in sorted(report.findings, key=lambda f: (f.organ, f.column, f.page)):
        if each.page != page:
            page = each.page
            lines += ["", f"## {_md(each.page)}", ""]
        lines.append(f"- {each.severity} {each.code}：{_md(each.message)}。{_md(each.fix)}")
        lines += [f"  - {_marked(passage)}" for passage in each.evidence.get("passages") or ()]
        lines.append(f"  - {_proof(each)}")
    return "\n".join([*lines, ""])


def _marked(passage: dict[str, str]) -> str:
    """A passage as a redline in Markdown: what is missing struck out, what is new in bold."""
    gone, come = _md(passage["source"]), _md(passage["page"])
    words = f"{f'~~{gone}~~' if gone else ''}{f'**{come}**' if come else ''}"
    return f"{passage['kind']}：{_md(passage['before'])}{words}{_md(passage['after'])}"


def _md(text: str) -> str:
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _proof(each: AuditFinding) -> str:
    proof = each.evidence
    said = [f"抓取时间 {proof.get('fetched_at', '')}"]
    if proof.get("page_digest"):
        said.append(f"页面指纹 {proof['page_digest'][:16]}")
    if proof.get("source_digest"):
        said.append(f"权威指纹 {proof['source_digest'][:16]}")
    return "，".join(said)


_STYLE = """
body{font:16px/1.7 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .6em;text-align:left}
article{border-top:1px solid #999;margin:1em 0}h3{font-size:1em;overflow-wrap:anywhere}
del{color:#b00020}ins{color:#00600f}
.错误{color:#b00020}.警告{color:#8a5300}.提示{color:#555}small{color:#555;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}del{color:#ff8a80}ins{color:#81c784}.错误{color:#ff8a80}.警告{color:#ffb74d}.提示,small{color:#aaa}}
"""


def _html(report: AuditReport) -> str:
    """A page of its own: no scripts, nothing from outside."""
    rows = "".join(
        f"<tr><td>{escape(row.organ)}</td><td>{escape(row.column)}</td><td>{row.pages}</td>"
        f"<td>{row.drifted}</td><td>{row.errors}</td><td>{row.warnings}</td><td>{row.hints}</td></tr>"
        for row in summary(report)
    )
    parts: list[str] = []
    page = None
    for each in sorted(report.findings, key=lambda f: (f.organ, f.column, f.page)):
        if each.page != page:
            parts.append("</article>" if page is not None else "")
            page = each.page
            parts.append(f"<article><h3>{_link(page)}</h3>")
        parts.append(
            f'<p><b class="{each.severity}">{each.severity} {escape(each.code)}</b> '
            f"{escape(each.message)}<br>{escape(each.fix)}</p>"
        )
        parts += [_redline(passage) for passage in each.evidence.get("passages") or ()]
        parts.append(f"<p><small>{escape(_proof(each))}</small></p>")
    parts.append("</article>" if page is not None else "")
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>同源发布核查报告</title><style>{_STYLE}</style>"
        f"<h1>同源发布核查报告</h1><p>{escape(_heading(report))}</p>"
        "<table><thead><tr><th>机关<th>栏目<th>页面<th>有问题<th>错误<th>警告<th>提示</tr></thead>"
        f"<tbody>{rows}</tbody></table>{''.join(parts)}</html>\n"
    )


def _redline(passage: dict[str, str]) -> str:
    """A passage with what the page lacks struck out and what it adds underlined (花脸)."""
    gone, come = escape(passage["source"]), escape(passage["page"])
    words = f"{f'<del>{gone}</del>' if gone else ''}{f'<ins>{come}</ins>' if come else ''}"
    kind, before, after = (escape(passage[name]) for name in ("kind", "before", "after"))
    return f"<blockquote><small>{kind}</small> {before}{words}{after}</blockquote>"


def _link(page: str) -> str:
    shown = escape(page)
    web = page.startswith(("http://", "https://"))
    return f'<a href="{shown}" rel="noreferrer">{shown}</a>' if web else shown
