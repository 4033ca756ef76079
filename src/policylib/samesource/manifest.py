"""The manifest of an authority (同源清单): what it has published, in files any web server can serve.

``manifest.json`` (the root) names the segments by the SHA-256 of their bytes; ``segments/DIGEST.jsonl``
has a document a line. A document always lies in the segment of the first bits of the SHA-256 of
its id, so a change touches one segment. Equal content gives equal bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, ConfigDict, Field, ValidationError

from policylib.errors import ParseError
from policylib.model.document import DocumentId, Value, Word, Words, number_key
from policylib.model.vocabulary import DocumentType, RelationKind, Validity
from policylib.pages.parts import MOST

__all__ = [
    "FORMAT",
    "LARGEST",
    "Entry",
    "Link",
    "Manifest",
    "Root",
    "Segment",
    "Text",
    "Turn",
    "Withdrawn",
    "bucket",
    "build",
    "digest_of",
    "parse_root",
    "parse_segment",
    "segment_name",
]  # fmt: skip

#: The form of the root, segments and signatures; a reader refuses any other.
FORMAT: Literal["policylib manifest 1"] = "policylib manifest 1"
#: The most bytes of a root or a segment.
LARGEST = 16_000_000
_AIM = 64  # documents a segment
_MOST_BITS = 16
_Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Long = Annotated[str, Field(max_length=5_000)]
_T = TypeVar("_T", bound=Value)


class _Open(Value):
    """Values of a manifest: keys that a later version adds are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


class Turn(_Open):
    """From ``on`` on (``None``: from the beginning) the document is ``validity`` (时效沿革)."""

    on: date | None = None
    validity: Validity
    reason: _Long = ""
    made_by: Word | None = None
    rule: _Long | None = None


class Text(_Open):
    """One text of a document (文本): its first day, and what proves a copy to be one.

    ``digest`` is of the normal form, ``parts`` are the digests of its sentences
    (:mod:`policylib.pages.parts`), ``sketch`` a sample of its words.
    """

    since: date | None = None
    digest: _Digest
    length: Annotated[int, Field(ge=0)] = 0
    sketch: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=1 << 32)], ...], Field(max_length=64)
    ] = ()
    parts: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=1 << 32)], ...], Field(max_length=MOST)
    ] = ()


class Link(_Open):
    """A relation of the document to another one that is public (文件关系)."""

    kind: RelationKind
    target: Word
    id: DocumentId | None = None
    provision: Word | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    unless_by: date | None = None
    reason: Word | None = None


class Withdrawn(_Open):
    """The document was taken back (撤回): from which day, and what the public was told."""

    on: date
    text: _Long = ""


class Entry(_Open):
    """One published document (清单条目): its header, address, texts by digest, and validity by days."""

    id: DocumentId
    type: DocumentType = DocumentType.POLICY
    title: Word
    doc_number: Word | None = None
    index_number: Word | None = None
    issuers: Words = ()
    kind: Word | None = None
    form: Word | None = None
    category: Word | None = None
    themes: Words = ()
    written_on: date | None = None
    released_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    address: Word | None = None
    turns: Annotated[tuple[Turn, ...], Field(max_length=1_000)] = ()
    texts: Annotated[tuple[Text, ...], Field(max_length=1_000)] = ()
    relations: Annotated[tuple[Link, ...], Field(max_length=20_000)] = ()
    withdrawn: Withdrawn | None = None

    @property
    def number_key(self) -> str | None:
        """The 发文字号 in the form in which equal numbers compare equal."""
        return number_key(self.doc_number) if self.doc_number else None

    def turn(self, on: date) -> Turn:
        """What the document is on a day, and why (时效性)."""
        if self.withdrawn and self.withdrawn.on <= on:
            said = self.withdrawn.text or "文件已撤回，不再公开"
            return Turn(on=self.withdrawn.on, validity=Validity.UNRELEASED, reason=said)
        begun = [turn for turn in self.turns if turn.on is None or turn.on <= on]
        return begun[-1] if begun else Turn(validity=Validity.UNRELEASED, reason="清单中没有时效性")

    def text(self, on: date) -> Text | None:
        """The text in force on a day; before the first one's day, the first one."""
        begun = [text for text in self.texts if text.since is None or text.since <= on]
        return begun[-1] if begun else (self.texts[0] if self.texts else None)

    @property
    def line(self) -> bytes:
        """The entry as a line of canonical JSON."""
        return _canonical(self.model_dump(mode="json", exclude_defaults=True)) + b"\n"


class Segment(_Open):
    """One file of entries, as the root names it (分段)."""

    bucket: Annotated[int, Field(ge=0, lt=1 << _MOST_BITS)]
    sha256: _Digest
    size: Annotated[int, Field(gt=0, le=LARGEST)]
    count: Annotated[int, Field(gt=0)]


class Root(_Open):
    """The root of a manifest (清单根): which version, by whom, and the digests of all segments.

    ``version`` rises with every publication; that, and not the time, tells old from new.
    """

    format: Literal["policylib manifest 1"]
    authority: Word
    address: Word | None = None
    version: Annotated[int, Field(ge=1, lt=1 << 53)]
    made_at: AwareDatetime
    bits: Annotated[int, Field(ge=0, le=_MOST_BITS)]
    count: Annotated[int, Field(ge=0)]
    segments: Annotated[tuple[Segment, ...], Field(max_length=1 << _MOST_BITS)]
    previous: _Digest | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest ready to be written: the root with its bytes, the segments by digest."""

    root: Root
    data: bytes
    segments: dict[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 of the root's bytes."""
        return digest_of(self.data)


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def segment_name(digest: str) -> str:
    """Where a segment lies below the manifest's address."""
    return f"segments/{digest}.jsonl"


def bucket(id: str, bits: int) -> int:
    """The number of the segment in which a document lies, of ``2 ** bits``."""
    first = hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()[:4]
    return int.from_bytes(first, "big") >> (32 - bits)


def build(entries: Iterable[Entry], **root: Any) -> Manifest:
    """A manifest of entries; ``root`` are the fields of :class:`Root` that are not counted here.

    Raises:
        ParseError: an id twice, or documents too large for a segment.

    """
    every = sorted(entries, key=lambda entry: entry.id)
    if any(one.id == two.id for one, two in pairwise(every)):
        raise ParseError("同一标识的文件在清单中出现两次")
    lines = [(entry.id, entry.line) for entry in every]
    bits = _bits(lines)
    shared: dict[int, list[bytes]] = {}
    for id, line in lines:
        shared.setdefault(bucket(id, bits), []).append(line)
    files: dict[str, bytes] = {}
    segments = []
    for number in sorted(shared):
        data = b"".join(shared[number])
        if len(data) > LARGEST:
            raise ParseError("文件关系或文本过多，清单分段超过上限，请联系维护人员")
        files[digest_of(data)] = data
        segments.append(
            Segment(
                bucket=number, sha256=digest_of(data), size=len(data), count=len(shared[number])
            )
        )
    made = Root(format=FORMAT, bits=bits, count=len(every), segments=tuple(segments), **root)
    return Manifest(made, _canonical(made.model_dump(mode="json", exclude_none=True)), files)


def _bits(lines: Sequence[tuple[str, bytes]]) -> int:
    """As many segments as keep them near 64 documents and 256 kB."""
    size = sum(len(line) for _, line in lines)
    wanted = max(len(lines) // _AIM, size // 256_000)
    return min(max(wanted, 1).bit_length() - 1, _MOST_BITS)


def parse_root(data: bytes) -> Root:
    """Read a root.

    Raises:
        ParseError: it is none, or does not agree with itself.

    """
    root = _checked(Root, _json(data, "清单"), "清单")
    buckets = [segment.bucket for segment in root.segments]
    if buckets != sorted(set(buckets)) or any(number >> root.bits for number in buckets):
        raise ParseError("清单的分段重复或次序不对，请发布机关重新发布")
    if sum(segment.count for segment in root.segments) != root.count:
        raise ParseError("清单的文件数与各分段之和不符，请发布机关重新发布")
    return root


def parse_segment(data: bytes, segment: Segment, bits: int) -> tuple[Entry, ...]:
    """Read a segment and hold it against what the root says of it.

    Raises:
        ParseError: another digest, size or number, or entries that do not belong there.

    """
    if len(data) != segment.size or digest_of(data) != segment.sha256:
        raise ParseError(f"清单分段{segment.sha256[:12]}的摘要值不符，可能下载不完整或被改动")
    lines = data.splitlines()
    if len(lines) != segment.count:
        raise ParseError(f"清单分段{segment.sha256[:12]}的文件数不符")
    entries = tuple(_checked(Entry, _json(line, "清单分段"), "清单分段") for line in lines)
    if len({entry.id for entry in entries}) != len(entries):
        raise ParseError(f"清单分段{segment.sha256[:12]}中有重复的标识")
    if any(bucket(entry.id, bits) != segment.bucket for entry in entries):
        raise ParseError(f"清单分段{segment.sha256[:12]}中有不属于该分段的文件")
    return entries


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _json(data: bytes, what: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{what}不是正确的 JSON，可能下载不完整") from error


def _checked(kind: type[_T], value: Any, what: str) -> _T:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"][:4])
        raise ParseError(f"{what}的内容不符合格式（{where}）") from None
