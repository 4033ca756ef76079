"""Subscriptions (订阅): who wants to hear of what, how far ahead, and in what form."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from policylib.model.document import Value, Word, Words
from policylib.model.profile import Profile, Subject
from policylib.model.vocabulary import InterpretationForm

__all__ = ["Ahead", "NewsKind", "PushRules", "RenditionRule", "Season", "Subscription", "yearly"]


class NewsKind(StrEnum):
    """What a message tells (动态类型)."""

    NEW = "新出台"
    CHANGED = "有变化"
    FITS = "新近符合"
    OPENS = "即将开始申报"
    CLOSES = "即将截止申报"
    SEASON = "应季提醒"
    LAPSES = "即将失效"
    ENDED = "已失效"


_Days = Annotated[int, Field(ge=0, le=366)]


class Ahead(Value):
    """How many days ahead one wants to hear (提前天数); ``None``: as the rules have it."""

    opens: Annotated[_Days | None, Field(title="开始申报前", description="日")] = None
    closes: Annotated[_Days | None, Field(title="截止申报前", description="日")] = None
    lapses: Annotated[_Days | None, Field(title="失效前", description="日")] = None


class Subscription(Value):
    """Who wants to hear of what (订阅): by a profile, by tags, or both.

    Nothing shows the facts: not ``repr``, not an error. ``id`` is the name that the sender knows
    the subscriber by; it stands in the output and nowhere else.
    """

    id: Annotated[Word, Field(title="编号", description="发送方自己的编号，只出现在推送结果中")]
    subject: Annotated[
        Subject | None, Field(title="对象类别", description="person、household 或 enterprise")
    ] = None
    facts: Annotated[
        dict[str, Any],
        Field(title="事实", description="事实名称到取值，同画像；用后即弃", max_length=2_000),
    ] = Field(default_factory=dict)
    tags: Annotated[
        Words, Field(title="标签", description="文件的标签、主题、服务对象或关键词之一相同即推送")
    ] = ()
    audience: Annotated[
        Words, Field(title="阅读需要", description="如 老年人、视障；决定推送哪种形式的解读")
    ] = ()
    kinds: Annotated[
        tuple[NewsKind, ...], Field(title="动态类型", description="不写的为全部", max_length=20)
    ] = ()
    undecided: Annotated[
        bool, Field(title="待核实的也推送", description="默认是；false 则只推送可能符合的")
    ] = True
    ahead: Annotated[Ahead, Field(title="提前天数")] = Ahead()

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.facts and self.subject is None:
            raise ValueError("写了 facts 的，应写 subject")
        if self.subject is None and not self.tags:
            raise ValueError("应写 subject 和 facts，或者写 tags")
        return self

    @property
    def profile(self) -> Profile | None:
        """The profile, where there is one."""
        if self.subject is None:
            return None
        return Profile.model_construct(subject=self.subject, facts=self.facts)

    def __repr__(self) -> str:
        return f"Subscription({len(self.facts)}项事实, {len(self.tags)}个标签)"

    __str__ = __repr__


# -- what is the same for all subscribers -------------------------------------------------------


def _month_day(text: str) -> str:
    try:
        date.fromisoformat(f"2000-{text}")
    except ValueError:
        raise ValueError("起止日应写成“月-日”，如 09-01") from None
    return text


_MonthDay = Annotated[str, AfterValidator(_month_day)]


class Season(Value):
    """When something is in demand every year (时间标签): 开学季, 供暖季 …, from a day to a day.

    A season may reach over the new year. ``words`` are what documents about it are tagged with
    besides its name.
    """

    name: Annotated[Word, Field(title="名称")]
    begins: Annotated[_MonthDay, Field(title="每年自", description="如 08-15")]
    ends: Annotated[_MonthDay, Field(title="每年至", description="如 09-15")]
    words: Annotated[Words, Field(title="标签")] = ()

    def span(self, day: date) -> tuple[date, date] | None:
        """The season that a day lies in, both days included.

        >>> Season(name="供暖季", begins="11-15", ends="03-15").span(date(2027, 1, 1))
        (datetime.date(2026, 11, 15), datetime.date(2027, 3, 15))
        """
        for year in (day.year, day.year - 1):
            found = yearly(self.begins, self.ends, year)
            if found is not None and found[0] <= day <= found[1]:
                return found
        return None


def yearly(begins: str, ends: str, year: int) -> tuple[date, date] | None:
    """A yearly span that begins in a year; a day the month does not have is its last day.

    ``None`` outside the years of the calendar.

    >>> yearly("11-15", "02-30", 2026)
    (datetime.date(2026, 11, 15), datetime.date(2027, 2, 28))
    """
    after = year + (ends < begins)
    if not date.min.year <= year <= after <= date.max.year:
        return None
    return _on(year, begins), _on(after, ends)


def _on(year: int, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


class RenditionRule(Value):
    """Which forms of interpretation an audience is served with, the best first (推送形式)."""

    audience: Annotated[Words, Field(title="阅读需要", min_length=1)]
    forms: Annotated[tuple[InterpretationForm, ...], Field(title="解读形式", max_length=50)]


class PushRules(Value):
    """What is the same for all subscribers (推送规则).

    ``first`` is how many days the first run looks back, ``late`` how many days a document may have
    been public before it came into the library, and still be new.
    """

    opens: Annotated[_Days, Field(title="开始申报前", description="日")] = 7
    closes: Annotated[_Days, Field(title="截止申报前", description="日")] = 15
    lapses: Annotated[_Days, Field(title="失效前", description="日")] = 30
    first: Annotated[_Days, Field(title="首次推送回溯", description="日")] = 30
    late: Annotated[_Days, Field(title="补录视为新出台", description="日")] = 30
    seasons: Annotated[tuple[Season, ...], Field(title="时间标签", max_length=200)] = ()
    renditions: Annotated[tuple[RenditionRule, ...], Field(title="推送形式", max_length=200)] = ()

    def forms(self, audience: Iterable[str]) -> tuple[InterpretationForm, ...]:
        """The forms for an audience, the best first; nothing for one that no rule names."""
        wanted = set(audience)
        found = [form for each in self.renditions if wanted & set(each.audience)
                 for form in each.forms]  # fmt: skip
        return tuple(dict.fromkeys(found))

    def reach(self, own: Ahead) -> Ahead:
        """How many days ahead a subscriber hears of things, in full."""
        return Ahead(
            opens=self.opens if own.opens is None else own.opens,
            closes=self.closes if own.closes is None else own.closes,
            lapses=self.lapses if own.lapses is None else own.lapses,
        )
