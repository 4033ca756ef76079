"""One document, one Markdown file with a YAML head (文件): read and written byte for byte.

A file that is loaded and saved without a change has the same bytes; a change rewrites only the
keys that changed, comments and order stay.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError

from policylib.errors import ParseError
from policylib.files import head
from policylib.model.document import DocumentId, Header
from policylib.model.relation import Declaration

__all__ = [
    "BESIDE",
    "MAX_BYTES",
    "DocumentFile",
    "FileHeader",
    "decode",
    "explain",
    "validate_header",
]

#: Largest document file in bytes; a policy text of a million characters is below it.
MAX_BYTES = 10_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_COMMENTS = re.compile(r"^(?:(?:#[^\n]*)?\r?\n)*\Z", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(?P<title>\S.*)$", re.MULTILINE)


#: Keys of a head that are not of the document's header.
BESIDE = frozenset({"id", "relations", "measures"})


def _measures(raw: Any) -> tuple[dict[str, Any], ...]:
    """Measures as the JSON values of :func:`policylib.model.measures.plain`."""
    if raw is None or raw in ((), []):
        return ()
    from policylib.model.measures import (  # noqa: PLC0415 - few files have any
        plain,
        read_measures,
    )

    return plain(read_measures(raw))


class FileHeader(Header):
    """The head of a document file: the header, an optional id, relations and measures.

    ``measures`` are JSON values; :func:`policylib.model.measures.read_measures` reads them.
    """

    id: DocumentId | None = None
    relations: tuple[Declaration, ...] = Field(default=(), max_length=1_000, title="文件关系")
    measures: Annotated[
        tuple[dict[str, Any], ...], BeforeValidator(_measures), Field(title="事项")
    ] = ()


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document file in memory (文件).

    ``head`` is the YAML text between the ``---`` lines as written, ``None`` when there is none;
    ``body`` is all that follows, as written. ``notice`` is a Chinese sentence when the file was
    read otherwise than as UTF-8. ``extracted`` are the fields of the header that were taken from
    the text.
    """

    header: FileHeader
    head: str | None
    body: str
    opening: str = "---\n"
    closing: str = "---\n"
    bom: bool = False
    encoding: str = "utf-8"
    notice: str | None = None
    extracted: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: bytes | str, *, name: str = "", extract: bool = False) -> Self:
        """Read a file's bytes.

        ``extract`` takes the header of a file that has no head from its text (从正文提取).

        Raises:
            ParseError: not text, a broken or unknown head, wrong dates, no title; in Chinese.

        """
        if isinstance(data, str):
            text, encoding, bom, notice = data, "utf-8", False, None
            forbid_control(text)
        else:
            text, encoding, bom, notice = decode(data)
        opening, head_text, closing, body = _split(text)
        fields = head.parse(head_text) if head_text is not None else {}
        if "title" not in fields and (found := _HEADING.search(body[:5_000])):
            fields["title"] = found["title"].rstrip().rstrip("#").rstrip()
        taken = _taken(body, fields) if extract and head_text is None else {}
        fields |= taken
        if not fields.get("title"):
            where = f"“{name}”" if name else "文件"
            raise ParseError(f"{where}没有标题，请在文件头写 title: 文件全称，或以“# 标题”开头")
        return cls(
            validate_header(fields), head_text, body, opening, closing, bom, encoding, notice,
            extracted=tuple(taken),
        )  # fmt: skip

    def to_bytes(self) -> bytes:
        """The file's bytes; exactly what was read when nothing was changed."""
        text = self.body
        if self.head is not None:
            text = f"{self.opening}{self.head}{self.closing}{self.body}"
        data = text.encode(self.encoding)
        return codecs.BOM_UTF8 + data if self.bom else data

    def with_fields(self, **changes: Any) -> Self:
        """The file with some header keys set (``None`` removes one); other lines untouched."""
        written = head.parse(self.head) if self.head is not None else {}
        merged: dict[str, Any] = {**written, **changes}
        header = self._read({"title": self.header.title, **merged})
        text = _rewritten(self.head or "", changes)
        try:
            whole = self._read({"title": self.header.title, **head.parse(text)}) == header
        except ParseError:
            whole = False
        if not whole:  # written so oddly that only all of it can be written anew
            text = head.render(merged)
        newline = "\r\n" if "\r\n" in self.opening else "\n"
        text = text.replace("\r\n", "\n").replace("\n", newline)
        return replace(self, header=header, head=text)

    @staticmethod
    def _read(fields: Mapping[str, Any]) -> FileHeader:
        return validate_header({k: v for k, v in fields.items() if v is not None})

    @classmethod
    def build(cls, header: Mapping[str, Any], body: str) -> Self:
        """A new file from header fields and a body."""
        checked = validate_header(dict(header))
        fields = checked.model_dump(exclude_defaults=True)
        ordered = {key: fields[key] for key in _ORDER if key in fields}
        text = head.render(ordered)
        return cls(checked, text, body if body.startswith("\n") else f"\n{body}")


def validate_header(fields: Mapping[str, Any]) -> FileHeader:
    """Header fields as a value; also that the days are in order.

    Raises:
        ParseError: unknown keys, wrong values, 发布早于成文, a term that ends before it begins.

    """
    try:
        header = FileHeader.model_validate(fields)
    except ValidationError as error:
        raise ParseError(explain(error)) from None
    if header.written_on and header.released_on and header.released_on < header.written_on:
        raise ParseError(
            f"发布日期（{header.released_on}）早于成文日期（{header.written_on}），请核对两个日期"
        )
    starts = header.effective_on or header.released_on or header.written_on
    if header.expires_on and starts and header.expires_on < starts:
        raise ParseError(f"有效期至（{header.expires_on}）早于施行日期（{starts}），请核对有效期")
    return header


def decode(data: bytes) -> tuple[str, str, bool, str | None]:
    """Text of a file: ``(text, encoding, had BOM, notice)``.

    UTF-8 is expected; GB18030 is read with a notice.

    Raises:
        ParseError: too large, another encoding, or control characters.

    """
    if len(data) > MAX_BYTES:
        raise ParseError(
            f"文件过大（{len(data) / 1e6:.1f} MB，上限 {MAX_BYTES / 1e6:.0f} MB），请拆分附件"
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]:
        raise ParseError("文件是 UTF-16 编码，请另存为 UTF-8 后重试")
    bom = data.startswith(codecs.BOM_UTF8)
    notice, encoding = None, "utf-8"
    try:
        text = data[3:].decode() if bom else data.decode()
    except UnicodeDecodeError:
        try:
            text, encoding = data.decode("gb18030"), "gb18030"
        except UnicodeDecodeError:
            raise ParseError(
                "文件既不是 UTF-8 也不是 GB18030 编码的文字，请另存为 UTF-8 后重试"
            ) from None
        notice = "文件是 GB18030 编码，已按该编码读取，建议另存为 UTF-8"
    forbid_control(text)
    return text, encoding, bom, notice


def forbid_control(text: str) -> None:
    """Refuse control characters, naming the line.

    Raises:
        ParseError: where the first one stands.

    """
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        code = f"U+{ord(found.group()):04X}"
        raise ParseError(f"第 {line} 行含有控制字符 {code}，文件可能已损坏，请删除后重试")


def explain(error: ValidationError) -> str:
    """A validation error in Chinese: which key, what is wrong, what to do."""
    parts = []
    for item in error.errors(include_url=False):
        where = ".".join(str(step) for step in item["loc"]) or "文件头"
        kind = item["type"]
        if kind == "extra_forbidden":
            parts.append(
                f"不认识的键“{where}”，请检查拼写（可用的键见 schemas/document.schema.json）"
            )
        elif kind == "missing":
            parts.append(f"缺少“{where}”")
        elif kind == "enum":
            expected = str(item.get("ctx", {}).get("expected", "")).replace(" or ", "、")
            parts.append(f"“{where}”的值“{_short(item['input'])}”不在可选范围：{expected}")
        elif kind == "value_error":
            parts.append(f"“{where}”：{item['msg'].removeprefix('Value error, ')}")
        else:
            parts.append(f"“{where}”的值“{_short(item['input'])}”{_SAY.get(kind, '不符合要求')}")
    return "；".join(parts[:5])


_SAY = {
    "string_too_short": "不能为空",
    "string_too_long": "过长",
    "string_type": "应为文字",
    "tuple_type": "应为列表",
    "date_type": "应为日期，如 2024-07-01",
    "too_long": "项数过多",
}
_ORDER = ("id", *(name for name in Header.model_fields), "relations", "measures")


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:40] + "…"


def _taken(body: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the text states besides ``known``; of a header that would be wrong only the title."""
    from policylib.files.extracting import header_in  # noqa: PLC0415 - few files have no head

    found = {key: value for key, value in header_in(body).items() if key not in known}
    try:
        validate_header({**found, **known})
    except ParseError:
        return {key: value for key, value in found.items() if key == "title"}
    return found


def _rewritten(text: str, changes: Mapping[str, Any]) -> str:
    """A head with the lines of some keys replaced; comments around them stay."""
    lines = []
    pieces = head.split_keys(text)
    for key, piece in pieces:
        if key is None or key not in changes:
            lines.append(piece)
        else:
            comments = _COMMENTS.search(piece)
            lines += [head.render({key: changes[key]}), comments.group() if comments else ""]
    known = {key for key, _ in pieces}
    lines += [head.render({key: value}) for key, value in changes.items() if key not in known]
    return "".join(lines)


def _split(text: str) -> tuple[str, str | None, str, str]:
    """``(opening line, head, closing line, body)``; head is ``None`` when there is none."""
    first = re.match(r"---[ \t]*\r?\n", text)
    if not first:
        return "---\n", None, "---\n", text
    last = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE).search(
        text, first.end(), first.end() + head.MAX_HEAD + 10
    )
    if not last:
        raise ParseError("文件头没有结束，请在文件头之后另起一行写“---”")
    return first.group(), text[first.end() : last.start()], last.group(), text[last.end() :]
