"""Measures (事项): what a document offers, to whom, how much, when and where to ask for it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from policylib.model.condition import Condition, Rounding, Term, bounded
from policylib.model.document import Day, Value, Word, Words
from policylib.model.profile import Subject
from policylib.model.rule import Dated, Slug, Text
from policylib.text.dates import Period
from policylib.text.locator import Locator

__all__ = ["Amount", "Delivery", "Measure", "MeasureKind", "Sharing", "Stacking", "Window"]


class MeasureKind(StrEnum):
    """What kind of thing is offered (事项类型)."""

    SUBSIDY = "补贴"
    GRANT = "补助"
    ALLOWANCE = "津贴"
    REWARD = "奖励"
    REDUCTION = "减免"
    REFUND = "返还"
    INTEREST = "贴息"
    GUARANTEE = "担保"
    LOAN = "贷款"
    RECOGNITION = "认定"
    ASSISTANCE = "救助"
    INSURANCE = "待遇"
    SERVICE = "服务"
    POST = "岗位"
    PRIORITY = "优先"
    LICENCE = "证照"
    TRAINING = "培训"
    DUTY = "义务"
    OTHER = "其他"


class Delivery(StrEnum):
    """How it reaches people (兑现方式)."""

    WITHOUT_APPLYING = "免申即享"
    AT_ONCE = "即申即享"
    WITHIN_TIME = "限时即享"
    FAST = "快申快享"
    ON_APPLICATION = "申报"


class Sharing(StrEnum):
    """How measures of one group go together (享受规则)."""

    TOGETHER = "同享"
    HIGHEST = "就高"
    ONE = "择一"
    IN_ORDER = "按序"


class Stacking(Value):
    """How a measure goes together with others (叠加规则).

    Measures of one ``group`` share one rule: 同享, 就高 (the highest amount counts), 择一 (the
    applicant chooses), 按序 (the lowest ``order`` counts).
    """

    group: Annotated[Word, Field(title="组别")]
    rule: Annotated[Sharing, Field(title="规则")]
    order: Annotated[int, Field(title="顺序", ge=0)] = 0
    provision: Annotated[Locator | None, Field(title="依据条款")] = None


_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")


def _month_day(text: str) -> str:
    if not _MONTH_DAY.match(text):
        raise ValueError("每年的起止日应写成“月-日”，如 03-01")
    return text


_MonthDay = Annotated[str, AfterValidator(_month_day)]


class Window(Value):
    """When one may apply (申报窗口): from a day to a day, or every year from a day to a day."""

    opens_on: Annotated[Day | None, Field(title="开始日期")] = None
    closes_on: Annotated[Day | None, Field(title="截止日期", description="最后一天")] = None
    yearly_from: Annotated[_MonthDay | None, Field(title="每年自", description="如 03-01")] = None
    yearly_to: Annotated[_MonthDay | None, Field(title="每年至", description="如 06-30")] = None
    note: Annotated[Text | None, Field(title="说明")] = None
    provision: Annotated[Locator | None, Field(title="依据条款")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValueError("申报截止日期早于开始日期，请核对")
        if (self.yearly_from is None) is not (self.yearly_to is None):
            raise ValueError("yearly_from 和 yearly_to 应一起写")
        return self

    def __str__(self) -> str:
        """In words: 2025年1月1日至2025年12月31日, 每年3月1日至6月30日."""
        parts = []
        if self.opens_on or self.closes_on:
            start = _written(self.opens_on) if self.opens_on else ""
            end = _written(self.closes_on) if self.closes_on else ""
            parts.append(
                f"{start}至{end}" if start and end else f"{start}起" if start else f"至{end}"
            )
        if self.yearly_from and self.yearly_to:
            first, last = (
                "月".join(str(int(part)) for part in text.split("-"))
                for text in (self.yearly_from, self.yearly_to)
            )
            parts.append(f"每年{first}日至{last}日")
        return "，".join([*parts, *([self.note] if self.note else [])])


def _written(day: Day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class Amount(Value):
    """How much (金额规则): 定额, 比例, 差额, 封顶 and 分档 are all terms.

    ``up_to`` says that the text gives a ceiling (不超过) and the office decides the figure.
    """

    pay: Annotated[Annotated[Term, BeforeValidator(bounded)], Field(title="标准")]
    unit: Annotated[Word, Field(title="单位", description="如 元、个月、%")] = "元"
    per: Annotated[Word | None, Field(title="每", description="如 月、人、次；一次性的不写")] = None
    at_most: Annotated[Annotated[Term, BeforeValidator(bounded)] | None, Field(title="封顶")] = None
    at_least: Annotated[Annotated[Term, BeforeValidator(bounded)] | None, Field(title="保底")] = (
        None
    )
    step: Annotated[Term | None, Field(title="取整到")] = None
    rounding: Annotated[Rounding, Field(title="取整方式")] = Rounding.HALF_UP
    up_to: Annotated[bool, Field(title="为上限")] = False
    text: Annotated[Text | None, Field(title="说明", description="算不出时照此告知")] = None
    provision: Annotated[Locator | None, Field(title="依据条款")] = None
    quote: Annotated[Text | None, Field(title="原文", description="逐字摘录")] = None


class Measure(Dated):
    """One thing a document offers or asks (事项), from a day to a day (执行期)."""

    id: Annotated[Slug, Field(title="标识", description="在一份文件内唯一")]
    title: Annotated[Word, Field(title="名称")]
    kind: Annotated[MeasureKind, Field(title="事项类型")] = MeasureKind.OTHER
    subject: Annotated[Subject, Field(title="对象类别")]
    condition: Annotated[Annotated[Condition, BeforeValidator(bounded)], Field(title="申报条件")]
    amount: Annotated[Amount | None, Field(title="金额规则")] = None
    window: Annotated[Window | None, Field(title="申报窗口")] = None
    delivery: Annotated[Delivery, Field(title="兑现方式")] = Delivery.ON_APPLICATION
    settled_within: Annotated[Period | None, Field(title="兑现时限")] = None
    office: Annotated[Word | None, Field(title="受理机关")] = None
    phone: Annotated[Word | None, Field(title="咨询电话")] = None
    materials: Annotated[Words, Field(title="申报材料")] = ()
    stacking: Annotated[tuple[Stacking, ...], Field(title="叠加规则", max_length=20)] = ()
    provision: Annotated[
        Locator | None, Field(title="依据条款", description="各条件未另写的依此")
    ] = None
    quote: Annotated[Text | None, Field(title="原文", description="逐字摘录")] = None
