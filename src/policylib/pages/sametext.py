"""Whether a page has the text of its source (正文同源), title, release note and imprint aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policylib.model.document import Header
from policylib.model.vocabulary import Severity
from policylib.pages.normal import normal_form
from policylib.pages.page import Page
from policylib.pages.passages import Passage, PassageKind, Text, differences
from policylib.pages.source import Drift, DriftCode, Source, title_form

__all__ = ["bare", "check_text"]

_RED_HEAD = re.compile(r"[\u3400-\u9fff]{2,40}(?:文件|公报)(?=[\u3400-\u9fff])")
_RELEASE_NOTE = re.compile(
    r"\((?:此件|本件)[^()]{1,16}\)\Z|公开(?:属性|方式):[\u3400-\u9fff]{2,8}\Z"
)
_IMPRINT = re.compile(
    r"(?:抄送|分送|主送):[^<>]{1,600}\Z|[\u3400-\u9fff]{4,30}[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日印发\Z"
)
_LIST_WORDS = re.compile(r"[附件表下载相关:.、,;()0-9一二三四五六七八九十\-]*\Z")
_EXTENSION = re.compile(r"\.(?:docx?|pdf|xlsx?|wps|et|ofd|zip|rar|pptx?|jpe?g|png)", re.I)
_LEAST_COPY = 200
_REFERENCE = 80


def check_text(page: Page, source: Source, *, own: bool) -> Iterator[Drift]:
    """What of the text has drifted (正文比对); ``own``: the page is the authority's own."""
    if source.body is None or not page.body.strip():
        return
    ours = Text(page.body)
    linked = page.source_link is not None or bool(page.links)
    if (
        linked
        and len(ours.form) < _REFERENCE
        and len(ours.form) * 2 < len(normal_form(source.body))
    ):
        return  # the page refers to the text and has none
    if source.link_only and not own and len(ours.form) >= _LEAST_COPY:
        yield Drift(
            DriftCode.COPY,
            Severity.WARNING,
            "页面抄录了全文，按要求转载只应链接到权威文件库",
            "删去正文，改为链接",
        )
    passages = _compare(page, ours, source, source.body)
    if not passages:
        return
    for older in source.older:
        if not _compare(page, ours, source, older):
            yield Drift(
                DriftCode.OLD_TEXT,
                Severity.ERROR,
                "页面的正文是修改以前的旧文本",
                "换成现行文本，或者改为链接",
                passages=passages,
            )
            return
    yield Drift(
        DriftCode.TEXT,
        Severity.ERROR,
        f"正文与权威文本有{len(passages)}处不一致，第一处：{passages[0]}"
        if len(passages) < 20
        else f"正文与权威文本多处不一致，第一处：{passages[0]}",
        "按权威文本更正正文，或者改为链接",
        passages[0].source,
        passages[0].page,
        passages,
    )


def _compare(page: Page, ours: Text, source: Source, body: str) -> tuple[Passage, ...]:
    theirs = Text(body)
    _narrow(ours, theirs, page, source.header)
    if ours.compared == theirs.compared:
        moved = _shifted_cells(page.body, body)
        return (moved,) if moved else ()
    names = [_EXTENSION.sub("", normal_form(a.name)) for a in page.attachments]
    names.sort(key=len, reverse=True)
    return tuple(p for p in differences(theirs, ours) if not _is_list(p, names))


def _narrow(ours: Text, theirs: Text, page: Page, header: Header) -> None:
    """Leave out what stands around a text in one copy only.

    Above: its title and number. Below: the release note and the imprint (版记).
    """
    heads = [normal_form(header.title), title_form(header.title), normal_form(page.header.title)]
    for number in (header.doc_number, page.header.doc_number):  # they are compared as such
        if number:
            heads += [normal_form(number), f"({normal_form(number)})"]
    for text in (ours, theirs):
        text.start, text.end = 0, len(text.form)
        _skip_head(text, [head for head in heads if head])
    for pattern in (_RELEASE_NOTE, _IMPRINT, _IMPRINT, _RELEASE_NOTE):
        mine, yours = (
            pattern.search(t.form[max(t.start, t.end - 700) : t.end]) for t in (ours, theirs)
        )
        if bool(mine) == bool(yours):
            continue
        text, match = (ours, mine) if mine else (theirs, yours)
        if match:
            text.end -= match.end() - match.start()


def bare(text: Text, heads: Iterable[str | None]) -> Text:
    """Leave out of a text what may stand around it: ``heads`` (titles, numbers), note and imprint."""
    forms = [form for head in heads if head for form in (normal_form(head), title_form(head))]
    text.start, text.end = 0, len(text.form)
    _skip_head(text, [*filter(None, forms), *(f"({form})" for form in forms if form)])
    for pattern in (_RELEASE_NOTE, _IMPRINT, _IMPRINT, _RELEASE_NOTE):
        match = pattern.search(text.form[max(text.start, text.end - 700) : text.end])
        if match:
            text.end -= match.end() - match.start()
    return text


def _skip_head(text: Text, heads: list[str]) -> None:
    red = _RED_HEAD.match(text.form[:60])
    if red and any(text.form.startswith(head, red.end()) for head in heads):
        text.start = red.end()
    for _ in range(4):
        for head in heads:
            if text.form.startswith(head, text.start):
                text.start += len(head)
                break
        else:
            return


def _is_list(passage: Passage, names: list[str]) -> bool:
    """Whether a passage is nothing but the names of the page's attachments."""
    if passage.kind not in (PassageKind.EXTRA, PassageKind.MISSING) or not names:
        return False
    form = _EXTENSION.sub("", normal_form(passage.source or passage.page))
    rest = form
    for name in names:
        rest = rest.replace(name, "")
    return len(rest) < len(form) and bool(_LIST_WORDS.match(rest))


def _rows(body: str) -> list[list[str]]:
    rows = [line for line in body.split("\n") if line.startswith("|")]
    return [
        [normal_form(cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        for row in rows
        if not re.match(r"\|[ :|-]{3,3000}\Z", row)
    ]


def _shifted_cells(ours: str, theirs: str) -> Passage | None:
    """Tables whose words are the same and whose cells are not."""
    if "\n|" not in ours or "\n|" not in theirs:
        return None
    for mine, right in zip(_rows(ours), _rows(theirs), strict=False):
        if len(mine) == len(right) and mine != right and "".join(mine) == "".join(right):
            return Passage(PassageKind.CHANGED, " | ".join(right), " | ".join(mine))
    return None
