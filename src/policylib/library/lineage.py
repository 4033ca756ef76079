"""The series that a document belongs to (同一系列): what came before it, and what came after.

Two ways lead from one document of a series to the next: a relation by which one amends, renews or
repeals the other; or titles of one issuer that differ only in the year and in marks such as （试行）
and （2024年修订）. A decision that repeals many documents (清理决定) does not make one series of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from policylib.library.asking import Index
from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import DocumentType, RelationKind
from policylib.store.protocol import Store

__all__ = ["LINKS", "Member", "Series", "carried", "core"]

#: The relations that lead from one document of a series to the next.
LINKS = (RelationKind.AMENDS, RelationKind.RENEWS, RelationKind.REPEALS)

_ROUNDS = 20  # steps from one document to the next
_LONGEST = 60  # documents of a series
_EACH = 20  # relations of one kind on one side of a document
_AKIN = 0.4  # of the shorter title's pairs of characters: what a decision on several must share
_SHORTEST = 6  # characters of a title that says what it is about
_TITLE = 300

_WIDE = str.maketrans("()<>〈〉[]［］", "（）《》《》【】【】")
_COLUMN = re.compile(r"^【[^【】]{0,40}】{1,2}")
_QUOTED = re.compile(r"《([^《》]{2,150})》")
_CARRIES = re.compile(
    r"(?:^|关于|[府厅室委局会部院])(?:修订|重新|转发|批转|修改)?(?:印发|公布|发布|下发|转发|批转|颁布|颁发)"
    r"(?:修订后的|修改后的|新修订的)?(?P<what>.{2,200}?)的(?:通知|公告|通告|决定|意见|函|令)$"
)
_ABOUT = re.compile(r"关于(?P<what>.{2,200}?)(?:的(?:通知|公告|通告|决定|意见|函|批复|令))?$")
_FORM = "办法|规定|细则|意见|方案|规划|计划|措施|规则|条例|规程|规范|标准|指南|指引|预案|目录|清单|制度|章程|要点"
_YEAR = r"(?:[0-9]{4}|[〇○零一二三四五六七八九]{4})"
_MARKS = re.compile(
    rf"（[^（）]{{0,12}}(?:试行|暂行|修订|修正|修改|征求意见稿|送审稿|草案|讨论稿|{_YEAR}年?)[^（）]{{0,12}}）"
    rf"|(?:试行|暂行)(?=(?:管理|实施|工作)?(?:{_FORM})|$)"
    rf"|{_YEAR}(?:[—–~～至-]{{1,2}}{_YEAR})?年度?(?:版|修订|修正)?|修订后的|修改后的|新修订的"
)
_ENDING = re.compile(rf"(?:管理|实施|工作|暂行|试行)?(?:{_FORM})$")
_PIECES = re.compile(r"[\u3400-\u9fffa-z0-9A-Z]{2,60}")
_PLACE = re.compile(r"^中华人民共和国|^[\u3400-\u9fff]{1,10}?[省市县区州旗盟乡镇]")

#: What only the legislature and the State Council name without a place.
_LAW = re.compile(r"(?:条例|(?<!办)法)$")


def carried(title: str, issuers: Iterable[str] = ()) -> str:
    """The name of the text that a title is about (所印发的文件): that of a 通知, or its own.

    >>> carried("青山县人民政府关于印发《青山县停车管理办法（试行）》的通知")
    '青山县停车管理办法（试行）'
    >>> carried("青山县财政局关于做好2025年决算工作的通知", ["青山县财政局"])
    '做好2025年决算工作'
    """
    plain = _COLUMN.sub("", "".join(title[:_TITLE].translate(_WIDE).split()))
    for issuer in issuers:
        plain = plain.replace("".join(issuer.split()), "")
    match = _CARRIES.search(plain) or _ABOUT.search(plain)
    inner = match["what"] if match else plain
    quoted = _QUOTED.search(inner if "《" in inner else plain)
    return quoted[1] if quoted else inner.strip("《》")


def core(title: str, issuers: Iterable[str] = ()) -> str:
    """A title without year and marks (题名主干), by which documents of one series are known.

    >>> core("青山县停车管理暂行办法（2024年修订）") == core("关于印发《青山县停车管理办法》的通知")
    True
    """
    return "".join(_PIECES.findall(_MARKS.sub("", carried(title, issuers))))


def pieces(title: str, issuers: Iterable[str] = ()) -> list[str]:
    """The parts of a title that all titles of its series hold to the letter."""
    parts = _MARKS.sub(" ", carried(title, issuers)).split()
    if parts:
        parts[-1] = _ENDING.sub("", parts[-1]) or parts[-1]
    return [piece for part in parts for piece in _PIECES.findall(part)]


@dataclass(frozen=True, slots=True)
class Member:
    """A document of the series, and how it is known to be one.

    ``link`` is the relation with its subject and object; ``None`` when only the titles say so.
    """

    document: Document
    link: tuple[Relation, Document, Document] | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Series:
    """Looks for the series of documents; ``see`` says which documents may be seen."""

    store: Store
    index: Index
    see: Callable[[Document], bool]
    staff: bool

    def of(self, document: Document, relations: Iterable[Relation]) -> tuple[Member, ...]:
        """The others of a document's series, in order of their days.

        ``relations`` are those of the document, in both directions.
        """
        found = self._linked(document, [r for r in relations if r.kind in LINKS])
        for other in self._titled(document):
            if other.id not in found and other.id != document.id and len(found) < _LONGEST:
                days = [day for day in (document.starts_on, other.starts_on) if day]
                found[other.id] = Member(other, None, max(days, default=None))
        return tuple(sorted(found.values(), key=lambda each: _order(each.document)))

    def _linked(self, document: Document, own: Iterable[Relation]) -> dict[str, Member]:
        """Those that a chain of relations leads to."""
        documents = {document.id: document}
        ties = {document.id: tuple(own)}
        members: dict[str, Member] = {}
        edge = [document.id]
        for _ in range(_ROUNDS):
            ends = {
                end for id in edge for r in ties.get(id, ()) for end in (r.subject_id, r.object_id)
            }
            fresh = sorted(end for end in ends if end and end not in documents)
            if not fresh or len(members) >= _LONGEST:
                break
            known = self.store.documents(fresh[: _LONGEST - len(members)])
            seen = {id: each for id, each in known.items() if self.see(each)}
            documents |= seen
            ties |= self._ties(seen)
            before, edge = edge, []
            for id in before:
                for relation in ties.get(id, ()):
                    other = relation.object_id if relation.subject_id == id else relation.subject_id
                    if other not in seen or other in members:
                        continue
                    subject = documents[relation.subject_id]
                    target = documents[relation.object_id or ""]
                    if _is_one(subject, target, ties.get(subject.id, ())):
                        day = relation.effective_on or subject.starts_on
                        members[other] = Member(seen[other], (relation, subject, target), day)
                        edge.append(other)
        return members

    def _ties(self, ids: Iterable[str]) -> dict[str, tuple[Relation, ...]]:
        """The relations of each of ``ids``, in both directions."""
        found: dict[str, tuple[Relation, ...]] = dict.fromkeys(ids, ())
        if found:
            for relation in self.store.relations_around(found, kinds=LINKS, each=_EACH):
                for end in {relation.subject_id, relation.object_id} & found.keys():
                    found[str(end)] = (*found[str(end)], relation)
        return found

    def _titled(self, document: Document) -> Iterator[Document]:
        """Those of the same issuer with the same title but for year and marks."""
        name = core(document.title, document.issuers)
        if document.type not in _IN_SERIES or len(name) < _SHORTEST:
            return  # no document of a series, or a title that says nothing
        issuer = document.issuers[0] if document.issuers else None
        if issuer is None and not (_PLACE.match(name) or _LAW.search(name)):
            return  # two towns may well have given one title to their texts
        words = pieces(document.title, document.issuers)
        ids = [
            entry.id
            for entry in self.index.titled(words, staff=self.staff)
            if (entry.issuers[0] if entry.issuers else None) == issuer
            and core(entry.title, entry.issuers) == name
        ]
        for other in self.store.documents(ids[:_LONGEST]).values():
            if other.type in _IN_SERIES and self.see(other):
                yield other


_IN_SERIES = {DocumentType.POLICY, DocumentType.REPOST}


def _order(document: Document) -> tuple[date, str]:
    return document.starts_on or date.max, document.id


def _is_one(subject: Document, target: Document, ties: Iterable[Relation]) -> bool:
    """Whether a relation joins two documents of one series: not a decision on many things."""
    targets = {r.object_id or r.target for r in ties if r.subject_id == subject.id}
    if len(targets) <= 1:
        return True
    one, other = (_pairs(_gist(core(each.title, each.issuers))) for each in (subject, target))
    return len(one & other) >= _AKIN * max(1, min(len(one), len(other)))


def _gist(name: str) -> str:
    """What a title is about, without its place and its form: all of a county share those."""
    return _ENDING.sub("", _PLACE.sub("", name)) or name


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text)}
