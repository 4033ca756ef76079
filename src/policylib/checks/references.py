"""REF and SRC: what a document points to exists, is named rightly and is still in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from policylib.checks.framework import Case, Flaw, check, excerpt, titled
from policylib.checks.reading import AMENDS, OWN_NAMES, Cited
from policylib.errors import ParseError
from policylib.model.document import Document
from policylib.model.relation import Relation
from policylib.model.vocabulary import ENDED, DocumentType, RelationKind, Severity
from policylib.reading.titles import fits_title, same_title
from policylib.text.docnumber import DocNumber
from policylib.text.locator import Level, Locator, Step
from policylib.text.numerals import to_chinese
from policylib.text.outline import Outline

__all__ = ["companion", "dead_basis", "missing_provision", "repost", "wrong_number"]

_N = "[0-9〇零一二三四五六七八九十百]{1,8}"
_ONE = rf"第{_N}条(?:之[一二三四五六七八九十]{{1,3}})?(?:第{_N}款)?(?:第[（(]?{_N}[）)]?项)?"
_MORE = rf"(?:第{_N}款(?:第[（(]?{_N}[）)]?项)?|第[（(]?{_N}[）)]?项|{_ONE})"
_LIST = rf"{_ONE}(?:(?:、|和|及|以及|或者?|与|至|到){_MORE}){{0,30}}"
#: 本办法第三条, and a bare 第三条 behind a verb that only refers to one's own text.
_REFERENCE = re.compile(
    rf"(?:本(?:{OWN_NAMES}|法)|(?:违反|依照|按照|符合|适用|除)(?=第))(?P<places>{_LIST})(?!例)"
)
#: An article that begins a line, should the outline have taken it for a reference.
_LINE_HEAD = re.compile(r"^[#*\s]{0,8}(第[一二三四五六七八九十百]{1,8}条)", re.MULTILINE)
_BARE = re.compile(r"^(?:违反|依照|按照|符合|适用|除)")


@check("REF001", severity=Severity.ERROR, title="引用了本文件没有的条款")
def missing_provision(case: Case) -> Iterator[Flaw]:
    """Find a reference to an article, paragraph or item of this document that is not there.

    Articles move while a draft is revised and references stay behind; a penalty that refers to no
    article cannot be applied (立法法 第六十五条 numbers 条款项目 so that they can be named). Only
    本办法第N条 and the like are read, and a bare 第N条 after 违反, 依照 or 按照 where the sentence
    names no other text. Documents that amend another one are passed over: their numbers are the
    other's.

    Good: 第二条 申请条件如下…… 第三条 违反本办法第二条规定的，退回申请。

    Bad: 第二条 申请条件如下…… 第三条 违反本办法第四十条规定的，退回申请。
    """
    if AMENDS.search(case.body):
        return
    articles: dict[tuple[Step, ...], set[Step]] = {}
    for locator, provision in case.outline.walk():
        if provision.level is Level.ARTICLE:
            *outer, step = locator.steps
            articles.setdefault(tuple(outer), set()).add(step)
    if not articles:
        return
    numbers = {step.number for steps in articles.values() for step in steps}
    unread = set(_LINE_HEAD.findall(case.body))
    read = cache(_places)
    for match in _REFERENCE.finditer(case.body):
        if _BARE.match(match[0]) and _names_another(case.body, match.start()):
            continue
        if _is_quoted(case.body, match.start()):
            continue
        for place in read(match["places"]):
            article = place.steps[0]
            holders = [outer for outer, steps in articles.items() if article in steps]
            if not holders and (article.number < min(numbers) or str(article) in unread):
                continue
            if not any(_holds(case.outline, outer, place) for outer in holders):
                state = "该条没有这一款或项"
                if not holders:
                    state = f"没有这一条，最后一条是第{to_chinese(max(numbers))}条"
                yield Flaw(
                    f"“{excerpt(match[0])}”引用的{place}不存在：{state}",
                    "核对条款序号，改为实际的条款，如“本办法第三条第二款”",
                    case.where(match.start()),
                )


def _holds(outline: Outline, outer: tuple[Step, ...], place: Locator) -> bool:
    """Whether the text or annex ``outer`` has ``place``; lines after ： may be unnumbered 项."""
    if Locator((*outer, *place.steps)) in outline:
        return True
    article = outline[Locator((*outer, place.steps[0]))]
    listed = [child for child in article.children if child.level is Level.PARAGRAPH]
    first = listed[0].text(outline.body).rstrip() if listed else ""
    last = place.steps[-1]
    return last.level is Level.ITEM and first.endswith(("：", ":")) and last.number < len(listed)


def _places(text: str) -> tuple[Locator, ...]:
    try:
        return Locator.parse_all(re.sub("或者?", "、", text))
    except ParseError:
        return ()


def _sentence_before(body: str, offset: int) -> str:
    before = body[max(0, offset - 200) : offset]
    return re.split("[。；;\n]", before)[-1]


def _names_another(body: str, offset: int) -> bool:
    """Whether the sentence before ``offset`` names another text, whose article may be meant."""
    return bool(
        re.search(
            r"[》〉法]|条例|规定|办法|细则|决定|公约|协定|章程", _sentence_before(body, offset)
        )
    )


def _is_quoted(body: str, offset: int) -> bool:
    line = body[max(0, offset - 2000) : offset].rpartition("\n")[2]
    return line.count("“") > line.count("”")


@check("REF002", severity=Severity.ERROR, title="引用的标题与文号不符")
def wrong_number(case: Case) -> Iterator[Flaw]:
    """Find a cited title and 发文字号 that the library knows to belong to different documents.

    政府网站发展指引 is 国办发〔2017〕47号 and has been cited as 〔2017〕17号; whoever follows the
    number finds another text. Reported where the number is known under an unlike title, or where
    the title is known in the same year under another number of the same 机关代字. Needs the
    library.

    Good: 《政府网站发展指引》（国办发〔2017〕47号）

    Bad: 《政府网站发展指引》（国办发〔2017〕17号）
    """
    seen: set[tuple[str, str]] = set()
    for cited in case.citations:
        if cited.number is None or (cited.title, cited.number.key) in seen:
            continue
        seen.add((cited.title, cited.number.key))
        numbered = case.neighbours.by_number(cited.number.key)
        if any(fits_title(cited.title, each.title) for each in numbered):
            continue
        if numbered:
            yield Flaw(
                f"{titled(cited.title)}（{cited.number}）：该文号是{titled(numbered[0].title)}的",
                "核对被引文件，改正标题或文号",
                case.where(cited.span.start),
            )
            continue
        known = _misnumbered(case, cited, cited.number)
        if known:
            yield Flaw(
                f"{titled(cited.title)}的文号写作{cited.number}，库中是{known.doc_number}",
                f"核对后改为“{known.doc_number}”",
                case.where(cited.span.start),
            )


def _misnumbered(case: Case, cited: Cited, number: DocNumber) -> Document | None:
    """The document of that title whose number differs from ``number`` in its last part alone."""
    for each in case.neighbours.by_title(cited.title):
        if each.doc_number is None or not same_title(cited.title, each.title):
            continue
        try:
            known = DocNumber.parse(each.doc_number)
        except ParseError:
            continue
        if (known.agency, known.year) == (number.agency, number.year) and known.seq != number.seq:
            return each
    return None


@check("REF003", severity=Severity.WARNING, title="依据的文件已失效或废止")
def dead_basis(case: Case) -> Iterator[Flaw]:
    """Find a document named as legal basis that is no longer in force on the day of checking.

    What rests on a repealed document lacks its basis (规范性文件 must not be made without one,
    国办发〔2018〕37号). Read are 根据, 依据, 按照 and 依照 before a title, and declared relations
    依据. Where several documents bear the title, all must be out of force. Needs the library.

    Good: 根据《某县城乡低保办法》（某政〔2023〕2号） while that is in force

    Bad: 根据《某县城乡低保办法》（某政〔2015〕8号） after its repeal
    """
    seen: set[str] = set()
    for cited in case.citations:
        if not cited.as_basis:
            continue
        for document in _all_dead(case, cited):
            if document.id not in seen:
                seen.add(document.id)
                yield _dead(case, document, case.where(cited.span.start))
    for relation in case.relations:
        if isinstance(relation, Relation) and relation.kind is RelationKind.BASIS:
            document_id = relation.object_id
            known = case.neighbours.by_id(document_id) if document_id else None
            if known and known.id not in seen and case.neighbours.validity(known.id) in ENDED:
                seen.add(known.id)
                yield _dead(case, known, "依据")


def _all_dead(case: Case, cited: Cited) -> tuple[Document, ...]:
    """The documents that ``cited`` can mean, where none of them is in force; else nothing."""
    if cited.number:
        found = case.neighbours.by_number(cited.number.key)
        fits = fits_title
    else:
        found = case.neighbours.by_title(cited.title)
        fits = same_title
    found = case.others(
        each for each in found if each.type is DocumentType.POLICY and fits(cited.title, each.title)
    )
    dead = all(case.neighbours.validity(each.id) in ENDED for each in found)
    return found[:1] if dead else ()


def _dead(case: Case, document: Document, where: str) -> Flaw:
    number = f"（{document.doc_number}）" if document.doc_number else ""
    state = case.neighbours.validity(document.id)
    return Flaw(
        f"作为依据的{titled(document.title)}{number}已{state}",
        "改引现行有效的文件，或删去这一依据",
        where,
    )


_COMPANIONS = {
    DocumentType.INTERPRETATION: (RelationKind.INTERPRETS, "解读"),
    DocumentType.CONSULTATION: (RelationKind.CONSULTS, "征求意见"),
    DocumentType.FEEDBACK: (RelationKind.ANSWERS, "反馈"),
}


@check("REF004", severity=Severity.WARNING, title="没有登记所配套的文件")
def companion(case: Case) -> Iterator[Flaw]:
    """Find an interpretation, consultation or feedback that is not tied to its document.

    Check sheets demand 解读 one to one and linked both ways (a 2024 county table), and feedback one
    to one with its consultation. The relation is declared in the header of the companion. A
    consultation on a draft that is in no library yet may name the draft's title.

    Good: type 政策解读, relation 解读 → 某政〔2024〕5号

    Bad: type 政策解读, no relation
    """
    needed = _COMPANIONS.get(case.header.type)
    if needed is None:
        return
    kind, word = needed
    if not any(relation.kind is kind for relation in case.relations):
        yield Flaw(
            f"{case.header.type}没有登记“{kind}”关系，读者找不到它所{word}的文件",
            f"在文件关系中登记“{kind}”，目标填文号、标识或标题，如“某政〔2024〕5号”",
            "文件关系",
        )


_REPOST_LENGTH = 300


@check("SRC001", severity=Severity.ERROR, title="转载没有链接到来源或复制了正文")
def repost(case: Case) -> Iterator[Flaw]:
    """Find a repost without the address of its source, or with a copy of the text.

    A repost holds a reference and no body, so that there is one text to correct and to repeal
    (counties' 同源发布: 转载县政府文件一律链接至县级权威文件库; assessors check that published
    texts are the same). A note of up to 300 characters may say what it is about.

    Good: type 转载, source_url https://www.example.gov.cn/a.html, body 转载自某县人民政府网站。

    Bad: type 转载 without source_url
    """
    if case.header.type is not DocumentType.REPOST:
        return
    if not case.header.source_url:
        yield Flaw(
            "转载没有填写来源网址",
            "填写权威文件库中该文件的网址，如“https://www.example.gov.cn/zc/2024/5.html”",
            "来源网址",
        )
    length = len("".join(case.body.split()))
    if length > _REPOST_LENGTH:
        yield Flaw(
            f"转载复制了正文（{length}字）",
            f"删去复制的正文，只留来源链接和不超过{_REPOST_LENGTH}字的说明",
            "正文",
        )
