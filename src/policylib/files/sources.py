"""Where documents come in from (导入来源): folders, Markdown files and JSONL files, one by one.

Each item is either a document to take in or a refusal with its reason; a bad one never stops the
rest. Symbolic links inside a folder are not followed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policylib.errors import NotFound, ParseError
from policylib.files import head
from policylib.files.documentfile import (
    MAX_BYTES,
    DocumentFile,
    FileHeader,
    decode,
    explain,
    forbid_control,
    validate_header,
)
from policylib.model.document import number_key
from policylib.model.organ import Organ

__all__ = [
    "Incoming",
    "Refusal",
    "count",
    "document_files",
    "incoming",
    "read_organs",
    "stable_id",
]

_SUFFIXES = (".md", ".markdown")
_LINES = (".jsonl", ".ndjson")
_PLAIN = (".txt",)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document on its way in: where it stood, its header and body.

    ``has_head`` is false for a file that is all text; ``extracted`` are the fields of its header that
    were taken from the text.
    """

    path: str
    header: FileHeader
    body: str
    notice: str | None = None
    has_head: bool = True
    extracted: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id: the same for the same document every time.

        For a file without a head a digest of title and text: versions of one law differ in nothing
        else for certain. What is read in the text takes no part: readers get better.
        """
        if self.has_head:
            return stable_id(self.header)
        words = (self.header.title, *self.body.split("\n"))
        return _digest(word.rstrip() for word in words)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not taken in (未导入), and why, in Chinese."""

    path: str
    reason: str


def incoming(paths: Iterable[Path], *, extract: bool = False) -> Iterator[Incoming | Refusal]:
    """The documents of all ``paths``, in a stable order.

    ``extract`` takes the header of a file without a head from its text, and takes plain text files
    in folders too.

    Raises:
        NotFound: one of ``paths`` itself does not exist; nothing has been read then.

    """
    paths = list(paths)
    for path in paths:
        if not path.exists():
            raise NotFound(f"找不到“{path}”，请检查路径")
    for path in paths:
        for file, label in _files(path, plain=extract):
            if file.is_symlink():
                yield Refusal(label, "是符号链接，为安全起见不跟随，请改为放入文件本身")
            elif file.suffix.lower() in _LINES:
                yield from _lines(file, label)
            else:
                yield _one(file, label, extract=extract)


def document_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The Markdown files of ``paths``, in a stable order."""
    for path in paths:
        for file, _ in _files(path):
            if file.suffix.lower() not in _LINES:
                yield file


def count(paths: Iterable[Path], *, extract: bool = False) -> int:
    """How many items :func:`incoming` will give, for a progress bar; unreadable ones count one."""
    total = 0
    for path in paths:
        for file, _ in _files(path, plain=extract):
            if file.suffix.lower() in _LINES and file.is_file():
                with file.open("rb") as stream:
                    total += sum(1 for line in stream if line.strip())
            else:
                total += 1
    return total


def stable_id(header: FileHeader) -> str:
    """The id of a document that brings none: the same for the same document every time.

    Its 文号, else its 索引号, else a digest of title, issuers and 成文日期.
    """
    if header.id:
        return header.id
    if header.doc_number:
        return number_key(header.doc_number)
    if header.index_number:
        return header.index_number
    words = (header.title, *header.issuers, str(header.written_on), str(header.released_on))
    return _digest(words)


def _digest(words: Iterable[str]) -> str:
    return "doc-" + hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()[:16]


def read_organs(path: Path) -> tuple[Organ, ...]:
    """The organs of an authority file (机关名录), a YAML list.

    Raises:
        NotFound: there is no such file.
        ParseError: it is no list of organs; the message names the entry.

    """
    if not path.is_file():
        raise NotFound(f"找不到机关名录“{path}”，请检查路径")
    text, *_ = decode(path.read_bytes())
    organs = []
    for number, item in enumerate(head.parse_list(text), 1):
        try:
            organs.append(Organ.model_validate(item))
        except ValidationError as error:
            raise ParseError(f"机关名录第 {number} 项：{explain(error)}") from None
    return tuple(organs)


def _files(path: Path, *, plain: bool = False) -> Iterator[tuple[Path, str]]:
    known = (*_SUFFIXES, *_LINES, *(_PLAIN if plain else ()))
    if not path.is_dir():
        yield path, str(path)
        return
    for folder, names, files in path.walk() if hasattr(path, "walk") else _walk(path):
        names[:] = sorted(
            n for n in names if not n.startswith(".") and not (folder / n).is_symlink()
        )
        for name in sorted(files):
            file = folder / name
            if file.suffix.lower() in known and not name.startswith("."):
                if name.lower() in ("readme.md", "readme.zh-cn.md"):
                    continue
                yield file, str(file)


def _walk(path: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    import os  # noqa: PLC0415 - Path.walk is there from Python 3.12 on

    for folder, names, files in os.walk(path):
        yield Path(folder), names, files


def _one(file: Path, label: str, *, extract: bool) -> Incoming | Refusal:
    try:
        if file.stat().st_size > MAX_BYTES:
            size = file.stat().st_size / 1e6
            return Refusal(
                label, f"文件过大（{size:.1f} MB，上限 {MAX_BYTES / 1e6:.0f} MB），请拆分附件"
            )
        parsed = DocumentFile.parse(file.read_bytes(), name=file.name, extract=extract)
        _body(parsed.body)
    except ParseError as error:
        return Refusal(label, str(error))
    except OSError as error:
        return Refusal(label, f"无法读取（{error.strerror}），请检查文件权限")
    return Incoming(
        label, parsed.header, parsed.body, parsed.notice, parsed.head is not None, parsed.extracted
    )


def _lines(file: Path, label: str) -> Iterator[Incoming | Refusal]:
    try:
        stream = file.open("rb")
    except OSError as error:
        yield Refusal(label, f"无法读取（{error.strerror}），请检查文件权限")
        return
    with stream:
        number = 0
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            where = f"{label}:{number}"
            if len(line) > MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BYTES)
                yield Refusal(where, f"这一行超过 {MAX_BYTES / 1e6:.0f} MB，请拆分")
            elif line.strip():
                yield _record(line, where)


def _record(line: bytes, where: str) -> Incoming | Refusal:
    notice = None
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = line.decode("gb18030")
        except UnicodeDecodeError:
            return Refusal(where, "这一行不是 UTF-8 编码的文字，请另存为 UTF-8 后重试")
        notice = "这一行是 GB18030 编码，已按该编码读取，建议另存为 UTF-8"
    try:
        row = json.loads(text, parse_constant=_constant, object_pairs_hook=_object)
    except ParseError as error:
        return Refusal(where, str(error))
    except (ValueError, RecursionError):
        return Refusal(where, "这一行不是正确的 JSON，请检查引号、逗号和括号")
    if not isinstance(row, dict):
        return Refusal(where, '这一行应为 JSON 对象，例如 {"title": "…", "body": "…"}')
    body = row.pop("body", None)
    if not isinstance(body, str):
        return Refusal(where, "缺少正文：请提供文字类型的“body”")
    try:
        forbid_control(body)
        header = validate_header({k: v for k, v in row.items() if v not in (None, "")})
        _body(body)
    except ParseError as error:
        return Refusal(where, str(error))
    return Incoming(where, header, body, notice)


def _body(body: str) -> None:
    if not body.strip():
        raise ParseError("正文为空，请补充正文后重试")


def _constant(name: str) -> Any:
    raise ParseError(f"JSON 中有不合规的值 {name}，请改为 null 或文字")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ParseError(f"“{twice}”重复出现，请只留一处")
    return found
