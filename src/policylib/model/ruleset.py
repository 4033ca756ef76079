"""Rule-sets (规则集): rules, procedures, approval chains and interpretation demands, as one file has.

Values only; they are read by :mod:`policylib.files.rulesets`, applied by
:mod:`policylib.workflow.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Self

from pydantic import Field, model_validator

from policylib.model.document import Header, Value, Word, Words
from policylib.model.rule import (
    Anchor,
    Basis,
    Bound,
    Dated,
    DocumentClass,
    Duty,
    Rule,
    Scope,
    Slug,
    Text,
)

__all__ = [
    "Anchor",
    "Basis",
    "Bound",
    "Chain",
    "ChainLevel",
    "DocumentClass",
    "Duty",
    "Element",
    "FormatRule",
    "InterpretationRule",
    "Procedure",
    "ProcedureStep",
    "Rule",
    "RuleSet",
    "Scope",
    "StepName",
    "SyncVariant",
]


class StepName(StrEnum):
    """A step of a procedure (程序环节), in the order in which steps are taken.

    Those that are stages too (:class:`~policylib.model.vocabulary.Stage`) have the stage's name.
    """

    PROPOSAL = "立项"
    DRAFTING = "起草"
    APPRAISAL = "评估论证"
    PARTICIPATION = "公众参与"
    CONSULTATION = "征求意见"
    FEEDBACK = "意见反馈"
    HEARING = "听证"
    EXPERTS = "专家论证"
    RISK = "风险评估"
    FAIRNESS = "公平竞争审查"
    LEGAL_REVIEW = "合法性审核"
    SECRECY_REVIEW = "保密审查"
    DELIBERATION = "集体审议"
    PARTY_REPORT = "请示报告党委"
    REVIEW = "审核"
    SIGNING = "签发"
    NUMBERING = "统一登记编号"
    RELEASE = "公布"
    INTERPRETATION = "解读"
    FILING = "备案"
    ARCHIVING = "归档"


class SyncVariant(StrEnum):
    """Which three things go together in 三同步; county practice has two wordings."""

    RELEASE = "同步组织、同步审签、同步发布"
    DEPLOY = "同步组织、同步审签、同步部署"


class ProcedureStep(Value):
    """A step of a procedure (环节), required or only ``when`` its condition is met."""

    name: Annotated[StepName, Field(title="环节")]
    required: Annotated[bool, Field(title="必经")] = True
    when: Annotated[Text | None, Field(title="条件", description="非必经环节在何时需要")] = None
    basis: Annotated[tuple[Basis, ...], Field(title="依据")] = ()
    verified: Annotated[bool, Field(title="已核实")] = False

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        if self.verified and not any(each.quote for each in self.basis):
            raise ValueError("已核实的环节应摘录依据原文，请在 basis 中填写 quote")
        return self

    @property
    def may_block(self) -> bool:
        """Whether its absence may stop an act."""
        return self.required and self.verified


class Procedure(Dated):
    """The steps documents of a class go through, in order (制定程序).

    A document is of the class when one of ``documents`` fits, or a tag of it names the class. One
    that only fits ``presumed`` is taken to be of it (办法 are mostly 行政规范性文件, not always): what
    it lacks then warns and never blocks.
    """

    document_class: Annotated[DocumentClass, Field(title="文件类别")]
    documents: Annotated[tuple[Scope, ...], Field(title="归入条件")] = ()
    presumed: Annotated[
        tuple[Scope, ...], Field(title="推定条件", description="只凭名称推定，缺环节时只提示")
    ] = ()
    steps: Annotated[tuple[ProcedureStep, ...], Field(title="环节", min_length=1)]
    source: Annotated[Text, Field(title="来源")]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [step.name for step in self.steps]
        if repeated := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"环节“{repeated}”重复出现，请只留一处")
        if any(not each.conditions or each.classes for each in (*self.documents, *self.presumed)):
            raise ValueError("documents 和 presumed 的每一项至少写一个条件，且不能用 classes")
        return self


class ChainLevel(Value):
    """One level of an approval chain (审核层级): what is done, by whom."""

    name: Annotated[Word, Field(title="环节", description="如 初审")]
    role: Annotated[Word | None, Field(title="审核人", description="如 分管领导；未写明的留空")] = (
        None
    )


class Chain(Value):
    """An approval chain (审核链): levels in order, none skipped; one person holds one level.

    The last level is the 签发, those before it are the 审核. A chain with ``applies_to`` is that of
    the documents it fits; others are chosen by name.
    """

    name: Annotated[Slug, Field(title="名称")]
    applies_to: Annotated[Scope | None, Field(title="适用范围")] = None
    levels: Annotated[tuple[ChainLevel, ...], Field(title="层级", min_length=2, max_length=20)]
    source: Annotated[Text, Field(title="来源")]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [level.name for level in self.levels]
        if len(set(names)) < len(names):
            raise ValueError(f"审核链“{self.name}”中有同名的层级，请区分")
        return self


class Element(Value):
    """Something an interpretation must speak of (解读要素), found by words in its headings."""

    name: Annotated[Word, Field(title="要素")]
    words: Annotated[Words, Field(title="标题用词", min_length=1)]


class InterpretationRule(Value):
    """How a document is to be interpreted (解读要求).

    By when is a :class:`Rule` of :attr:`Duty.INTERPRETATION`. ``non_text_percent`` is the least
    share of interpretations in other forms than plain text, in percent.
    """

    name: Annotated[Slug, Field(title="名称")]
    sync: Annotated[SyncVariant | None, Field(title="三同步")] = None
    elements: Annotated[tuple[Element, ...], Field(title="解读要素")] = ()
    non_text_percent: Annotated[int | None, Field(title="非文字解读比例", gt=0, le=100)] = None
    source: Annotated[Text, Field(title="来源")]


class FormatRule(Value):
    """What the page of a document must offer (页面要素): header keys, file formats, links."""

    documents: Annotated[Scope, Field(title="适用范围")] = Scope()
    fields: Annotated[Words, Field(title="文件头必填项", description="文件头的键")] = ()
    formats: Annotated[Words, Field(title="下载格式", description="如 WORD、PDF")] = ()
    paired: Annotated[bool, Field(title="文件与解读一一对应、互相链接")] = False
    source: Annotated[Text, Field(title="来源")]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if unknown := [name for name in self.fields if name not in Header.model_fields]:
            raise ValueError(f"文件头没有“{unknown[0]}”这个键，请核对")
        return self


class RuleSet(Dated):
    """Rules that are used together (规则集), as one file has them, over those it extends.

    ``parent`` is the rule-set named by ``extends``; it is set when the file is loaded.
    """

    id: Annotated[Slug, Field(title="标识")]
    title: Annotated[Word, Field(title="名称")]
    extends: Annotated[Slug | None, Field(title="继承", description="所继承规则集的标识")] = None
    note: Annotated[Text | None, Field(title="说明")] = None
    renewal_restarts: Annotated[
        bool | None, Field(title="延续后有效期重新计算", description="未写明的留空")
    ] = None
    rules: Annotated[tuple[Rule, ...], Field(title="规则")] = ()
    procedures: Annotated[tuple[Procedure, ...], Field(title="制定程序")] = ()
    chains: Annotated[tuple[Chain, ...], Field(title="审核链")] = ()
    interpretations: Annotated[tuple[InterpretationRule, ...], Field(title="解读要求")] = ()
    formats: Annotated[tuple[FormatRule, ...], Field(title="页面要素")] = ()
    parent: Annotated[RuleSet | None, Field(title="所继承的规则集")] = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for what, names in (
            ("规则", [rule.id for rule in self.rules]),
            ("审核链", [chain.name for chain in self.chains]),
            ("解读要求", [each.name for each in self.interpretations]),
        ):
            if repeated := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"{what}标识“{repeated}”重复出现，请只留一处或改名")
        if self.parent is not None and self.parent.id != self.extends:
            raise ValueError(f"所继承的规则集应为“{self.extends}”，不是“{self.parent.id}”")
        inherited = [rule for each in self.lineage() if each is not self for rule in each.rules]
        for rule in self.rules:
            for above in inherited:
                if above.id == rule.id and above.verified and not rule.verified:
                    raise ValueError(f"规则“{rule.id}”未核实，不能替换上级规则集中已核实的同名规则")
        for one, other in combinations(self.rules, 2):
            _agree(one, other)
        for above in inherited:
            if not any(rule.id == above.id or rule.is_of(above) for rule in self.rules):
                for rule in self.rules:
                    _agree(rule, above)
        return self

    def lineage(self) -> Iterator[RuleSet]:
        """The rule-set itself, the one it extends, and so on up."""
        found: RuleSet | None = self
        while found is not None:
            yield found
            found = found.parent

    def rule(self, name: str) -> Rule | None:
        """The rule with the id ``name``, of this rule-set or one it extends."""
        every = (rule for each in self.lineage() for rule in each.rules)
        return next((rule for rule in every if rule.id == name), None)

    def chain(self, name: str) -> Chain | None:
        """The approval chain ``name``, of this rule-set or one it extends."""
        every = (chain for each in self.lineage() for chain in each.chains)
        return next((chain for chain in every if chain.name == name), None)


def _agree(one: Rule, other: Rule) -> None:
    """Refuse two rules that cannot both be kept."""
    if one.applies_to.key != other.applies_to.key or not one.overlaps(other):
        return
    both = f"规则“{one.id}”与“{other.id}”"
    if one.is_of(other) and (one.figure, one.unit) != (other.figure, other.unit):
        raise ValueError(
            f"{both}自相矛盾：同为“{one.duty}”，适用范围和适用期相同，"
            f"却分别是{one.period}和{other.period}"
        )
    low, high = (one, other) if other.bound.is_upper else (other, one)
    same = one.duty is other.duty or {one.duty, other.duty} == _VALIDITY
    if same and high.bound.is_upper and low.bound in _BELOW and low.is_longer(high):
        raise ValueError(
            f"{both}自相矛盾：“{low.bound}{low.period}”大于“{high.bound}{high.period}”"
        )


_VALIDITY = {Duty.LONGEST_VALIDITY, Duty.DEFAULT_VALIDITY}
_BELOW = {Bound.AT_LEAST, Bound.DEFAULT}
