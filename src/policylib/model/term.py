"""Terms of conditions (量): quantities, days and words made from facts.

Wherever a term may stand, a number, a number with its unit (``300万元``, ``5.5%``) or a day is a
constant, and any other text is the name of a fact. Terms hold conditions and conditions hold terms;
import both from :mod:`policylib.model.condition`, which completes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    Tag,
    model_serializer,
    model_validator,
)

from policylib.model.document import Value, Word
from policylib.model.quantity import Quantity, exact, read_number, shown, unit_name
from policylib.text.dates import Period, parse_date

if TYPE_CHECKING:
    from policylib.model.condition import Condition

__all__ = [
    "TERM_KINDS",
    "TODAY",
    "Age",
    "Bare",
    "Calculation",
    "CalendarDay",
    "Choice",
    "Constant",
    "DayPart",
    "Edge",
    "Elapsed",
    "FactValue",
    "Members",
    "Name",
    "Operation",
    "Outcome",
    "ParameterValue",
    "Part",
    "Rounded",
    "Rounding",
    "Row",
    "Shifted",
    "Table",
    "Take",
    "Term",
    "TimeUnit",
]

#: The fact that is always known: the day for which is asked.
TODAY = "判断日"


class TimeUnit(StrEnum):
    """What elapsed time is counted in (计时单位)."""

    YEAR = "年"
    MONTH = "月"
    DAY = "日"


class Operation(StrEnum):
    """How terms are joined (运算)."""

    SUM = "和"
    DIFFERENCE = "差"
    PRODUCT = "积"
    RATIO = "商"
    LEAST = "最小"
    GREATEST = "最大"


class Take(StrEnum):
    """What is taken of members (汇总方式)."""

    COUNT = "个数"
    TOTAL = "合计"
    LEAST = "最小"
    GREATEST = "最大"


class Rounding(StrEnum):
    """How an amount is rounded (取整方式)."""

    HALF_UP = "四舍五入"
    UP = "进位"
    DOWN = "舍去"


class CalendarDay(StrEnum):
    """The first or last day of the year, quarter or month a day is in (期初期末)."""

    YEAR_START = "年初"
    YEAR_END = "年末"
    QUARTER_START = "季初"
    QUARTER_END = "季末"
    MONTH_START = "月初"
    MONTH_END = "月末"


class Part(StrEnum):
    """A part of a day as a number (日期部分): 月日 of 1 July is 701."""

    YEAR = "年份"
    MONTH = "月份"
    DAY = "日"
    MONTH_DAY = "月日"


# -- terms --------------------------------------------------------------------------------------

Name = Annotated[str, Field(min_length=1, max_length=60)]


_YES_NO = {"true": True, "false": False}


def _scalar(raw: Any) -> Any:
    """A bare value as the fields of a :class:`Constant`."""
    if isinstance(raw, (Constant, Mapping)):
        return raw
    if isinstance(raw, str):
        number = read_number(raw)
        if number is not None:
            return {"value": _plain(number), "unit": number.unit}
        if raw in _YES_NO:  # a head has all its values as text
            return {"value": _YES_NO[raw]}
        return {"value": parse_date(raw) if _looks_like_day(raw) else raw}
    return {"value": raw}


def _plain(number: Quantity) -> int | Decimal:
    value = number.value
    if isinstance(value, int):
        return value
    return Decimal(value.numerator) / Decimal(value.denominator)


def _looks_like_day(text: str) -> bool:
    plain = text.strip()
    return plain[:4].isdecimal() and plain[4:5] in ("-", "/", ".", "年") and plain[5:6].isdecimal()


_Scalar = StrictBool | StrictInt | Decimal | date | Word


class Constant(Value):
    """A fixed value (常量): a number with or without a unit, a day, a word, true or false."""

    value: Annotated[_Scalar, Field(title="值", union_mode="left_to_right")]
    unit: Annotated[str | None, Field(title="单位")] = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        if isinstance(raw, Mapping) and isinstance(raw.get("value"), str):
            found = _scalar(raw["value"])
            return {**found, **{k: v for k, v in raw.items() if k != "value"}}
        if isinstance(raw, Mapping) and isinstance(raw.get("value"), float):
            return {**raw, "value": _decimal(raw["value"])}
        if isinstance(raw, float):
            return {"value": _decimal(raw)}
        return _scalar(raw)

    @model_validator(mode="after")
    def _known_unit(self) -> Self:
        if self.unit is None:
            return self
        name = unit_name(self.unit)
        if name is None:
            raise ValueError(f"不认识的单位“{self.unit[:20]}”")
        if not self.is_number:
            raise ValueError("只有数字可以带单位")
        object.__setattr__(self, "unit", name)
        return self

    @model_serializer
    def _written(self) -> Any:
        if isinstance(self.value, str):
            return {"value": self.value}
        if isinstance(self.value, date):
            return self.value.isoformat()
        if isinstance(self.value, bool):
            return self.value
        if self.unit:
            return f"{shown(exact(self.value))}{self.unit}"
        return self.value if isinstance(self.value, int) else str(self.value)

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return isinstance(self.value, (int, Decimal)) and not isinstance(self.value, bool)


def _bare(constant: Constant) -> Any:
    """As written where only a constant can stand: words without the wrapping."""
    written = constant._written()
    return written["value"] if isinstance(written, dict) else written


Bare = Annotated[Constant, PlainSerializer(_bare)]


def _decimal(value: float) -> Decimal:
    exact(value)
    return Decimal(repr(value))


class FactValue(Value):
    """The value of a fact (事实值), given or derived; written as its bare name."""

    fact: Annotated[Name, Field(title="事实")]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        return {"fact": raw} if isinstance(raw, str) else raw

    @model_serializer
    def _written(self) -> Any:
        return self.fact


class Age(Value):
    """Full years of age (周岁) on a day.

    Whether a year of age is full on the birthday or on the day after is set in the vocabulary.
    """

    age: Annotated[Term, Field(title="出生日期")]
    day: Annotated[Term, Field(title="哪一天")] = FactValue(fact=TODAY)


class Elapsed(Value):
    """Full years, months or days from one day to another (期间), negative before it.

    ``begun`` counts a unit from its first day (不足一月按一月计): "within 12 months of X" is
    ``{"elapsed": "月", "since": X, "begun": true}`` at most 12. 民法典 第二百条 to 第二百零二条.
    """

    elapsed: Annotated[TimeUnit, Field(title="单位")]
    since: Annotated[Term, Field(title="自")]
    until: Annotated[Term, Field(title="至")] = FactValue(fact=TODAY)
    begun: Annotated[bool, Field(title="不足一个单位按一个计")] = False


class Shifted(Value):
    """A day moved by a period (推算日): 证书取得日期 + 12个月."""

    shift: Annotated[Term, Field(title="起点")]
    by: Annotated[Period, Field(title="期间")]
    backward: Annotated[bool, Field(title="往前推")] = False


class Edge(Value):
    """The first or last day of a year, quarter or month (期初期末): 上年末 is 年末 with offset -1."""

    edge: Annotated[CalendarDay, Field(title="期初或期末")]
    of: Annotated[Term, Field(title="哪一天所在的")] = FactValue(fact=TODAY)
    offset: Annotated[int, Field(title="前后第几个", ge=-100, le=100)] = 0


class DayPart(Value):
    """A part of a day as a number (日期部分)."""

    part: Annotated[Part, Field(title="部分")]
    of: Annotated[Term, Field(title="日期")]


class Calculation(Value):
    """Terms joined (运算): 商 of 裁员人数 and 参保人数. Division by zero is unknown."""

    calculate: Annotated[Operation, Field(title="运算")]
    of: Annotated[tuple[Term, ...], Field(title="各项", min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.calculate in (Operation.DIFFERENCE, Operation.RATIO) and len(self.of) != 2:
            raise ValueError(f"“{self.calculate}”应有两项")
        return self


class Rounded(Value):
    """A term rounded to whole steps (取整)."""

    round: Annotated[Term, Field(title="被取整的量")]
    step: Annotated[Bare, Field(title="取整到")] = Constant(value=1)
    how: Annotated[Rounding, Field(title="方式")] = Rounding.HALF_UP


class Members(Value):
    """How many members there are, or a figure of theirs (成员汇总): children under 3.

    ``where`` is judged for each member with the member's own facts; a fact that a member cannot
    have (注册地 of an employee) is the subject's.
    """

    members: Annotated[Name, Field(title="成员事实")]
    where: Annotated[Condition | None, Field(title="其中符合")] = None
    take: Annotated[Take, Field(title="取")] = Take.COUNT
    each: Annotated[Term | None, Field(title="各成员的量")] = None

    @model_validator(mode="after")
    def _each(self) -> Self:
        if (self.take is Take.COUNT) is (self.each is not None):
            raise ValueError("取“个数”时不写 each，其他取法应写 each")
        return self


class ParameterValue(Value):
    """A dated figure of the vocabulary (参数): 低保标准 where someone is registered."""

    parameter: Annotated[Name, Field(title="参数")]
    region: Annotated[Term | None, Field(title="地区", description="不写的取全国统一的")] = None
    day: Annotated[Term, Field(title="哪一天的")] = FactValue(fact=TODAY)


class Outcome(Value):
    """One piece of :class:`Choice`: the term that counts when the condition holds."""

    when: Annotated[Condition, Field(title="条件")]
    then: Annotated[Term, Field(title="取值")]


class Choice(Value):
    """The first piece whose condition holds (分段取值); unknown where there is none."""

    choose: Annotated[tuple[Outcome, ...], Field(title="各段", min_length=1, max_length=200)]
    otherwise: Annotated[Term | None, Field(title="其他情形")] = None


def _cell(raw: Any) -> Any:
    if raw is None or raw == "*":
        return None
    return raw if isinstance(raw, (list, tuple)) else [raw]


Cell = Annotated[
    Annotated[tuple[Bare, ...], Field(max_length=100)] | None,
    BeforeValidator(_cell),
]


class Row(Value):
    """A row of a tier table (一档): one cell a column, each a value, several, or * for any."""

    cells: Annotated[tuple[Cell, ...], Field(title="各列", min_length=1)]
    value: Annotated[Term, Field(title="标准")]


class Table(Value):
    """A tier table (分档表): type × grade → figure; the first row that fits counts."""

    table: Annotated[tuple[Term, ...], Field(title="列", min_length=1, max_length=10)]
    rows: Annotated[tuple[Row, ...], Field(title="各档", min_length=1, max_length=500)]
    otherwise: Annotated[Term | None, Field(title="表外")] = None

    @model_validator(mode="after")
    def _even(self) -> Self:
        if any(len(row.cells) != len(self.table) for row in self.rows):
            raise ValueError(f"分档表每行应有 {len(self.table)} 格，与列数相同")
        return self


TERM_KINDS: dict[str, type[Value]] = {
    "value": Constant,
    "fact": FactValue,
    "age": Age,
    "elapsed": Elapsed,
    "shift": Shifted,
    "edge": Edge,
    "part": DayPart,
    "calculate": Calculation,
    "round": Rounded,
    "members": Members,
    "parameter": ParameterValue,
    "choose": Choice,
    "table": Table,
}


def _term_kind(raw: Any) -> str | None:
    if isinstance(raw, Value):
        return next((key for key, model in TERM_KINDS.items() if type(raw) is model), None)
    if isinstance(raw, Mapping):
        return next((key for key in raw if key in TERM_KINDS), None)
    if isinstance(raw, str):
        return "value" if read_number(raw) is not None or _looks_like_day(raw) else "fact"
    return "value" if isinstance(raw, (bool, int, float, Decimal, date)) else None


Term = Annotated[
    Annotated[Constant, Tag("value")]
    | Annotated[FactValue, Tag("fact")]
    | Annotated[Age, Tag("age")]
    | Annotated[Elapsed, Tag("elapsed")]
    | Annotated[Shifted, Tag("shift")]
    | Annotated[Edge, Tag("edge")]
    | Annotated[DayPart, Tag("part")]
    | Annotated[Calculation, Tag("calculate")]
    | Annotated[Rounded, Tag("round")]
    | Annotated[Members, Tag("members")]
    | Annotated[ParameterValue, Tag("parameter")]
    | Annotated[Choice, Tag("choose")]
    | Annotated[Table, Tag("table")],
    Discriminator(_term_kind),
]
