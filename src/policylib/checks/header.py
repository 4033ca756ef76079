"""HDR: the header is complete and uses the words of the official tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from policylib.checks.framework import Case, Flaw, check, excerpt
from policylib.checks.reading import head_number
from policylib.model.vocabulary import (
    FORMS,
    KINDS,
    THEMES,
    Disclosure,
    DocumentType,
    Severity,
    Stage,
)

__all__ = [
    "absent_organ",
    "complete",
    "disclosure_given",
    "disclosure_kept",
    "known_kind",
    "known_organ",
    "known_theme",
]

_POLICY, _CONSULTATION, _FEEDBACK, _INTERPRETATION, _REPOST = DocumentType
_ALL = frozenset(DocumentType)
_OWN = _ALL - {_REPOST}
#: Forms of 规范性文件 that carry rules for an indefinite number of people.
_NORMATIVE = frozenset({"办法", "规定", "细则", "规则", "条例"})


class _Need(NamedTuple):
    """A field that must be filled, for which types, from which stage on, and why."""

    field: str
    name: str
    types: frozenset[DocumentType]
    stage: Stage
    why: str
    example: str
    normative: bool = False


_NEEDS = (
    _Need("issuers", "发布机构", _ALL, Stage.DRAFTED,
          "没有发布机构就不知道由谁负责", "某县人民政府办公室"),
    _Need("themes", "主题分类", frozenset({_POLICY, _INTERPRETATION}), Stage.DRAFTED,
          "目录和检索都按主题分类查找", "综合政务\\政务公开"),
    _Need("contact", "咨询方式", frozenset({_CONSULTATION}), Stage.DRAFTED,
          "征集意见应写明反馈渠道", "0550-1234567"),
    _Need("effective_on", "施行日期", frozenset({_POLICY}), Stage.SIGNED,
          "规范性文件从哪一天起生效要写明", "2024-07-01", normative=True),
    _Need("last_day", "有效期至", frozenset({_POLICY}), Stage.SIGNED,
          "规范性文件一般定有效期，到期前要评估", "2029-06-30", normative=True),
    _Need("doc_number", "发文字号", frozenset({_POLICY}), Stage.SIGNED,
          "规范性文件统一登记、统一编号", "某政规〔2024〕3号", normative=True),
    _Need("index_number", "索引号", _OWN, Stage.SIGNED,
          "信息公开目录以索引号查找", "11341602003165791L/202512-00001"),
    _Need("written_on", "成文日期", frozenset({_POLICY}), Stage.SIGNED,
          "公开期限从形成之日起算", "2024-06-20"),
    _Need("released_on", "发布日期", _ALL, Stage.RELEASED,
          "公开是否及时看发布日期", "2024-06-25"),
    _Need("source", "信息来源", frozenset({_REPOST}), Stage.DRAFTED,
          "转载要注明出处", "某县人民政府网站"),
)  # fmt: skip
_ORDER = {stage: place for place, stage in enumerate(Stage)}


@check("HDR001", severity=Severity.WARNING, title="文件头缺项")
def complete(case: Case) -> Iterator[Flaw]:
    """Find header fields that a document of its type should have by its stage but has not.

    County check sheets demand 文号, 成文日期, 发布时间, 有效性, 发布机关, 索引号 and 主题分类 on
    each page (a 2024 county table; 政府信息公开条例 第二十四条 asks for 检索、查阅). 办法, 规定,
    细则 and other rules also need 施行日期, 有效期 and 发文字号 (国办发〔2018〕37号:
    统一登记、统一编号; municipal rules for the period). Fields that are only known later are asked
    for later; a file that bears a date or a number is taken as released.

    Good: 索引号, 主题分类, 发布机构, 成文日期 and 发布日期 are filled in

    Bad: 主题分类 is empty
    """
    header = case.header
    reached = _ORDER[_reached(case)]
    normative = header.form in _NORMATIVE
    for need in _NEEDS:
        if header.type not in need.types or _ORDER[need.stage] > reached:
            continue
        if getattr(header, need.field) or (need.normative and not normative):
            continue
        yield Flaw(
            f"缺少{need.name}：{need.why}", f"补填{need.name}，如“{need.example}”", need.name
        )
    if header.type is _POLICY and not header.doc_number and not normative:
        printed = head_number(case.body)
        if printed:
            yield Flaw(
                f"正文标题下写有文号“{excerpt(printed[0])}”，文件头没有填写发文字号",
                f"核对后补填发文字号“{printed[1]}”",
                "发文字号",
            )


def _reached(case: Case) -> Stage:
    """The stage of a document, or the one that a file's own header bears out."""
    if case.stage:
        return case.stage
    header = case.header
    acted = header.written_on or header.released_on or header.doc_number
    return Stage.RELEASED if acted else Stage.DRAFTED


_KIND_NAMES = {*KINDS, "命令", "令", "命令(令)"}


@check("HDR002", severity=Severity.WARNING, title="公文种类不在十五种之内")
def known_kind(case: Case) -> Iterator[Flaw]:
    """Find a 公文种类 that is none of the fifteen kinds.

    The kinds are listed in 党政机关公文处理工作条例 (中办发〔2012〕14号) 第八条. 办法, 规定 and
    方案 are not among them: a 通知 or a 令 carries such a text, and its name belongs in 文件形式.

    Good: kind 通知, form 办法

    Bad: kind 办法
    """
    kind = case.header.kind
    if not kind or kind in _KIND_NAMES:
        return
    fix = f"改为{'、'.join(KINDS)}之一，或留空"
    if kind in FORMS:
        fix = f"把“{kind}”填入文件形式，公文种类填印发它的公文，如“通知”"
    yield Flaw(f"公文种类“{excerpt(kind)}”不是十五种公文之一", fix, "公文种类")


_LEVELS = re.compile(r"[\\/＼／>＞]")


@check("HDR003", severity=Severity.WARNING, title="主题分类不在国务院分类之内")
def known_theme(case: Case) -> Iterator[Flaw]:
    r"""Find a 主题分类 whose top class is none of the State Council's 22.

    The classes of the State Council's document database let documents of all levels be found
    together; an organ's own columns belong in 组配分类. Lower classes are not judged.

    Good: 综合政务\政务公开

    Bad: 惠民政策
    """
    for theme in case.header.themes:
        top = _LEVELS.split(theme)[0].strip()
        if top in THEMES:
            continue
        near = get_close_matches(top[:40], THEMES, n=1, cutoff=0.3)
        near += [each for each in THEMES if len(top) > 1 and top in each][:1]
        hint = f"，例如“{near[-1]}”" if near else "，例如“综合政务\\政务公开”"
        yield Flaw(
            f"主题分类“{excerpt(theme)}”不在国务院22个主题分类之内",
            f"从22个主题分类中选择{hint}；本机关的栏目名填入组配分类或标签",
            "主题分类",
        )


@check("HDR004", severity=Severity.WARNING, title="发布机构不在机关名录")
def known_organ(case: Case) -> Iterator[Flaw]:
    """Find an issuer that the authority file does not know, neither by name nor by alias.

    One organ under several names (县教育局, 教体局) splits counts and hides documents. Silent while
    the authority file is empty.

    Good: 某县教育体育局, with the alias 县教体局 in the authority file

    Bad: 某县教体局, which the authority file does not list
    """
    organs = case.neighbours.organs
    if not len(organs):
        return
    for name in case.header.issuers:
        if organs.find(name) is None:
            near = get_close_matches(name[:60], [organ.name for organ in organs], n=1, cutoff=0.5)
            hint = f"如“{near[0]}”，" if near else ""
            yield Flaw(
                f"发布机构“{excerpt(name)}”不在机关名录中",
                f"改用名录中的全称，{hint}或先在名录中登记该机关及其别名",
                "发布机构",
            )


@check("HDR005", severity=Severity.WARNING, title="未填公开属性")
def disclosure_given(case: Case) -> Iterator[Flaw]:
    """Find a document whose 公开属性 is not set.

    It must be fixed when a document is drafted, and a draft without it may be returned (国办发
    〔2016〕80号 一（一）). Reposts take the original's.

    Good: 公开属性 主动公开

    Bad: 公开属性 empty
    """
    if case.header.disclosure is None and case.header.type is not _REPOST:
        yield Flaw(
            "没有填写公开属性",
            "填写“主动公开”“依申请公开”或“不予公开”之一；后两种在起草说明中写明理由",
            "公开属性",
        )


@check("HDR006", severity=Severity.ERROR, title="公开属性与发布相矛盾")
def disclosure_kept(case: Case) -> Iterator[Flaw]:
    """Find a document on a public page whose 公开属性 forbids that.

    What is 依申请公开 or 不予公开 must be reviewed before release (政府信息公开条例,
    国务院令第711号, 第十四条 to 第十七条); a released page with that attribute contradicts itself.

    Good: 公开属性 主动公开, 发布日期 2024-03-05

    Bad: 公开属性 依申请公开, 发布日期 2024-03-05
    """
    disclosure = case.header.disclosure
    if disclosure in {None, Disclosure.PROACTIVE}:
        return
    if case.header.released_on or case.stage is Stage.RELEASED:
        yield Flaw(
            f"公开属性是“{disclosure}”，却已公开发布",
            "撤下网页并重新作公开审查；经审查可以公开的，把公开属性改为“主动公开”",
            "公开属性",
        )


@check("HDR007", severity=Severity.WARNING, title="发布机构当时不存在")
def absent_organ(case: Case) -> Iterator[Flaw]:
    """Find an issuer that had not been set up yet, or had been merged, when the text was written.

    After a reform documents are easily filed under the new organ's name or go on under the old
    one. Needs the authority file with its days.

    Good: 某县应急管理局, set up 2019-03-01; 成文日期 2020-05-06

    Bad: 某县应急管理局, set up 2019-03-01; 成文日期 2015-05-06
    """
    written = case.header.written_on
    for organ in filter(None, map(case.neighbours.organs.find, case.header.issuers)):
        if written and organ.valid_from and written < organ.valid_from:
            state = f"{organ.valid_from.isoformat()}才设立"
        elif written and organ.valid_to and written > organ.valid_to:
            state = f"{organ.valid_to.isoformat()}已撤并"
        else:
            continue
        yield Flaw(
            f"发布机构“{organ.name}”{state}，成文日期是{written.isoformat()}",
            "核对成文日期；机构改革前后的文件，发布机构填当时的机关名称",
            "发布机构",
        )
