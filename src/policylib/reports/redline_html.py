"""The difference of two texts as a page of its own (网页花脸稿): in one column, or side by side.

The page loads nothing and runs nothing; all of both texts is in it as text. What is gone and what
is new is told by element, line and words for screen readers, not by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from html import escape

from policylib.reports.redline import Folded, Passage, passages, shown, summary_of
from policylib.text.comparing import Comparison
from policylib.text.wording import Edit, Op

__all__ = ["Layout", "to_html"]


class Layout(StrEnum):
    """How the two texts stand on the page (版式)."""

    INLINE = "合并"
    COLUMNS = "对照"


_TAGS = {Op.GONE: "del", Op.NEW: "ins"}
_COLOURS = """
:root{color-scheme:light dark;--page:#fff;--ink:#1f2328;--quiet:#57606a;--rule:#d0d7de;
--gone:#ffebe9;--gone-ink:#82071e;--new:#dafbe1;--new-ink:#044f1e}
@media(prefers-color-scheme:dark){:root{--page:#0d1117;--ink:#e6edf3;--quiet:#9aa4af;--rule:#30363d;
--gone:#4b1113;--gone-ink:#ffdcd7;--new:#12361f;--new-ink:#aff5b4}}
@media print{:root{--page:#fff;--ink:#000;--quiet:#444;--rule:#999;--gone:#fff;--new:#fff}}
"""
_STYLE = (
    _COLOURS
    + """
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--page);color:var(--ink);
font:1.05rem/1.8 "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.4rem}h2{font-size:1rem;color:var(--quiet);margin:1.2rem 0 .2rem}
summary,.about,caption,th{color:var(--quiet);font-size:.95rem;text-align:left}
.text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
section,details{border-top:1px solid var(--rule);padding:.3rem 0}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{border:1px solid var(--rule);padding:.4rem .6rem;vertical-align:top;overflow-wrap:anywhere}
col.where{width:9rem}
del{background:var(--gone);color:var(--gone-ink);text-decoration:line-through}
ins{background:var(--new);color:var(--new-ink);text-decoration:underline}
del,ins{unicode-bidi:isolate}
del::before,del::after,ins::before,ins::after{position:absolute;width:1px;height:1px;
overflow:hidden;clip-path:inset(50%);white-space:nowrap}
del::before{content:" [删除开始] "}del::after{content:" [删除结束] "}
ins::before{content:" [新增开始] "}ins::after{content:" [新增结束] "}
"""
)


def to_html(
    comparison: Comparison,
    *,
    title: str = "文本比对",
    layout: Layout = Layout.INLINE,
    context: int | None = 1,
    names: tuple[str, str] = ("修改前", "修改后"),
) -> str:
    """A page that shows the difference (网页花脸稿), whole and safe for any text.

    Provisions further than ``context`` from a change are folded, to be opened by the reader;
    ``None`` folds nothing. ``names`` say what is compared with what, and head the two columns.
    """
    told = passages(comparison, context=context)
    body = _table(told, names) if layout is Layout.COLUMNS else _sections(told)
    head = _text(" ".join(title.split()))
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
            f"<title>{head}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            f'<h1>{head}</h1>\n<p class="about">{_text(" → ".join(names))}</p>\n',
            f'<p class="about">{_text(summary_of(comparison))}</p>\n',
            *body,
            "</main>\n</body>\n</html>\n",
        )
    )


def _sections(told: Iterable[Passage | Folded]) -> Iterator[str]:
    for each in told:
        if isinstance(each, Folded):
            yield f"<details>\n<summary>{_text(each.heading)}</summary>\n"
            yield from (_block(passage.edits) for passage in each.passages)
            yield "</details>\n"
        else:
            yield f"<section>\n<h2>{_text(each.heading)}</h2>\n{_block(each.edits)}</section>\n"


def _table(told: Iterable[Passage | Folded], names: tuple[str, str]) -> Iterator[str]:
    yield '<table>\n<caption>条文对照</caption>\n<colgroup><col class="where"><col><col></colgroup>\n'
    heads = ("条款", *names)
    cells = "".join(f'<th scope="col">{_text(" ".join(name.split()))}</th>' for name in heads)
    yield f"<thead>\n<tr>{cells}</tr>\n</thead>\n<tbody>\n"
    for each in told:
        if isinstance(each, Folded):
            yield f'<tr><td colspan="3"><details>\n<summary>{_text(each.heading)}</summary>\n'
            yield from (_block(passage.edits) for passage in each.passages)
            yield "</details></td></tr>\n"
            continue
        old, new = (
            _block(edit for edit in each.edits if edit.op is not op) for op in (Op.NEW, Op.GONE)
        )
        yield f'<tr><th scope="row">{_text(each.heading)}</th><td>{old}</td><td>{new}</td></tr>\n'
    yield "</tbody>\n</table>\n"


def _block(edits: Iterable[Edit]) -> str:
    words: list[str] = []
    for op, text in edits:
        tag = _TAGS.get(op)
        words.append(f"<{tag}>{_text(text)}</{tag}>" if tag else _text(text))
    return f'<div class="text">{"".join(words)}</div>\n'


def _text(text: str) -> str:
    return escape(shown(text))
