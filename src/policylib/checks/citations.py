"""REF: what a text cites and lists agrees with the library and with itself (引用与清理目录)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from policylib.checks.framework import Case, Flaw, check, titled
from policylib.checks.reading import AMENDS
from policylib.errors import ParseError
from policylib.model.document import Document, Edition
from policylib.model.vocabulary import ENDED, DocumentType, Severity
from policylib.reading.values import Citation
from policylib.text.docnumber import DocNumber
from policylib.text.locator import Level, Locator, Step
from policylib.text.moving import Whereabouts, from_article, moved, whereabouts
from policylib.text.outline import Outline
from policylib.text.span import Span

__all__ = [
    "cites_ended",
    "cites_moved",
    "cites_nothing",
    "lacks_amendment",
    "sums_differ",
    "unknown_number",
]

#: Texts that tell people what to do now; a policy may well speak of its predecessors.
_GUIDES = {DocumentType.INTERPRETATION, DocumentType.REPOST}


@check("REF005", severity=Severity.HINT, title="引用的本机关文号库中没有")
def unknown_number(case: Case) -> Iterator[Flaw]:
    """Find a cited 发文字号 of this document's own 机关代字 that no document of the library has.

    An office's own documents should be in its library; a number that leads nowhere is mostly
    mistyped, or the document was never taken in. Needs the library, and one that has other
    documents of the 机关代字.

    Good: 根据《某县绿化办法》（某政〔2024〕5号） and 某政〔2024〕5号 is in the library

    Bad: 根据《某县绿化办法》（某政〔2024〕55号） and no document has that number
    """
    try:
        own = DocNumber.parse(case.header.doc_number) if case.header.doc_number else None
    except ParseError:
        own = None
    if own is None or not case.neighbours.by_number(own.key):
        return
    seen: set[str] = set()
    for cited in case.told.citations:
        number = cited.doc_number
        if number is None or number.key in seen or number.agency != own.agency:
            continue
        seen.add(number.key)
        if number.key != own.key and not case.neighbours.by_number(number.key):
            yield Flaw(
                f"引用的{number}在库中没有",
                f"核对文号；文号无误的，把该文件补录入库：policylib import 文件 --released（{number}）",
                case.where(cited.span.start),
            )


@check("REF006", severity=Severity.WARNING, title="清理件数与目录不符")
def sums_differ(case: Case) -> Iterator[Flaw]:
    """Find a clean-up whose text states other numbers of documents than its lists have.

    废止12件 above a list of eleven leaves one document in doubt: is it repealed or not?

    Good: 决定废止2件文件 with two documents in the list

    Bad: 决定废止3件文件 with two documents in the list
    """
    lists = case.told.clean_up
    for problem in lists.problems if lists else ():
        yield Flaw(problem, "逐件核对目录，改正件数，或者补齐、删去目录中的文件", "正文")


@check("REF007", severity=Severity.WARNING, title="引用了已失效或废止的文件")
def cites_ended(case: Case) -> Iterator[Flaw]:
    """Find an interpretation or a repost that cites a document no longer in force by its number.

    Whoever reads a guide follows it: a guide to what has ended is taken down or says so (county
    practice: 及时清除失效、错误的政策、指南和活动信息). Legal bases are REF003. Needs the library.

    Good: 解读 of a policy in force

    Bad: 解读 that sends people to 《某县廉租住房办法》（某政〔2010〕4号） after its repeal
    """
    if case.header.type not in _GUIDES:
        return
    ending = [repeal.span for repeal in case.told.repeals]
    seen: set[str] = set()
    for cited in case.told.citations:
        number = cited.doc_number
        if number is None or any(_holds(span, cited.span) for span in ending):
            continue
        for document in case.others(case.neighbours.by_number(number.key)):
            state = case.neighbours.validity(document.id)
            if document.id not in seen and state in ENDED:
                seen.add(document.id)
                yield _ended(case, document, str(state), cited.span)


@check("REF008", severity=Severity.WARNING, title="修改决定已施行，正文还没有修改")
def lacks_amendment(case: Case) -> Iterator[Flaw]:
    """Find a document whose text lacks an amendment that is in force.

    Whoever reads the text, or is matched with what it offers, is told the former figures
    (``links`` lists the same as 未落实). Needs the library, and a decision whose relation 修改 is
    declared or confirmed.

    Good: the decision was carried out: policylib amend 办法 --made-by 决定 --by 王芳

    Bad: 关于修改《某县高龄津贴办法》的决定 in force since 2025年10月1日, and the text still has 50元
    """
    if not isinstance(case.header, Document):
        return
    for decision, reason in case.neighbours.lacking(case.header.id):
        yield Flaw(
            f"{titled(decision.title)}：{reason}",
            f"先预览再写入：policylib amend {case.header.id} --made-by {decision.id}",
            "正文",
        )


@check("REF009", severity=Severity.WARNING, title="引用的条款已改变条号或删去")
def cites_moved(case: Case) -> Iterator[Flaw]:
    """Find a cited provision of another document that an amendment has renumbered or deleted.

    The citation was right when it was written; now it leads to another article. Decisions on
    amendments are passed over: they name the places they found. Needs the library, with the texts
    before and after the amendment.

    Good: 按照《某县绿化办法》（某政〔2024〕5号）第七条补植, and it is still 第七条

    Bad: 按照《某县绿化办法》（某政〔2024〕5号）第六条补植, since 2026 第七条
    """
    written = case.header.written_on or case.header.released_on
    if written is None:
        return
    for cited, document in _cited_provisions(case):
        texts = [each for each in case.neighbours.texts(document.id) if _begun(each, case.on)]
        before = [each for each in texts if _begun(each, written)] or texts[:1]
        if not before or before[-1] is texts[-1]:
            continue
        gone = _whereabouts(before[-1].body, texts[-1].body)
        for each in moved(cited.place or "", gone):
            if each.misplaced:
                yield Flaw(
                    f"引用的{titled(document.title)}{each}",
                    f"核对后改为“{each.now}”" if each.now else "核对后改引其他条款，或删去引用",
                    case.where(cited.span.start),
                )


@check("REF010", severity=Severity.WARNING, title="被引文件没有所引的条款")
def cites_nothing(case: Case) -> Iterator[Flaw]:
    """Find a cited article that no text of the document cited has ever had.

    A mistyped 第几条, or the wrong document. Needs the library with the document cited; what was
    written before its first text there is passed over.

    Good: 《某县绿化办法》（某政〔2024〕5号）第七条, of 二十条

    Bad: 《某县绿化办法》（某政〔2024〕5号）第七十条, of 二十条
    """
    written = case.header.written_on or case.header.released_on or case.on
    for cited, document in _cited_provisions(case):
        if document.starts_on and written < document.starts_on:
            continue
        had = [_articles(each.body) for each in case.neighbours.texts(document.id)]
        if not had or not all(had):
            continue
        try:
            places = Locator.parse_all(cited.place or "")
        except ParseError:
            continue
        for place in filter(None, map(from_article, places)):
            first = place.steps[0]
            if not any(first in each for each in had):
                yield Flaw(
                    f"{titled(document.title)}没有{Locator((first,))}",
                    "核对条款序号和被引文件，改为实际的条款",
                    case.where(cited.span.start),
                )


def _cited_provisions(case: Case) -> Iterator[tuple[Citation, Document]]:
    """The citations of provisions of documents in the library; none in a decision on amendments."""
    if AMENDS.search(case.body):
        return
    for cited in case.told.citations:
        if cited.place and not cited.own:
            for document in _meant(case, cited):
                yield cited, document


@lru_cache(maxsize=64)
def _whereabouts(before: str, after: str) -> dict[Locator, Whereabouts]:
    return whereabouts(before, after)


@lru_cache(maxsize=64)
def _articles(body: str) -> frozenset[Step]:
    """The articles of a text, whatever 章 or text they stand in."""
    return frozenset(
        locator.steps[-1]
        for locator, provision in Outline.parse(body).walk()
        if provision.level is Level.ARTICLE
    )


def _meant(case: Case, cited: Citation) -> tuple[Document, ...]:
    """The one document that is cited; none where several may be meant."""
    found: tuple[Document, ...] = ()
    if cited.doc_number:
        found = case.others(case.neighbours.by_number(cited.doc_number.key))
    elif cited.title:
        found = case.others(case.neighbours.by_title(cited.title))
    return found if len(found) == 1 else ()


def _begun(edition: Edition, day: date) -> bool:
    return edition.effective_on is None or edition.effective_on <= day


def _ended(case: Case, document: Document, state: str, span: Span) -> Flaw:
    number = f"（{document.doc_number}）" if document.doc_number else ""
    return Flaw(
        f"引用的{titled(document.title)}{number}已{state}",
        "改引现行有效的文件，或者注明该文件已不再执行",
        case.where(span.start),
    )


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
