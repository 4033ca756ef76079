"""Whose text a document is (正文归属), and the reference that stands for it here (转载)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from policylib.errors import NotFound, Refused
from policylib.files.documentfile import DocumentFile, FileHeader
from policylib.model.authority import Authorities, Authority
from policylib.model.document import Header
from policylib.model.organ import AuthorityFile
from policylib.model.vocabulary import DocumentType
from policylib.samesource.holdings import REPOST_ID, Holdings, Match

__all__ = ["Owned", "Owning"]

_NOTE = 300  # characters a repost may say of its own, as SRC001 has it


@dataclass(frozen=True, slots=True)
class Owned:
    """Somebody else's text (他人文本): whose, and the document it is, where that was pulled."""

    authority: Authority
    match: Match | None

    def said(self, document: Header) -> str:
        """Why its body cannot be published here, in Chinese."""
        match, why = self.match, ""
        if match and match.likeness == 1:
            why = f"（依据：{match.ground}相同）"
        elif match:
            why = f"（正文相似度约{match.likeness:.0%}）"
        return (
            f"《{document.title}》的权威文本在“{self.authority.name}”的文件库{why}，"
            "不能发布正文，只能转载（链接到权威文本）"
        )

    def command(self, document: Header) -> str:
        """What makes a repost instead."""
        match = self.match
        name = match.entry.doc_number or match.entry.id if match else document.doc_number
        return f"policylib sources repost {_quoted(name or f'《{document.title}》')} --by 姓名"


@dataclass(frozen=True, slots=True)
class Owning:
    """The registry and what was pulled, asked whose a text is on a day."""

    registry: Authorities
    holdings: Holdings
    organs: AuthorityFile
    on: date

    def of(self, document: Header, body: str) -> Owned | None:
        """The other organ that owns a text; ``None``: this library's, or nobody known.

        By what was pulled: same 文号, same title and organ, the same text or nearly; else by the
        registry. A repost with a short note has no text.
        """
        if document.type is DocumentType.REPOST and len("".join(body.split())) <= _NOTE:
            return None
        match = self.holdings.copied(document, body, own=self.registry.own)
        if match is not None:
            known = self.registry.named(match.authority, self.on)
            return Owned(known or Authority(name=match.authority), match)
        if document.type is not DocumentType.POLICY or not len(self.registry):
            return None
        owner = self.registry.owner(document, on=self.on, organs=self.organs)
        return Owned(owner, None) if owner and not self.registry.is_own(owner) else None

    def refuse(self, document: Header, body: str) -> None:
        """Refuse somebody else's text, with the command that makes a repost.

        Raises:
            Refused: another organ owns it.

        """
        if found := self.of(document, body):
            raise Refused(f"{found.said(document)}。请运行：{found.command(document)}")

    def as_repost(self, header: FileHeader, body: str) -> DocumentFile:
        """A repost of a document whose body another organ owns; see the library's.

        Raises:
            Refused: nobody else is known to own it, or where its authority has it is not known.

        """
        found = self.of(header, body)
        if found is None:
            raise Refused(f"《{header.title}》不属于已知的其他机关，不能转为转载")
        if found.match:
            return _of(found.match, id=header.id, released_on=header.released_on)
        address = found.authority.address_of(header)
        if not address:
            raise Refused(
                f"不知道《{header.title}》在“{found.authority.name}”的网址；请先 sources pull，"
                "或在文件头填写 source_url"
            )
        fields = header.model_dump(include={"id", "title", "doc_number", "issuers", "written_on"})
        target = header.doc_number or header.title
        return _repost(fields, found.authority.name, address, target, header.released_on)

    def repost_file(self, target: str) -> DocumentFile:
        """A repost of a document that was pulled; see the library's.

        Raises:
            NotFound: it is in no manifest that was pulled; Refused: several fit, or no address.

        """
        word = re.sub(r"\A《(.*)》\Z", r"\1", target.strip(), flags=re.S)
        found = self.holdings.find(word)
        policies = [each for each in found if each.entry.type is DocumentType.POLICY]
        policies = policies or list(found)
        if not policies:
            raise NotFound(
                f"已拉取的清单中没有“{target[:100]}”，请先运行 policylib sources pull 清单地址"
            )
        if len(policies) > 1:
            names = "、".join(
                f"{each.entry.id}（{each.entry.doc_number or '无文号'}）" for each in policies[:5]
            )
            raise Refused(f"有{len(policies)}份文件都叫“{target[:100]}”，请用标识指明：{names}")
        return _of(policies[0])


def _of(match: Match, *, id: str | None = None, released_on: date | None = None) -> DocumentFile:
    entry = match.entry
    if not entry.address:
        raise Refused(f"“{match.authority}”的清单没有写《{entry.title}》的网址，不能转载")
    fields = entry.model_dump(include={"title", "doc_number", "issuers", "written_on"})
    fields["id"] = id or f"{REPOST_ID}{entry.id}"
    target = entry.doc_number or entry.id
    return _repost(fields, match.authority, entry.address, target, released_on)


def _repost(
    fields: dict[str, object], source: str, address: str, target: str, released_on: date | None
) -> DocumentFile:
    """A document file of type 转载: a reference, and a line instead of the body."""
    header = fields | {
        "type": "转载", "disclosure": "主动公开", "source": source, "source_url": address,
        "released_on": released_on, "relations": [{"kind": "转载", "target": target}],
    }  # fmt: skip
    said = f"转载自{source}，以[权威文本]({address})为准。\n"
    return DocumentFile.build({key: value for key, value in header.items() if value}, said)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'["$`\\]', "", text) + '"'
