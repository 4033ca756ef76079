"""REF: what a text cites and lists agrees with the library and with itself (引用与清理目录)."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.checks.framework import Case, Flaw, check, titled
from policylib.errors import ParseError
from policylib.model.document import Document
from policylib.model.vocabulary import DocumentType, Severity, Validity
from policylib.text.docnumber import DocNumber
from policylib.text.span import Span

__all__ = ["cites_ended", "sums_differ", "unknown_number"]

_ENDED = {Validity.LAPSED, Validity.REPEALED, Validity.REVOKED}
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
            if document.id not in seen and state in _ENDED:
                seen.add(document.id)
                yield _ended(case, document, str(state), cited.span)


def _ended(case: Case, document: Document, state: str, span: Span) -> Flaw:
    number = f"（{document.doc_number}）" if document.doc_number else ""
    return Flaw(
        f"引用的{titled(document.title)}{number}已{state}",
        "改引现行有效的文件，或者注明该文件已不再执行",
        case.where(span.start),
    )


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
