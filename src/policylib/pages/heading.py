"""The header of a page (文件头): from labels and their words to fields; the title of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policylib.errors import ParseError
from policylib.model.vocabulary import THEMES, Disclosure, Validity
from policylib.pages.content import Content
from policylib.pages.dom import Dom
from policylib.pages.labels import CHROME, Hit
from policylib.text.dates import find_dates, parse_date
from policylib.text.docnumber import DocNumber
from policylib.text.indexnumber import IndexNumber

__all__ = ["Fields", "head_number", "opening", "page_title", "read_fields", "validity_of"]

_LABELS: dict[Validity, str] = {
    Validity.IN_FORCE: "有效 现行有效 继续有效 生效 已生效 是 现行 有效期内 正在执行 执行中 在用 适用 保留 已修改 已修订 已被修改 修改 修订 有效修改 现行适用 长期有效 暂行有效 试行有效",
    Validity.LAPSED: "失效 已失效 无效 全文失效 过期 已过期 否 宣布失效 到期失效 自动失效 自然失效 失效废止",
    Validity.REPEALED: "废止 已废止 宣布废止 全文废止 已被废止 废止失效 停止执行",
    Validity.PARTLY: "部分失效 部分有效 部分废止 条款失效 部分条款失效 部分条款废止 部分修改失效 部分已失效 部分已废止",
    Validity.PENDING: "尚未施行 尚未生效 未生效 未施行 待生效 待施行 即将生效 即将施行",
    Validity.SUSPENDED: "暂停施行 暂停执行 中止 暂停",
    Validity.REVOKED: "撤销 已撤销 被撤销",
    Validity.UNRELEASED: "未公布",
}
_VALIDITIES = {word: value for value, words in _LABELS.items() for word in words.split()}
_IN_TITLE = re.compile(
    r"[\[【（(](已?(?:失效|废止|部分失效|全文失效|全文废止|部分废止|撤销))[\]】）)]"
)
_DATES = ("written_on", "released_on", "effective_on", "expires_on")
_HOUR = re.compile(
    r"(?:[日号\s\x1fT]|[0-9])[\sT]{0,3}([01]?[0-9]|2[0-3])[:：时]([0-5][0-9])(?![0-9])"
)
#: 2023-12-1110:39, where the page lost the space.
_GLUED = re.compile(r"([0-9]{4}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?)([0-9]{2}[:：][0-9]{2})")
_ORGAN_END = re.compile(
    r"(?:政府|办公室|办公厅|局|委|委员会|部|厅|院|会|中心|署|军委|办|社|公司|支队|大队|总队|法院|检察院|镇|乡|街道|街道办事处|办事处|处|科|站|所|校|馆|队|海关|团|联|"
    r"集团|银行|政协|人大|纪委|监委|组|开发区|园区|区|县|市|省)\Z"
)
_ORGAN_CUT = re.compile(r"[、,，;；/|]|\s+")
_WORD_CUT = re.compile(r"[;；,，|]|\s{1,20}|、")
_EMPTY = frozenset(
    (
        "",
        "无",
        "-",
        "--",
        "—",
        "——",
        "/",
        "暂无",
        "空",
        "null",
        "none",
        "undefined",
        "　",
        "略",
        "〔〕",
        "[]",
        "〔〕号",
    )
)
_SITE = re.compile(r"\s{0,3}(?:[-_|—–－]{1,3}|\s–\s|>>|·)\s{0,3}")
_SITE_NAME = re.compile(
    r"(?:政府网|门户网站|人民政府|信息公开|政务公开|网站|官网|政务网|栏目|首页|政策文件|通知公告|[局委办厅部]|中心|平台|文件库|政府信息公开网|街道|镇|乡|县|市|区|网)\Z"
)
_TITLE_NAMES = re.compile(
    r"(?:\A|[\s_-])(?:title|tit|biaoti|bt|wz_title|wztitle|article-title|articletitle|article_title|art_title|arttitle|newstitle|news_title|news-title|"
    r"xl_title|xl-title|contenttitle|content-title|content_title|detail-title|detail_title|info-title|info_title|con_title|page-title|h_title|xxgk_title|wenzhang_title|bigtitle|maintitle|main-title|ucap-title)(?:\Z|[\s_-])"
)
_TITLE_END = re.compile(
    r"(?:通知|意见|办法|规定|决定|公告|通告|批复|函|方案|细则|通报|条例|规划|计划|措施|规则|命令|令|报告|公示|纪要|解读|答复|要点|预案|清单|目录|指南|制度|标准|规范|规程|公报|决议|议案|请示|总结|公开|说明|解答|问答)"
    r"(?:[（(][^（()）]{1,30}[）)])?\Z"
)
_LONGEST_TITLE = 300


@dataclass(slots=True)
class Fields:
    """Header fields by their keys, and what was wrong with them (Chinese sentences)."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    title: str = ""


def validity_of(text: str) -> Validity | None:
    """What a label of 有效性 means (有效性取值), None for words that are none.

    >>> validity_of("现行有效"), validity_of("已废止")
    (<Validity.IN_FORCE: '现行有效'>, <Validity.REPEALED: '废止'>)
    """
    plain = re.sub(r"[\s\x1f【】\[\]（）()。]", "", text[:60])
    if plain in _VALIDITIES:
        return _VALIDITIES[plain]
    try:
        return Validity(plain)
    except ValueError:
        pass
    head = re.split(r"[,，;；:：]", plain, maxsplit=1)[0]
    return _VALIDITIES.get(head)


def read_fields(hits: Iterable[Hit]) -> Fields:
    """Read the values of header labels (读取文件头).

    A header that stands twice on the page is one header; where the two differ, the first counts and
    the difference is reported.
    """
    found = Fields()
    seen: dict[str, tuple[str, str]] = {}
    issuer_label = False
    for hit in hits:
        value = " ".join(hit.value.split())
        if hit.key == CHROME or value.lower() in _EMPTY or not _plausible(hit, value):
            continue
        known = seen.get(hit.key)
        if known:
            if hit.sure and _differ(hit, known, value):
                found.problems.append(
                    f"页面上有两处“{known[0]}”且不一致：“{known[1][:60]}”和“{value[:60]}”，请核对"
                )
            continue
        seen[hit.key] = (hit.label, value)
        if hit.key == "title":
            found.title = value[:_LONGEST_TITLE]
            continue
        issuer_label = issuer_label or hit.key == "issuers"
        found.values |= _value(hit.key, hit.label, value, found.problems)
    publisher = found.values.get("publisher")
    if publisher and not issuer_label:
        found.values["issuers"] = _organs(publisher)
    return found


def _differ(hit: Hit, known: tuple[str, str], value: str) -> bool:
    if hit.key in ("publisher", "source", "keywords", "contact", "category"):
        return False
    if hit.key in _DATES:
        first, second = _date(known[1]), _date(value)
        return hit.label == known[0] and bool(first and second and first != second)
    if hit.key == "validity":
        return validity_of(value) != validity_of(known[1])
    same = re.sub(r"\W", "", known[1]) == re.sub(r"\W", "", value)
    return hit.label == known[0] and not same


def _plausible(hit: Hit, value: str) -> bool:
    """Whether a value can be one of its field; asked of what merely follows a label, too."""
    match hit.key:
        case "doc_number":
            if hit.label == "字号" and not DocNumber.looks_like(value):
                return False  # 字号：大 中 小
            return hit.sure or DocNumber.looks_like(value)
        case "index_number":
            return bool(re.search(r"[0-9A-Za-z]", value)) and len(value) <= 100
        case "written_on" | "released_on" | "effective_on" | "expires_on":
            return any(char.isdigit() or char in "〇一二三" for char in value) and len(value) < 80
        case "validity":
            return validity_of(value) is not None or len(value) <= 12
        case "contact":
            return any(char.isdigit() for char in value)
        case "term":
            return len(value) <= 40
    return len(value) <= 500


def _date(value: str) -> date | None:
    value = _GLUED.sub(r"\1 \2", value[:100])
    try:
        return parse_date(value)
    except ParseError:
        return next((day for _, day in find_dates(value)), None)


def _value(key: str, label: str, value: str, problems: list[str]) -> dict[str, Any]:
    """One field from its words, with the reason in ``problems`` where they cannot be read."""
    if key in _DATES:
        return _day(key, label, value, problems)
    match key:
        case "doc_number":
            return {key: _number(value, problems)}
        case "index_number":
            try:
                return {key: str(IndexNumber.parse(value))}
            except ParseError:
                return {}
        case "issuers":
            return {key: _organs(value)}
        case "themes":
            return {
                key: tuple(_theme(part) for part in re.split(r"[;；,，]", value) if part.strip())
            }
        case "keywords" | "audience":
            return {key: tuple(dict.fromkeys(w for w in _WORD_CUT.split(value) if w.strip()))}
        case "validity":
            meaning = validity_of(value)
            if meaning is None:
                problems.append(f"有效性“{value[:20]}”不是可识别的取值，请核对")
            return {"validity": meaning, "validity_label": value}
        case "disclosure":
            word = value.replace(" ", "")
            return {key: next((str(each) for each in Disclosure if each in word), value)}
    return {key: value}


def _day(key: str, label: str, value: str, problems: list[str]) -> dict[str, Any]:
    day = _date(value)
    if day is None:
        problems.append(f"“{label}”的值“{value[:30]}”不是可识别的日期，请核对")
        return {}
    found: dict[str, Any] = {key: day}
    hour = _HOUR.search(_GLUED.sub(r"\1 \2", value[:100]))
    if key == "released_on" and hour:
        found["released_at"] = f"{day.isoformat()}T{int(hour[1]):02d}:{hour[2]}"
    return found


def _number(value: str, problems: list[str]) -> str:
    """A 发文字号 in its official form; as written where it is damaged or none."""
    try:
        number = DocNumber.parse(value)
    except ParseError as error:
        problems.append(str(error))
        return value[:200]
    problems.extend(number.notes)
    return value if number.notes else str(number)


def _organs(value: str) -> tuple[str, ...]:
    """Several organs apart; a 、 inside one name stays."""
    found: list[str] = []
    pending = ""
    for part in re.split(f"({_ORGAN_CUT.pattern})", value[:1000]):
        if part and _ORGAN_CUT.fullmatch(part):
            if _ORGAN_END.search(pending):
                found.append(pending)
                pending = ""
            elif pending:
                pending += part
        else:
            pending += part
    return tuple(dict.fromkeys(name.strip() for name in (*found, pending) if name.strip()))


def _theme(text: str) -> str:
    """A 主题分类 with a backslash between its levels."""
    text = text.strip()
    for top in THEMES:
        if text.startswith(top) and len(text) > len(top):
            rest = re.sub(r"\A[\s/\\＼>＞»→\-—_|]+", "", text[len(top) :])
            if len(rest) < len(text) - len(top):
                return f"{top}\\{rest.strip()}"
    return re.sub(r"\s{0,4}[>＞＼]\s{0,4}", r"\\", text)


def head_number(lines: Iterable[str], title: str) -> str | None:
    """The 发文字号 that stands alone, or after the title, in a line at the head of the text."""
    for line in lines:
        text = line.removeprefix(title).strip("（）() ")
        if 6 <= len(text) <= 50 and DocNumber.looks_like(text):
            try:
                number = DocNumber.parse(text)
            except ParseError:
                continue
            if not number.notes and "关于" not in number.agency:
                return str(number)
    return None


def page_title(dom: Dom, content: Content, read: Fields) -> str:
    """The title of the document: from the header, the page's own tags, its headings, its first lines."""
    title = read.title
    if not title:
        title = dom.meta.get("articletitle", "") or _heading(dom, content)
    if not title:
        title = _first_lines([dom.lines[n].text for n in content.lines[:8]]) or _above(dom, content)
    if not title:
        title = _without_site(dom.title)
    title = title[:_LONGEST_TITLE].strip()
    label = _IN_TITLE.search(title)
    if label and "validity" not in read.values:
        read.values |= {"validity": validity_of(label[1]), "validity_label": label[1]}
        title = (title[: label.start()] + title[label.end() :]).strip()
    return title


def _heading(dom: Dom, content: Content) -> str:
    """The heading of the article: ``h1`` or a block named title, the nearest above the text."""
    head = re.sub(r"\s", "", dom.title)
    best: tuple[int, int, str] | None = None
    for number, line in enumerate(dom.lines[: content.first + 1]):
        if content.outer[number] or not 4 <= len(line.text) <= _LONGEST_TITLE:
            continue
        if any(len(anchor.text) * 2 > len(line.text) for anchor in line.anchors):
            continue
        names = dom.elements[line.element].names
        score = (
            2 * (line.level == 1) + (line.level in (2, 3)) + 2 * bool(_TITLE_NAMES.search(names))
        )
        if not score:
            continue
        plain = re.sub(r"\s", "", line.text)
        score += 3 * (plain in head and bool(head)) + 2 * bool(_TITLE_END.search(plain))
        if line.level in (2, 3) and score == 1:
            continue  # the heading of a side column
        if best is None or (score, number) >= best[:2]:
            best = (score, number, line.text)
    return _join_heading(dom, best[1]) if best else ""


def _join_heading(dom: Dom, number: int) -> str:
    """A heading broken over lines of one block is one title."""
    element = dom.lines[number].element
    block = dom.elements[element]
    if block.last - block.first > 4:
        return dom.lines[number].text
    lines = dom.lines[block.first : block.last]
    return _joined([line.text for line in lines if line.element == element])


def _first_lines(lines: Sequence[str]) -> str:
    """The title above the text: lines until one that ends like a title."""
    parts: list[str] = []
    for line in lines:
        if re.search(r"[。；，：:]\Z", line) or DocNumber.looks_like(line):
            break
        parts.append(line)
        if _TITLE_END.search(line) or len(parts) == 4:
            break
    return _joined(parts) if parts and _TITLE_END.search(parts[-1]) else ""


def _above(dom: Dom, content: Content) -> str:
    """The last line above the text that ends like a title."""
    lines = [dom.lines[n] for n in opening(dom, content) if n < content.first]
    found = [line.text for line in lines if len(line.text) >= 8 and _TITLE_END.search(line.text)]
    return found[-1] if found else ""


def opening(dom: Dom, content: Content) -> list[int]:
    """The lines around the beginning of the prose (文首), those just above the text with them."""
    fields = {n for hit in content.accepted for n in range(hit.first, hit.last + 1)}
    above = (
        n
        for n in range(max(0, content.first - 10), min(content.first, len(dom.lines)))
        if not content.outer[n] and not content.edges[n] and n not in fields
    )
    plain = (n for n in (*above, *content.lines[:12]) if not dom.lines[n].anchors)
    return sorted({n for n in plain if dom.lines[n].cell is None or n not in content.lines})


def _joined(parts: Sequence[str]) -> str:
    return re.sub(r"(?<=[^\x00-\xff]) (?=[^\x00-\xff])", "", " ".join(parts))


def _without_site(title: str) -> str:
    """The ``<title>`` without the name of the site at either end."""
    parts = [part for part in _SITE.split(title[:500]) if part.strip()]
    while len(parts) > 1 and (_SITE_NAME.search(parts[-1]) or len(parts[-1]) <= 8):
        parts.pop()
    while len(parts) > 1 and _SITE_NAME.search(parts[0]) and not _TITLE_END.search(parts[0]):
        parts.pop(0)
    return parts[0].strip() if parts else ""
