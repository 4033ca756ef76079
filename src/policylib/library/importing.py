"""Taking in documents that are already released (批量导入): idempotent, resumable, never all-or-none.

A document is taken in once by its id. Taking the same document in again changes nothing; another
text under the same id is refused, because released texts change by 修改, not by import. What is
recorded before an interruption stays; running the import again goes on where it ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from policylib.errors import Conflict, ParseError, Refused
from policylib.files.documentfile import BESIDE
from policylib.files.sources import Incoming, Refusal, incoming
from policylib.library.owning import Owning
from policylib.library.targets import named, now_found
from policylib.model.document import Document, Edition, number_key
from policylib.model.event import Change, Record
from policylib.model.organ import AuthorityFile
from policylib.model.relation import Declaration, Relation
from policylib.model.vocabulary import DocumentType, Stage
from policylib.store.rows import Offered
from policylib.store.sql import ORGANS, SqlStore
from policylib.workflow.transitions import TRANSITIONS

__all__ = ["ImportSummary", "import_documents"]

_BATCH = 200


@dataclass(slots=True)
class ImportSummary:
    """What an import did (导入结果): counts, and a list of what was refused and why.

    ``reposts`` counts bodies of other organs that came as reposts; they are in the other counts too.
    ``extracted`` counts, by the names of the header, what was taken from the text of files without a
    head (从正文提取).
    """

    imported: int = 0
    unchanged: int = 0
    reposts: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notices: list[Refusal] = field(default_factory=list)
    extracted: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "imported": self.imported,
            "unchanged": self.unchanged,
            "refused": [{"path": r.path, "reason": r.reason} for r in self.refused],
            "notices": [{"path": r.path, "notice": r.reason} for r in self.notices],
            **({"reposts": self.reposts} if self.reposts else {}),
            **({"extracted": dict(self.extracted)} if self.extracted else {}),
        }


@dataclass(frozen=True, slots=True)
class _Item:
    path: str
    document: Document
    body: str
    declarations: tuple[Declaration, ...]
    measures: tuple[dict[str, Any], ...]
    has_head: bool = True
    extracted: tuple[str, ...] = ()

    @property
    def edition(self) -> Edition:
        return Edition(document_id=self.document.id, body=self.body, measures=self.measures)


def import_documents(
    store: SqlStore,
    paths: Iterable[Path],
    *,
    stage: Stage,
    by: str,
    at: Callable[[], datetime],
    owning: Owning | None = None,
    repost: bool = False,
    extract: bool = False,
    progress: Callable[[int], None] | None = None,
    recorded: Callable[[], None] | None = None,
) -> ImportSummary:
    """Read ``paths`` and record their documents in batches; see the module's text.

    ``stage`` is 公布 for documents that are released already, 起草 for drafts. Bodies that another
    organ owns by ``owning`` are refused, or with ``repost`` taken in as reposts. ``extract`` takes the
    header of a file without a head from its text. ``progress`` is told how many items were dealt
    with, ``recorded`` is called after each batch.

    Raises:
        NotFound: a path does not exist; nothing was recorded.

    """
    summary = ImportSummary()
    organs = AuthorityFile(store.organs())
    source = incoming(paths, extract=extract)
    while batch := list(islice(source, _BATCH)):
        came = _as_reposts(batch, owning, summary) if owning and repost else batch
        items = list(_items(came, stage, organs, summary))
        _take_in(store, items, by, at(), summary, owning=owning)
        if progress:
            progress(len(batch))
        if recorded:
            recorded()
    return summary


def _as_reposts(
    batch: Iterable[Incoming | Refusal], owning: Owning, summary: ImportSummary
) -> Iterator[Incoming | Refusal]:
    """The batch, with a repost in the place of every body that another organ owns."""
    for each in batch:
        if isinstance(each, Refusal) or owning.of(each.header, each.body) is None:
            yield each
            continue
        try:
            made = owning.as_repost(each.header, each.body)
        except Refused as error:
            yield Refusal(each.path, str(error))
            continue
        summary.reposts += 1
        yield replace(each, header=made.header, body=made.body, has_head=True, extracted=())


def _items(
    batch: Iterable[Incoming | Refusal],
    stage: Stage,
    organs: AuthorityFile,
    summary: ImportSummary,
) -> Iterator[_Item]:
    for each in batch:
        if isinstance(each, Refusal):
            summary.refused.append(each)
            continue
        if each.notice:
            summary.notices.append(Refusal(each.path, each.notice))
        fields = each.header.model_dump(exclude=set(BESIDE))
        fields["issuers"] = tuple(organs.official(name) for name in each.header.issuers)
        if fields["drafter"]:
            fields["drafter"] = organs.official(fields["drafter"])
        try:
            document = Document(id=each.id, stage=stage, version=1, **fields)
        except ValueError as error:  # a title so odd that no id can be made of it
            summary.refused.append(Refusal(each.path, f"无法确定标识：{error}"))
            continue
        if document.id == ORGANS:
            reason = f"标识“{ORGANS}”留给机关名录使用，请换一个 id"
            summary.refused.append(Refusal(each.path, reason))
            continue
        yield _Item(
            each.path, document, each.body, each.header.relations, each.header.measures,
            each.has_head, each.extracted,
        )  # fmt: skip


def _take_in(
    store: SqlStore,
    items: Sequence[_Item],
    by: str,
    at: datetime,
    summary: ImportSummary,
    *,
    owning: Owning | None,
) -> None:
    new = _new_ones(store, items, summary)
    if owning:
        new = list(_ours(new, owning, summary))
    if not new:
        return
    new = list(_with_free_numbers(store, new, summary))
    summary.notices.extend(_namesakes(store, new))
    try:
        _record(store, new, by, at)
        _count(summary, new)
    except (Conflict, Refused, ParseError):
        for item in new:  # one of them cannot be recorded: find out which
            try:
                _record(store, [item], by, at)
                _count(summary, [item])
            except (Conflict, Refused, ParseError) as error:
                summary.refused.append(Refusal(item.path, str(error)))


def _with_free_numbers(
    store: SqlStore, items: Sequence[_Item], summary: ImportSummary
) -> Iterator[_Item]:
    """The items, without an extracted 发文字号 that another document has.

    Each version of a text says its number, and only one document may have it.
    """
    read = [item.document.number_key for item in items if "doc_number" in item.extracted]
    held = store.number_holders(key for key in read if key) if read else {}
    holders = {key: ids[0] for key, ids in held.items() if ids}
    for item in items:
        key = item.document.number_key
        other = holders.setdefault(key, item.document.id) if key else None
        if other in {None, item.document.id} or "doc_number" not in item.extracted:
            yield item
            continue
        said = f"正文写的发文字号“{item.document.doc_number}”已是“{other}”的，没有登记，请核对"
        summary.notices.append(Refusal(item.path, said))
        yield replace(
            item,
            document=item.document.model_copy(update={"doc_number": None}),
            extracted=tuple(name for name in item.extracted if name != "doc_number"),
        )


def _namesakes(store: SqlStore, items: Iterable[_Item]) -> Iterator[Refusal]:
    """Files without a head that nothing but their text tells from another document."""
    first: dict[tuple[object, ...], str] = {}
    for item in items:
        if item.has_head:
            continue
        mark = _mark(item.document)
        there = [each.id for each in store.find_title(item.document.title) if _mark(each) == mark]
        other = next(iter(there), None) or first.get(mark)
        first.setdefault(mark, item.document.id)
        if other:
            yield Refusal(
                item.path,
                f"与“{other}”同名、同日或者都没有日期，正文不同，按另一份文件登记；"
                "是它的修改的，请改用 act amend 办理",
            )


def _mark(document: Document) -> tuple[object, ...]:
    return document.title, document.written_on, document.released_on


def _count(summary: ImportSummary, recorded: Sequence[_Item]) -> None:
    summary.imported += len(recorded)
    summary.extracted.update(name for item in recorded for name in item.extracted)


def _ours(items: Iterable[_Item], owning: Owning, summary: ImportSummary) -> Iterator[_Item]:
    """The items whose text no other organ owns; the others are refused with the way out."""
    for item in items:
        found = owning.of(item.document, item.body)
        if found is None:
            yield item
            continue
        reason = f"{found.said(item.document)}。导入时加 --repost 转为转载，或者运行："
        summary.refused.append(Refusal(item.path, reason + found.command(item.document)))


def _new_ones(store: SqlStore, items: Sequence[_Item], summary: ImportSummary) -> list[_Item]:
    """The items that are not in the library yet; the others are counted or refused."""
    held = store.snapshot({item.document.id for item in items})
    offered = store.offerings({item.document.id for item in items if item.measures})
    numbers: dict[tuple[str, str], str] = {}
    fresh: dict[str, _Item] = {}
    for item in items:
        document = item.document
        if not item.has_head and (document.id in held or document.id in fresh):
            summary.unchanged += 1  # the same text
        elif document.id in held:
            reason = _differs(item, *held[document.id], offered.get(document.id, ()))
            if reason:
                summary.refused.append(Refusal(item.path, reason))
            else:
                summary.unchanged += 1
        elif document.id in fresh:
            first = fresh[document.id]
            if (first.edition, first.document) == (item.edition, document):
                summary.unchanged += 1
            else:
                reason = (
                    f"标识“{document.id}”与本次导入的“{first.path}”重复而内容不同，"
                    "请在文件头写明各自的 id，或者补上文号、成文日期"
                )
                summary.refused.append(Refusal(item.path, reason))
        elif (key := _number(item)) and key in numbers:
            reason = f"发文字号“{document.doc_number}”与本次导入的“{numbers[key]}”重复，请核对文号"
            summary.refused.append(Refusal(item.path, reason))
        else:
            fresh[document.id] = item
            if key:
                numbers[key] = item.path
    return list(fresh.values())


def _number(item: _Item) -> tuple[str, str] | None:
    """The 发文字号 that a head declares, with the issuer."""
    document = item.document
    if not document.doc_number or document.type is not DocumentType.POLICY:
        return None
    if "doc_number" in item.extracted:
        return None  # see _with_free_numbers
    return number_key(document.doc_number), document.issuers[0] if document.issuers else ""


def _differs(
    item: _Item, old: Document, digest: str | None, offered: Sequence[Offered]
) -> str | None:
    """In what a document that is in the library differs from the item, in Chinese."""
    if not _same(item, old, digest):
        return _other(item.document, old, digest, item)
    if item.measures in ((), _offer_of(offered)):
        return None
    return _other_measures(item.document)


def _same(item: _Item, old: Document, digest: str | None) -> bool:
    mine = item.document.model_dump(exclude={"version", "stage"})
    return digest == item.edition.digest and mine == old.model_dump(exclude={"version", "stage"})


def _other(document: Document, old: Document, digest: str | None, item: _Item) -> str:
    mine = document.model_dump(exclude={"version", "stage"})
    theirs = old.model_dump(exclude={"version", "stage"})
    keys = [key for key in mine if mine[key] != theirs[key]]
    if digest != item.edition.digest:
        keys.append("正文")
    return (
        f"库中已有标识为“{document.id}”的文件，内容不同（{'、'.join(keys)}）。"
        "如是另一份文件请改用不同的 id；如是修改请用 act amend 办理"
    )


def _offer_of(texts: Sequence[Offered]) -> tuple[dict[str, Any], ...]:
    """The measures of the newest text."""
    return texts[-1].measures if texts else ()


def _other_measures(document: Document) -> str:
    return (
        f"库中标识为“{document.id}”的文件正文相同，事项（measures）不同。"
        f"补充或改写事项请用 policylib act measures {document.id} --measures 文件 办理"
    )


#: How a document comes in, by the stage it comes in at.
_ENTRIES = {row.end: row for row in TRANSITIONS if row.start is None}


def _record(store: SqlStore, items: Sequence[_Item], by: str, at: datetime) -> None:
    own = {item.document.id: item.document for item in items}
    wanted = {declared.target for item in items for declared in item.declarations}
    targets = named(store, wanted, own.values())
    changes = []
    for item in items:
        document = item.document
        edition = item.edition
        entry = _ENTRIES[document.stage]
        record = Record(
            document_id=document.id,
            act=entry.act,
            actor=by,
            role=entry.role,
            at=at,
            stage=document.stage,
            detail={"extracted": list(item.extracted)} if item.extracted else {},
        )
        relations = tuple(
            Relation(
                subject_id=document.id,
                object_id=targets.get(declared.target),
                **declared.model_dump(),
            )
            for declared in item.declarations
            if targets.get(declared.target) != document.id
        )
        changes.append(
            Change(record=record, document=document, edition=edition, relations=relations)
        )
    store.record(changes, resolved=now_found(store, own.values()))
