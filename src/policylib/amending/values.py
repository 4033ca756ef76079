"""What a decision on amendments says and what became of it (修改决定的内容与结果), as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from policylib.text.locator import Level, Locator, Step
from policylib.text.numerals import to_chinese
from policylib.text.span import Span

__all__ = [
    "Amended",
    "Applied",
    "Decision",
    "Edit",
    "Instruction",
    "Kind",
    "NotUnderstood",
    "Place",
    "PlaceStep",
    "Unapplied",
]


class Kind(StrEnum):
    """What an instruction does (修改方式)."""

    REPLACE = "修改"
    RENAME = "改名"
    PHRASE = "替换字句"
    DELETE = "删去"
    DELETE_PHRASE = "删去字句"
    INSERT = "增加"
    INSERT_TEXT = "增加字句"
    RENUMBER = "改序"
    RAISE = "款改为条"
    TERM = "延长有效期"
    MERGE = "合并"
    MOVE = "移动"
    SPLIT = "拆分"
    ORDER = "调整顺序"
    WORDING = "个别文字修改"
    EFFECT = "施行日期"
    REPUBLISH = "重新公布"


#: Kinds that say something about the decision and change no provision of their own.
FORMAL = frozenset((Kind.ORDER, Kind.EFFECT, Kind.REPUBLISH))

_LEVELS = {
    "部分": Level.PART,
    "编": Level.BOOK,
    "分编": Level.SUBBOOK,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
    "条": Level.ARTICLE,
    "款": Level.PARAGRAPH,
    "段": Level.PARAGRAPH,
    "项": Level.ITEM,
    "目": Level.SUBITEM,
    "一级": Level.HEADING1,
    "大点": Level.HEADING1,
    "二级": Level.HEADING2,
    "三级": Level.HEADING3,
    "点": Level.HEADING3,
    "四级": Level.HEADING4,
    "附件": Level.ANNEX,
    "引言": Level.PREFACE,
    "名称": Level.TITLE,
}


class PlaceStep(NamedTuple):
    """One step of a place as a decision writes it (一层): 第三条之一 is (条, 3, 1).

    ``words`` are quoted from the part and must stand in it (第二部分“主要措施”).
    """

    word: str
    number: int = 0
    suffix: int = 0
    bracketed: bool = False
    words: str = ""

    def __str__(self) -> str:
        zhi = f"之{to_chinese(self.suffix)}" if self.suffix else ""
        if self.word in {"引言", "题注", "名称"}:
            return self.word
        if self.word == "附件":
            return f"附件{self.number or ''}"
        if self.word in {"一级", "二级", "三级", "四级"}:
            return str(Step(_LEVELS[self.word], self.number))
        return f"第{to_chinese(self.number)}{self.word}{zhi}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instruction points (修改位置), in the words of the decision.

    ``upto`` is the last number of a range (第三条至第五条), 0 where there is none; ``heading``
    means the 章名, 节名 or 标题 of the place only, ``sentence`` one sentence of it (-1 the last).
    """

    steps: tuple[PlaceStep, ...]
    upto: int = 0
    heading: bool = False
    sentence: int = 0

    def __str__(self) -> str:
        words = "".join(map(str, self.steps))
        if self.upto:
            words += f"至{self.steps[-1]._replace(number=self.upto)}"
        words += "标题" if self.heading else ""
        if self.sentence:
            words += f"第{to_chinese(self.sentence)}句" if self.sentence > 0 else "最后一句"
        return words

    @property
    def locator(self) -> Locator:
        """The place as a locator (条款项定位), of a range its first member."""
        steps = (Step(_LEVELS[s.word], s.number, s.suffix) for s in self.steps if s.word in _LEVELS)
        return Locator(tuple(steps))


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a decision (修改指令).

    ``places`` are written with the old numbers, ``becomes`` (作为, 改为) with the new ones. ``olds``
    are the phrases to find, ``news`` the quoted new paragraphs, or one phrase for each of ``olds``.
    ``unit`` and ``count`` say what is inserted (条, 2); ``side`` is 前 or 后. ``everywhere`` means
    the whole document, ``excepts`` what it does not reach (除第三条外); ``once`` means words that
    stand in one place only, ``carried`` that the places are those of the words before. ``documents`` holds the title the instruction names, empty for the one
    document of the decision. ``quote`` is ``span`` cut out of the decision.
    """

    kind: Kind
    span: Span
    quote: str
    document: str = ""
    places: tuple[Place, ...] = ()
    becomes: tuple[Place, ...] = ()
    olds: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    unit: str = ""
    count: int = 0
    side: str = ""
    everywhere: bool = False
    excepts: tuple[Place, ...] = ()
    once: bool = False
    carried: bool = False

    @property
    def targets(self) -> tuple[Locator, ...]:
        """The places as locators (修改位置)."""
        return tuple(place.locator for place in self.places)


class NotUnderstood(NamedTuple):
    """A passage of a decision that could not be read (未识别的内容)."""

    span: Span
    quote: str
    reason: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on amendments, read (修改决定).

    ``targets`` are the titles of the documents it amends, in order; with ``adjusts`` it says that
    the order of the provisions follows (条文顺序作相应调整).
    """

    title: str
    targets: tuple[str, ...]
    instructions: tuple[Instruction, ...]
    not_understood: tuple[NotUnderstood, ...]
    preamble: Span

    @property
    def adjusts(self) -> bool:
        """Whether the numbering is to follow (条文顺序作相应调整)."""
        return any(each.kind is Kind.ORDER for each in self.instructions)


class Applied(NamedTuple):
    """One instruction that was carried out (已执行): where, and the words before and after."""

    instruction: Instruction
    where: tuple[Locator, ...]
    before: str
    after: str


class Unapplied(NamedTuple):
    """A passage of the decision that was not carried out (未执行), and why, in Chinese."""

    span: Span
    quote: str
    reason: str


class Edit(NamedTuple):
    """One change of the base (改动): ``base[span]`` became ``text``; ``cause`` says why."""

    span: Span
    text: str
    cause: str


@dataclass(frozen=True, slots=True)
class Amended:
    """A base text with a decision carried out (修改后文本).

    ``moved`` pairs the old with the new place of every provision that has another number, for
    citations in other documents. ``consequences`` are the numbers and references that had to
    follow. ``notes`` ask an editor to look at something. ``others`` are instructions for other
    documents.
    """

    text: str
    applied: tuple[Applied, ...]
    unapplied: tuple[Unapplied, ...]
    moved: tuple[tuple[Locator, Locator], ...]
    consequences: tuple[Edit, ...]
    others: tuple[Unapplied, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values for JSON (导出)."""
        return {
            "text": self.text,
            "applied": [
                {
                    "kind": each.instruction.kind.value,
                    "span": list(each.instruction.span),
                    "quote": each.instruction.quote,
                    "where": [str(where) for where in each.where],
                    "before": each.before,
                    "after": each.after,
                }
                for each in self.applied
            ],
            "unapplied": [_entry(each) for each in self.unapplied],
            "moved": [[str(old), str(new)] for old, new in self.moved],
            "consequences": [
                {"span": list(each.span), "text": each.text, "cause": each.cause}
                for each in self.consequences
            ],
            "others": [_entry(each) for each in self.others],
            "notes": list(self.notes),
        }


def _entry(each: Unapplied) -> dict[str, Any]:
    return {"span": list(each.span), "quote": each.quote, "reason": each.reason}
