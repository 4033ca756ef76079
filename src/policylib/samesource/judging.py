"""Judging one page of an audit (逐页核查): its source, what differs, and the proof of each finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from policylib.errors import ParseError
from policylib.model.vocabulary import Severity
from policylib.pages.charset import CHARSET_PROBLEM
from policylib.pages.column import Column, stale_since
from policylib.pages.drift import compare_page
from policylib.pages.normal import text_digest
from policylib.pages.page import Page, read_page
from policylib.pages.parts import unlike
from policylib.pages.source import Drift, DriftCode, Source, Target
from policylib.samesource.fetched import FaultCode, Fetched
from policylib.samesource.manifest import Text
from policylib.samesource.sketching import resemblance, sketch

__all__ = ["AuditFinding", "Found", "Resolver", "empty_folder", "judge", "place", "read"]

_LEAST = 100
_NEAR = 0.97
_LIKE = 0.3  # below it, a page is about a text and has another one
_ERRORS = (FaultCode.GONE, FaultCode.SERVER_ERROR, FaultCode.REDIRECTS, FaultCode.BOMB)
_FIXES = {
    FaultCode.FORBIDDEN_ADDRESS: "核对网址；确在本单位内部网络的，加 --allow-private",
    FaultCode.GONE: "恢复页面，或删去指向它的链接",
    FaultCode.REDIRECTS: "请网站管理员改正跳转设置",
    FaultCode.TOO_LARGE: "核对网址是否为网页；确需核查的，另行下载后核查",
    FaultCode.BOMB: "请网站管理员检查压缩设置",
    FaultCode.ROBOTS: "请网站管理员允许核查，或改用网页文件核查",
    FaultCode.NOT_A_PAGE: "核对网址，附件不在核查范围",
    FaultCode.BUSY: "过一段时间再核查，或加大 --delay",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The source of a page as the library has it (权威来源).

    ``document`` is its id, ``ground`` by what it was known (文号, 地址, 标题, 正文). ``texts`` are digests
    and sketches where the body itself is not at hand.
    """

    document: str
    source: Source
    ground: str
    texts: tuple[Text, ...] = ()
    text: Text | None = None


class Resolver(Protocol):
    """Finds the authoritative document a page goes back to, as it stands on the day of the audit."""

    def __call__(self, page: Page) -> Found | None:
        """The source of a page; ``None`` when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something to mend on a page (核查发现), with what proves it."""

    code: str
    severity: Severity
    page: str
    document: str | None
    message: str
    fix: str
    evidence: dict[str, Any]
    organ: str = ""
    column: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as the contract has it: code, page, document, message, evidence."""
        return {
            "code": self.code,
            "page": self.page,
            "document": self.document,
            "message": self.message,
            "evidence": self.evidence,
        }


def read(got: Fetched) -> Page | ParseError | None:
    """The page that was fetched; why it cannot be read; ``None`` where nothing came."""
    if got.body is None:
        return None
    url = (got.final or got.url) if "://" in got.url else None
    try:
        return read_page(got.body, url=url, charset=got.content_type)
    except ParseError as error:
        return error


def place(got: Fetched, page: Page | ParseError | None) -> tuple[str, str]:
    """The organ and the column that a page belongs to, for the report."""
    organ = column = ""
    if isinstance(page, Page):
        header = page.header
        organ = header.publisher or (header.issuers[0] if header.issuers else "")
        column = header.category or ""
    parts = urlsplit(got.url) if "://" in got.url else None
    if parts is not None:
        return organ or parts.netloc, column or parts.path.rpartition("/")[0] or "/"
    return organ or "（未写明）", column or Path(got.url).parent.name


def judge(
    got: Fetched,
    page: Page | ParseError | None,
    resolve: Resolver,
    on: date,
    links: dict[str, Target | None],
) -> Iterator[AuditFinding]:
    """What is to be mended on a page: that it could not be had or read, or differs from its source.

    ``links`` tells what stands where links lead, see :func:`~policylib.pages.drift.compare_page`.
    """
    where = place(got, page)
    proof: dict[str, Any] = {"fetched_at": got.at.isoformat(), "url": got.final or got.url}
    proof |= {"status": got.status, "bytes_sha256": got.sha256}

    def say(
        code: str,
        severity: Severity,
        message: str,
        fix: str,
        document: str | None = None,
        **more: Any,
    ) -> AuditFinding:
        return AuditFinding(
            code, severity, got.url, document, message, fix, {**proof, **more}, *where
        )

    if got.fault is not None:
        severity = Severity.ERROR if got.fault in _ERRORS else Severity.WARNING
        said = f"{got.fault.name_zh}：{got.message}"
        yield say(
            got.fault,
            severity,
            said,
            _FIXES.get(got.fault, "稍后再核查；仍不能访问的，请联系网站管理员"),
        )
        return
    if not isinstance(page, Page):
        yield say("PAG002", Severity.ERROR, str(page or "没有内容"), "核对网页能否正常打开")
        return
    if page.column is not None:
        yield from _of_column(page, page.column, on, say)
        return
    for problem in page.problems:
        severity = Severity.HINT if problem.startswith(CHARSET_PROBLEM) else Severity.WARNING
        yield say("PAG001", severity, problem, "请网站管理员改正页面")
    found = resolve(page)
    digest = text_digest(page.body)
    drifts: list[Drift] = list(
        compare_page(page, found.source if found else None, on=on, targets=links)
    )
    more: dict[str, Any] = {"on": on.isoformat(), "page_digest": digest}
    if found is not None:
        body = found.source.body
        right = (
            text_digest(body) if body is not None else (found.text.digest if found.text else None)
        )
        more |= {"source_digest": right, "ground": found.ground}
        drifts += _by_digests(page, found)
    for drift in drifts:
        told = drift.as_dict()
        kept = {key: told[key] for key in ("expected", "found", "passages")}
        document = found.document if found else None
        yield say(drift.code, drift.severity, drift.message, drift.fix, document, **more, **kept)


def _of_column(
    page: Page, column: Column, on: date, say: Callable[..., AuditFinding]
) -> Iterator[AuditFinding]:
    """Whether a column is blank, or nothing new came for too long (空白栏目, 栏目未更新)."""
    name = page.title or "栏目"
    if column.blank is not None:
        yield say(
            DriftCode.BLANK_COLUMN, Severity.WARNING, f"栏目“{name}”没有内容：“{column.blank}”",
            "补充内容，或者撤并栏目（国办秘函〔2019〕19号）", on=on.isoformat(), found=column.blank,
        )  # fmt: skip
        return
    age = stale_since(column, name, on)
    if age is None or column.newest is None:
        return
    days, newest = (on - column.newest).days, column.newest.isoformat()
    yield say(
        DriftCode.STALE_COLUMN, Severity.WARNING,
        f"栏目“{name}”已{days}天没有更新，最近一条是{newest}；{age.said}",
        "及时更新；确无内容可发的，撤并栏目", on=on.isoformat(), expected=f"{age.days}天内", found=newest,
    )  # fmt: skip


def empty_folder(folder: Path, on: date, at: datetime) -> AuditFinding:
    """A folder of pages that has none: a column that is blank (空白栏目)."""
    proof = {"fetched_at": at.isoformat(), "url": str(folder), "on": on.isoformat()}
    return AuditFinding(
        DriftCode.BLANK_COLUMN, Severity.WARNING, str(folder), None,
        f"栏目“{folder.name}”没有页面", "补充内容，或者撤并栏目（国办秘函〔2019〕19号）", proof,
        "（未写明）", folder.name,
    )  # fmt: skip


def _by_digests(page: Page, found: Found) -> Iterator[Drift]:
    """Whether a copy differs from a text that is known by its digests alone."""
    if found.source.body is not None or found.text is None or len(page.body) < _LEAST:
        return
    if text_digest(page.body) == found.text.digest:
        return
    mine = sketch(page.body)
    like = resemblance(mine, found.text.sketch)
    older = [text for text in found.texts if text is not found.text]
    if found.text.parts:
        yield from _by_sentences(page, found, found.text, older, like)
        return
    if max((resemblance(mine, text.sketch) for text in older), default=0.0) > max(like, _NEAR):
        yield _OLD
    elif 0.3 <= like < _NEAR:
        yield Drift(
            DriftCode.TEXT,
            Severity.WARNING,
            f"正文与权威文本可能不一致（相似度约{like:.0%}）",
            "与权威文本核对，或者改为链接",
        )


_OLD = Drift(
    DriftCode.OLD_TEXT, Severity.ERROR, "页面的正文是修改以前的旧文本", "改为链接到权威文件库"
)


def _by_sentences(
    page: Page, found: Found, text: Text, older: Sequence[Text], like: float
) -> Iterator[Drift]:
    """The sentences of a copy that the text does not have, and the other way round."""
    header = found.source.header
    heads = (header.title, header.doc_number, page.header.title, page.header.doc_number)
    passages = unlike(page.body, heads, text.parts)
    if not passages:
        return
    if any(each.parts and not unlike(page.body, heads, each.parts) for each in older):
        yield _OLD
    elif like >= _LIKE:
        yield Drift(
            DriftCode.TEXT,
            Severity.ERROR,
            f"正文与权威文本有{len(passages)}处不一致，第一处：{passages[0]}",
            "与权威文本核对，或者改为链接",
            None,
            passages[0].page or None,
            passages,
        )
