"""One rule with a figure (规则): what must be done by when, on which legal basis, from when on.

A rule that is not verified against the full text of its basis may warn, never block.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from policylib.model.document import Day, Value, Word, Words
from policylib.model.vocabulary import DocumentClass, DocumentType, OrganLevel
from policylib.text.dates import Period, PeriodUnit

__all__ = [
    "Anchor",
    "Basis",
    "Bound",
    "Dated",
    "DocumentClass",
    "Duty",
    "Rule",
    "Scope",
    "Slug",
    "Text",
]


class Duty(StrEnum):
    """What a rule is about (规则事项)."""

    COMMENT_PERIOD = "征求意见期限"
    HEARING_NOTICE = "听证公告期限"
    HEARING_PAPERS = "听证材料送达"
    LEGAL_REVIEW = "合法性审核时限"
    EFFECT_DELAY = "施行间隔"
    FILING = "备案期限"
    FILING_REPAIR = "备案补正期限"
    FILING_REVIEW = "备案审查时限"
    FILING_ANSWER = "审查处理反馈"
    IMPLEMENTING_RULES = "配套规定期限"
    DISCLOSURE = "主动公开时限"
    INTERPRETATION = "解读时限"
    FEEDBACK = "意见反馈时限"
    EVALUATION = "评估提前"
    EVALUATION_REPORT = "评估报告提前"
    EVALUATION_SUBMISSION = "评估报政府提前"
    LONGEST_VALIDITY = "有效期上限"
    DEFAULT_VALIDITY = "有效期默认"
    CLEANING = "清理周期"
    REPLY = "答复期限"
    REPLY_EXTENSION = "答复延长期限"
    DEPARTMENT_REPORT = "部门年度报告"
    GOVERNMENT_REPORT = "政府年度报告"
    QUARTERLY_RECORD = "立改废季度记录"
    NEWS_COLUMN = "动态栏目更新"
    DOCUMENT_COLUMN = "文件栏目更新"
    MESSAGE_REPLY = "留言答复时限"


class Bound(StrEnum):
    """How the figure binds (约束方式)."""

    AT_LEAST = "不少于"
    AT_MOST = "不超过"
    WITHIN = "应在…内"
    DEFAULT = "默认"
    EVERY = "每"

    @property
    def is_upper(self) -> bool:
        """Whether the figure is the most that is allowed; 不超过 and 应在…内 both are."""
        return self in {Bound.AT_MOST, Bound.WITHIN}


class Anchor(StrEnum):
    """The event from which a rule counts (起算点); the 前 ones count backwards from it."""

    RELEASED = "公布"
    WRITTEN = "成文"
    EFFECTIVE = "施行"
    COMMENT_OPENS = "征求意见开始"
    COMMENT_CLOSES = "征求意见结束"
    BEFORE_LAPSE = "失效前"
    BEFORE_HEARING = "听证前"
    REVIEW_SENT = "送审"
    RECEIVED = "收到"
    STARTED = "启动审查"
    REPLY_DUE = "答复期满"
    LAST_DONE = "上次办理"
    YEAR_END = "年末"
    QUARTER_END = "季末"

    @property
    def is_backward(self) -> bool:
        """Whether the figure is counted back from the event."""
        return self in {Anchor.BEFORE_LAPSE, Anchor.BEFORE_HEARING}

    @property
    def is_period_end(self) -> bool:
        """Whether it is the last day of a year or a quarter, so that months end with the month."""
        return self in {Anchor.YEAR_END, Anchor.QUARTER_END}


def _slug(text: str) -> str:
    if any(mark in text for mark in "/\\ \t") or text.startswith("."):
        raise ValueError("标识中不能有空格、斜线，也不能以点开头")
    return text


def _one(value: Any) -> Any:
    """Accept one word where a list is meant."""
    return (value,) if isinstance(value, str) else () if value is None else value


_Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Slug = Annotated[_Id, AfterValidator(_slug)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class Dated(Value):
    """Something that holds from a day to a day, both included; open where empty (适用期)."""

    valid_from: Annotated[Day | None, Field(title="适用起日")] = None
    valid_to: Annotated[Day | None, Field(title="适用止日", description="适用的最后一天")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"适用止日{self.valid_to}早于适用起日{self.valid_from}，请核对")
        return self

    def holds_on(self, day: Day) -> bool:
        """Whether ``day`` lies within."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def overlaps(self, other: Dated) -> bool:
        """Whether a day lies within both."""
        starts = [each for each in (self.valid_from, other.valid_from) if each]
        ends = [each for each in (self.valid_to, other.valid_to) if each]
        return not starts or not ends or max(starts) <= min(ends)


class Basis(Value):
    """What a rule rests on (依据): a named text, its number, the provision, its words."""

    title: Annotated[Word, Field(title="名称")]
    number: Annotated[Word | None, Field(title="文号")] = None
    article: Annotated[Word | None, Field(title="条款")] = None
    quote: Annotated[Text | None, Field(title="原文", description="逐字摘录")] = None

    def __str__(self) -> str:
        """As officers cite it: 《规章制定程序条例》（国务院令第322号）第三十四条.

        A practice (neither number nor provision) and a text whose name is not known have no 《》.
        """
        number = f"（{self.number}）" if self.number else ""
        named = (self.number or self.article) and not self.title.endswith(("未核实）", "未载明）"))
        title = f"《{self.title}》" if named else self.title
        return f"{title}{number}{self.article or ''}"


class Scope(Value):
    """Which documents are meant (适用范围): every condition that is given must hold.

    A condition on something that is not known of a document does not hold.
    """

    types: Annotated[tuple[DocumentType, ...], BeforeValidator(_one), Field(title="文件类型")] = ()
    kinds: Annotated[Words, Field(title="公文种类")] = ()
    forms: Annotated[Words, Field(title="文件形式")] = ()
    title_words: Annotated[Words, Field(title="标题用词", description="如 试行、暂行")] = ()
    tags: Annotated[Words, Field(title="标签")] = ()
    registered: Annotated[
        bool | None, Field(title="有统一编号", description="有没有规范性文件统一编号")
    ] = None
    issuer_levels: Annotated[
        tuple[OrganLevel, ...], BeforeValidator(_one), Field(title="发文机关层级")
    ] = ()
    classes: Annotated[
        tuple[DocumentClass, ...], BeforeValidator(_one), Field(title="文件类别")
    ] = ()

    @property
    def conditions(self) -> int:
        """How many conditions are given: the more, the more specific."""
        return sum(getattr(self, name) not in ((), None) for name in type(self).model_fields)

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        """Equal for scopes that mean the same, whatever the order of words."""
        given = (getattr(self, name) for name in type(self).model_fields)
        return tuple(
            tuple(sorted(map(str, each))) if isinstance(each, tuple) else (str(each),)
            for each in given
        )


class Rule(Dated):
    """One rule with a figure (规则).

    ``figure`` is counted in ``unit`` from ``anchor``; ``choices`` are the only figures allowed
    where a text leaves a choice (3年或者5年), the greatest being ``figure``.
    """

    id: Annotated[Slug, Field(title="标识")]
    title: Annotated[Word, Field(title="名称")]
    applies_to: Annotated[Scope, Field(title="适用范围")] = Scope()
    duty: Annotated[Duty, Field(title="事项")]
    bound: Annotated[Bound, Field(title="约束方式")]
    figure: Annotated[int, Field(title="数值", gt=0, le=10_000)]
    unit: Annotated[PeriodUnit, Field(title="单位")]
    choices: Annotated[tuple[int, ...], Field(title="可选数值")] = ()
    anchor: Annotated[Anchor, Field(title="起算点")]
    exception: Annotated[Text | None, Field(title="例外")] = None
    basis: Annotated[tuple[Basis, ...], Field(title="依据", min_length=1)]
    source: Annotated[Text, Field(title="来源", description="依据的文本从哪里读到")]
    verified: Annotated[bool, Field(title="已核实", description="已与依据全文逐字核对")] = False

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        if self.verified and not any(each.quote for each in self.basis):
            raise ValueError("已核实的规则应摘录依据原文，请在 basis 中填写 quote")
        if self.choices and self.figure != max(self.choices):
            raise ValueError("figure 应等于 choices 中最大的一个，请核对")
        if any(each < 1 for each in self.choices):
            raise ValueError("choices 中的数值应大于零")
        return self

    @property
    def may_block(self) -> bool:
        """Whether a breach may stop an act; unverified rules only warn."""
        return self.verified

    @property
    def period(self) -> Period:
        """The figure with its unit: 30日, 5年."""
        return Period(self.figure, self.unit)

    def is_longer(self, other: Rule) -> bool:
        """Whether its period is surely longer; across units only when no holiday explains it."""
        if self.unit is other.unit:
            return self.figure > other.figure
        spare = _LONGEST_HOLIDAY if other.unit is PeriodUnit.WORKING_DAY else 0
        return self.figure * _DAYS[self.unit][0] > other.figure * _DAYS[other.unit][1] + spare

    def is_of(self, other: Rule) -> bool:
        """Whether it binds the same duty of the same documents in the same way as ``other``."""
        return (
            self.duty is other.duty
            and self.anchor is other.anchor
            and (self.bound is other.bound or (self.bound.is_upper and other.bound.is_upper))
            and self.applies_to.key == other.applies_to.key
        )


#: The fewest and the most calendar days of a unit.
_DAYS = {
    PeriodUnit.DAY: (1, 1),
    PeriodUnit.WORKING_DAY: (1, 3),
    PeriodUnit.MONTH: (28, 31),
    PeriodUnit.YEAR: (365, 366),
}
_LONGEST_HOLIDAY = 15
