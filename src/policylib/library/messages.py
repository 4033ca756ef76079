"""What a subscriber is told (推送内容): messages in JSON and in Chinese; none grants a right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from policylib.matching.answers import Verdict
from policylib.model.document import Document
from policylib.model.facts import Vocabulary
from policylib.model.subscription import NewsKind
from policylib.workflow.outlook import News
from policylib.workflow.renditions import Rendition

__all__ = ["Told", "message"]

#: The marks of a title within a title (GB/T 15834).
_INNER = str.maketrans("《》", "〈〉")
_LIKELY = "按所填情况可能符合，能否享受以受理机关审核为准。"
_WAS_LIKELY = "此前按所填情况可能符合，请留意。"
_OPEN = "按所填情况尚待核实，请补充："
_LOST = "按修改后的内容，所填情况可能不再相符，请向受理机关核实。"


@dataclass(frozen=True, slots=True)
class Told:
    """How a subscriber comes to hear of something: by a verdict on the profile, or by a tag.

    ``lost`` says that what fitted before may fit no more; its verdict is 待核实.
    """

    verdict: Verdict | None = None
    missing: tuple[str, ...] = ()
    member: int | None = None
    lost: bool = False
    day: date | None = None

    @property
    def answer(self) -> str:
        """The verdict in words."""
        return self.verdict.value if self.verdict else "按标签"


def message(
    news: News, document: Document, told: Told, rendition: Rendition, vocabulary: Vocabulary
) -> dict[str, Any]:
    """One message as JSON values; what there is nothing to say of is left out."""
    measure = news.measure
    found: dict[str, Any] = {
        "kind": news.kind.value,
        "day": (told.day or news.day).isoformat(),
        "document": document.id,
        "title": document.title,
        "number": document.doc_number,
        "measure": measure.id if measure else None,
        "name": measure.title if measure else None,
        "edition": news.edition or None,
        "answer": told.verdict.value if told.verdict else None,
        "lost": True if told.lost else None,
        "missing": list(told.missing) or None,
        "member": told.member,
        "season": news.season or None,
        "text": _text(news, document, told, vocabulary),
        "rendition": rendition.as_json(),
        "window": str(measure.window) if measure and measure.window else None,
        "office": measure.office if measure else None,
        "phone": (measure.phone if measure else None) or document.contact,
        "url": document.source_url,
    }
    return {key: value for key, value in found.items() if value is not None}


def _text(news: News, document: Document, told: Told, vocabulary: Vocabulary) -> str:
    number = f"（{document.doc_number}）" if document.doc_number else ""
    what = f"《{document.title.translate(_INNER)}》{number}"
    if news.measure is not None:
        who = f"（家庭成员第{told.member}位）" if told.member else ""
        what += f"的“{news.measure.title}”{who}"
    return f"【{news.kind}】{what}{news.said}。{_verdict(news, told, vocabulary)}"


def _verdict(news: News, told: Told, vocabulary: Vocabulary) -> str:
    if told.lost:
        return _LOST
    if told.verdict is Verdict.LIKELY:
        over = news.kind in {NewsKind.ENDED, NewsKind.CHANGED} and news.judged_on < news.day
        return _WAS_LIKELY if over else _LIKELY
    if told.verdict is Verdict.OPEN:
        asked = [_question(name, vocabulary) for name in told.missing[:5]]
        more = "等" if len(told.missing) > len(asked) else ""
        return f"{_OPEN}{' '.join(asked)}{more}" if asked else "按所填情况尚待核实。"
    return ""


def _question(name: str, vocabulary: Vocabulary) -> str:
    known = vocabulary.names.get(name)
    return known.question if known and known.question else f"“{name}”；"
