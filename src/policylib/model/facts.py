"""The vocabulary of matching (词表): facts, code trees and dated figures, as values.

They are read by :mod:`policylib.files.vocabulary` and used by :mod:`policylib.matching`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from policylib.errors import NotFound, ParseError
from policylib.model.condition import TODAY, Condition, Term, bounded
from policylib.model.document import Value, Word, Words
from policylib.model.profile import Subject
from policylib.model.quantity import UNITS, read_number, unit_name
from policylib.model.rule import Dated, Text

__all__ = [
    "Birthday",
    "Code",
    "Definition",
    "FactType",
    "Parameter",
    "Sensitivity",
    "Tree",
    "Vocabulary",
]


class FactType(StrEnum):
    """What the value of a fact is (事实类型)."""

    YES_NO = "是否"
    NUMBER = "数值"
    DAY = "日期"
    WORD = "选项"
    WORDS = "多选"
    CODE = "代码"
    MEMBERS = "成员"


class Sensitivity(StrEnum):
    """How a fact is to be guarded (敏感程度): 个人信息保护法 第二十八条 for the last."""

    OPEN = "公开"
    GENERAL = "一般"
    SENSITIVE = "敏感"


class Tree(StrEnum):
    """A hierarchy of codes (代码体系)."""

    REGION = "行政区划"
    INDUSTRY = "行业"


class Birthday(StrEnum):
    """From which day a year of age is full (周岁起算).

    当天 is the usual civil reading; 次日 that of criminal law (法释〔2006〕1号 第二条).
    """

    SAME_DAY = "当天"
    NEXT_DAY = "次日"


def _unit(text: str) -> str:
    name = unit_name(text)
    if name is None:
        raise ValueError(f"不认识的单位“{text[:20]}”，可用的有：{'、'.join(UNITS)}")
    return name


_Unit = Annotated[Word, BeforeValidator(_unit)]


class Definition(Value):
    """What a fact is (事实定义): type, unit, whose it is, who holds it, how it is asked for.

    A derived fact has ``holds_when`` (a tag: 是否) or ``computed`` (any other type); it is made
    anew for every day, so age bands stay right. A value that is given counts only where the
    derivation lacks facts.
    """

    name: Annotated[Word, Field(title="名称", max_length=60)]
    subjects: Annotated[
        tuple[Subject, ...],
        BeforeValidator(lambda raw: (raw,) if isinstance(raw, str) else raw),
        Field(title="对象类别", min_length=1),
    ]
    type: Annotated[FactType, Field(title="类型")]
    unit: Annotated[_Unit | None, Field(title="单位")] = None
    values: Annotated[Words, Field(title="可选值")] = ()
    open: Annotated[bool, Field(title="也可以是其他值")] = False
    tree: Annotated[Tree | None, Field(title="代码体系")] = None
    member: Annotated[Subject | None, Field(title="成员的对象类别")] = None
    past: Annotated[bool, Field(title="不会晚于判断日")] = False
    minimum: Annotated[Decimal | None, Field(title="最小值")] = None
    maximum: Annotated[Decimal | None, Field(title="最大值")] = None
    aliases: Annotated[Words, Field(title="其他名称")] = ()
    source: Annotated[Word | None, Field(title="数据来源", description="掌握该事实的登记系统")] = (
        None
    )
    sensitivity: Annotated[Sensitivity, Field(title="敏感程度")] = Sensitivity.GENERAL
    question: Annotated[Text | None, Field(title="问法")] = None
    note: Annotated[Text | None, Field(title="说明")] = None
    basis: Annotated[Text | None, Field(title="依据")] = None
    holds_when: Annotated[
        Annotated[Condition, BeforeValidator(bounded)] | None, Field(title="派生条件")
    ] = None
    computed: Annotated[
        Annotated[Term, BeforeValidator(bounded)] | None, Field(title="派生取值")
    ] = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.name == TODAY:
            raise ValueError(f"“{TODAY}”是保留名称，请换一个")
        if any(read_number(name) for name in (self.name, *self.aliases)):
            raise ValueError("事实名称不能是数字，请换一个")
        needed = {
            FactType.WORD: bool(self.values or self.open),
            FactType.WORDS: bool(self.values or self.open),
            FactType.CODE: self.tree is not None,
            FactType.MEMBERS: self.member is not None,
        }
        if not needed.get(self.type, True):
            raise ValueError("选项、多选要写 values，代码要写 tree，成员要写 member")
        if self.unit and self.type is not FactType.NUMBER:
            raise ValueError("只有“数值”有单位")
        if self.holds_when is not None and (self.computed or self.type is not FactType.YES_NO):
            raise ValueError("holds_when 只用于“是否”，其他类型写 computed")
        if self.computed is not None and self.type in (FactType.YES_NO, FactType.MEMBERS):
            raise ValueError("computed 不用于“是否”和“成员”")
        return self

    @property
    def is_derived(self) -> bool:
        """Whether it is made from other facts."""
        return self.holds_when is not None or self.computed is not None


class Code(Dated):
    """A code of a hierarchy with its name (代码).

    ``parent`` is given only where the code's digits do not say it; ``divisions`` are the first and
    the last 大类 of a 门类 of GB/T 4754. ``succeeded_by`` are the codes
    that took its place the day after ``valid_to``.
    """

    tree: Annotated[Tree, Field(title="代码体系")]
    code: Annotated[Word, Field(title="代码")]
    name: Annotated[Word, Field(title="名称")]
    parent: Annotated[Word | None, Field(title="上级代码")] = None
    divisions: Annotated[
        Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")] | None,
        Field(title="所含大类", description="行业门类的大类起止，如 13-43"),
    ] = None
    succeeded_by: Annotated[Words, Field(title="后继代码")] = ()

    @model_validator(mode="after")
    def _ended(self) -> Self:
        if self.succeeded_by and self.valid_to is None:
            raise ValueError(f"代码“{self.code}”有后继，应写停用日 valid_to")
        return self


class Parameter(Dated):
    """A dated figure (参数): 低保标准 of a region, from a day to a day."""

    name: Annotated[Word, Field(title="名称")]
    region: Annotated[Word | None, Field(title="地区代码", description="全国统一的不写")] = None
    value: Annotated[Decimal, Field(title="数值")]
    unit: Annotated[_Unit | None, Field(title="单位")] = None
    basis: Annotated[Text, Field(title="依据")]
    verified: Annotated[bool, Field(title="已核实")] = False


class Vocabulary(Value):
    """All that conditions may speak of (词表)."""

    facts: Annotated[tuple[Definition, ...], Field(title="事实")] = ()
    codes: Annotated[tuple[Code, ...], Field(title="代码")] = ()
    parameters: Annotated[tuple[Parameter, ...], Field(title="参数")] = ()
    birthday: Annotated[Birthday, Field(title="周岁起算")] = Birthday.SAME_DAY

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        seen: set[str] = set()
        for each in self.facts:
            for name in (each.name, *each.aliases):
                if name in seen:
                    raise ValueError(f"事实名称“{name}”重复，请只留一处")
                seen.add(name)
        codes: set[tuple[Tree, str, date | None]] = set()
        for code in self.codes:
            if (code.tree, code.code, code.valid_from) in codes:
                raise ValueError(f"{code.tree}代码“{code.code}”重复，请只留一处")
            codes.add((code.tree, code.code, code.valid_from))
        self._parameters_in_order()
        return self

    def _parameters_in_order(self) -> None:
        for (name, region), rows in self.figures.items():
            units = {each.unit for each in rows}
            if len(units) > 1:
                raise ValueError(f"参数“{name}”在不同时期的单位不同，请统一")
            for one, other in pairwise(rows):
                if one.overlaps(other):
                    place = f"（{region}）" if region else ""
                    raise ValueError(f"参数“{name}”{place}有两个适用期重叠的数值，请核对")

    @cached_property
    def names(self) -> dict[str, Definition]:
        """Definitions by name and other names."""
        return {name: each for each in self.facts for name in (each.name, *each.aliases)}

    @cached_property
    def figures(self) -> dict[tuple[str, str | None], tuple[Parameter, ...]]:
        """Parameters by name and region, in the order of time."""
        found: dict[tuple[str, str | None], list[Parameter]] = {}
        for each in self.parameters:
            found.setdefault((each.name, each.region), []).append(each)
        early = date.min
        return {
            key: tuple(sorted(rows, key=lambda row: row.valid_from or early))
            for key, rows in found.items()
        }

    def fact(self, name: str) -> Definition:
        """The definition of a fact, by its name or another name of it.

        Raises:
            NotFound: no such fact.

        """
        try:
            return self.names[name]
        except KeyError:
            raise NotFound(f"词表中没有事实“{name}”") from None

    def of_subject(self, subject: Subject) -> Iterator[Definition]:
        """The facts a subject may have."""
        return (each for each in self.facts if subject in each.subjects)

    def extended(self, other: Vocabulary) -> Vocabulary:
        """The vocabulary with another one's facts, codes and figures added (本地词表).

        Raises:
            ParseError: a name is defined twice, or the figures of a parameter overlap.

        """
        try:
            return Vocabulary(
                facts=(*self.facts, *other.facts),
                codes=(*self.codes, *other.codes),
                parameters=(*self.parameters, *other.parameters),
                birthday=other.birthday if "birthday" in other.model_fields_set else self.birthday,
            )
        except ValueError as error:
            said = str(error).split("Value error, ")[-1].split(" [type=")[0]
            raise ParseError(f"词表不能合并：{said}") from None


def parameter_unit(vocabulary: Vocabulary, name: str) -> str | None:
    """The unit of a parameter.

    Raises:
        NotFound: no such parameter.

    """
    for each in vocabulary.parameters:
        if each.name == name:
            return each.unit
    raise NotFound(f"词表中没有参数“{name}”")
