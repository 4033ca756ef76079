"""The difference of two texts as tracked changes in a Word file (修订稿). The one door to python-docx.

All changes accepted, the file has the new text; all rejected, the old one: a paragraph a line.
Fonts and page are those of GB/T 9704-2012 (A4, 版心 156 mm × 225 mm, 三号仿宋体).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from policylib.errors import ParseError
from policylib.reports.redline import shown
from policylib.text.comparing import Comparison, Stretch
from policylib.text.locator import Level
from policylib.text.wording import Op

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle

__all__ = ["to_docx"]

_STYLES = {
    Level.TITLE: "PolicyTitle",
    Level.PART: "PolicyHeading1",
    Level.BOOK: "PolicyHeading1",
    Level.SUBBOOK: "PolicyHeading1",
    Level.CHAPTER: "PolicyHeading1",
    Level.SECTION: "PolicyHeading1",
    Level.HEADING1: "PolicyHeading1",
    Level.HEADING2: "PolicyHeading2",
}
#: Name, font, size in points and whether centred: 小标宋体二号, 黑体, 楷体 (GB/T 9704, 7.3.1, 7.3.3).
_FONTS = {
    "PolicyTitle": ("文件标题", "方正小标宋简体", 22, True),
    "PolicyHeading1": ("一级标题", "黑体", 16, False),
    "PolicyHeading2": ("二级标题", "楷体", 16, False),
}
_BODY = ("仿宋", 16)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can tell
_LINE = 28.95  # points: 22 lines on 225 mm
_LONGEST_AUTHOR = 255


def to_docx(comparison: Comparison, *, author: str, at: datetime, title: str = "文本比对") -> bytes:
    """The Word file with the changes as revisions of ``author`` at ``at`` (修订稿), as bytes.

    Word shows the time as it stands, without a time zone. Equal arguments give equal bytes.
    Raises :class:`~policylib.errors.ParseError` without an author.
    """
    name = " ".join(shown(author).split())[:_LONGEST_AUTHOR]
    if not name:
        raise ParseError("修订稿须注明修订人，请填写姓名或者单位")
    document = _document(" ".join(shown(title).split())[:255], name, at)
    body = document.element.body
    last = body[-1]  # the section, which stands behind all paragraphs
    writer = _Writer(name, f"{at:%Y-%m-%dT%H:%M:%SZ}")
    for paragraph in writer.paragraphs(comparison.script()):
        last.addprevious(paragraph)
    made = io.BytesIO()
    document.save(made)
    return _settled(made)


class _Writer:
    """Elements with the marks of one reviser."""

    def __init__(self, author: str, date: str) -> None:
        from docx.oxml import OxmlElement  # noqa: PLC0415 - cold start
        from docx.oxml.ns import qn  # noqa: PLC0415

        self._element, self._name = OxmlElement, qn
        self._author, self._date = author, date
        self._ids = count(1)

    def paragraphs(self, script: Iterator[Stretch]) -> Iterator[BaseOxmlElement]:
        """One paragraph a line; the mark at its end is kept, deleted or inserted like words."""
        paragraph = self._paragraph(None)
        begun = False
        for stretch in script:
            change = stretch.change
            place = change.after if stretch.new and change.after else change.before
            style = _STYLES.get(place.steps[-1].level) if place else None
            for op, text in stretch.edits:
                for number, line in enumerate(shown(text).split("\n")):
                    if number:
                        self._end(paragraph, op)
                        yield paragraph
                        paragraph, begun = self._paragraph(None), False
                    if line:
                        if not begun:
                            paragraph, begun = self._paragraph(style), True
                        paragraph.append(self._run(op, line))
        yield paragraph

    def _paragraph(self, style: str | None) -> BaseOxmlElement:
        paragraph = self._element("w:p")
        if style:
            properties = self._element("w:pPr")
            properties.append(self._with("w:pStyle", val=style))
            paragraph.append(properties)
        return paragraph

    def _run(self, op: Op, line: str) -> BaseOxmlElement:
        run = self._element("w:r")
        for number, part in enumerate(line.split("\t")):
            if number:
                run.append(self._element("w:tab"))
            if part:
                words = self._element("w:delText" if op is Op.GONE else "w:t")
                words.text = part
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run.append(words)
        if op is Op.SAME:
            return run
        mark = self._mark(op)
        mark.append(run)
        return mark

    def _end(self, paragraph: BaseOxmlElement, op: Op) -> None:
        if op is Op.SAME:
            return
        properties = paragraph.find(self._name("w:pPr"))
        if properties is None:
            properties = self._element("w:pPr")
            paragraph.insert(0, properties)
        of_mark = self._element("w:rPr")
        of_mark.append(self._mark(op))
        properties.append(of_mark)

    def _mark(self, op: Op) -> BaseOxmlElement:
        tag = "w:del" if op is Op.GONE else "w:ins"
        return self._with(tag, id=str(next(self._ids)), author=self._author, date=self._date)

    def _with(self, tag: str, **attributes: str) -> BaseOxmlElement:
        element = self._element(tag)
        for name, value in attributes.items():
            element.set(self._name(f"w:{name}"), value)
        return element


def _document(title: str, author: str, at: datetime) -> Document:
    """An empty file with its page, its fonts and its properties."""
    from docx import Document as new_document  # noqa: N813, PLC0415 - cold start
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    document = new_document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    _dress(normal, *_BODY, indent=True)
    normal.paragraph_format.line_spacing = Pt(_LINE)
    normal.paragraph_format.space_after = Pt(0)
    for id, (name, font, size, centred) in _FONTS.items():
        style = document.styles.add_style(id, WD_STYLE_TYPE.PARAGRAPH)
        style.name, style.base_style = name, normal
        _dress(style, font, size, indent=not centred)
        if centred:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments, properties.language = "", "zh-CN"
    when = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    properties.created = properties.modified = when
    return document


def _dress(style: ParagraphStyle, font: str, size: int, *, indent: bool) -> None:
    """Give a style its font, for Chinese and other characters, and an indent of two characters."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - cold start
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    style.font.name, style.font.size = font, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    indented = OxmlElement("w:ind")
    indented.set(qn("w:firstLineChars"), "200" if indent else "0")
    indented.set(qn("w:firstLine"), str(40 * size) if indent else "0")
    style.element.get_or_add_pPr().append(indented)


def _settled(made: io.BytesIO) -> bytes:
    """The same archive without the time of its making."""
    settled = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(settled, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return settled.getvalue()
