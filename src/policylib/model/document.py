"""Document and Edition: a work, and its texts, each from a day on."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from policylib.errors import ParseError
from policylib.model.vocabulary import (
    INTERPRETATION_FORMS,
    Channel,
    Disclosure,
    Disposition,
    DocumentClass,
    DocumentType,
    InterpretationForm,
    Interpreter,
    Stage,
)
from policylib.text.dates import Period, PeriodUnit, end_of_term, parse_date
from policylib.text.docnumber import DocNumber
from policylib.text.indexnumber import IndexNumber

__all__ = ["Day", "Document", "DocumentId", "Edition", "Header", "Opinion", "Value", "number_key"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]")


def _no_control(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("含有控制字符，请删除不可见字符后重试")
    return text


def _identifier(text: str) -> str:
    if any(part == ".." for part in re.split(r"[/\\]", text)):
        raise ValueError("id 中不能有“..”路径片段，请换一个标识")
    return text


def _one_line(text: str) -> str:
    """A title broken over lines is one title: breaks between Han characters just go."""
    joined = re.sub(r"(?<=[^\x00-\xff])\s*[\r\n]+\s*(?=[^\x00-\xff])", "", text)
    return re.sub(r"\s+", " ", joined)


def _day(value: Any) -> Any:
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, (int, float)):  # not a count of seconds since 1970
        raise ParseError("日期应为文字，如 2024-07-01")
    return value


def _doc_number(text: str) -> str:
    """Keep the official form when ``text`` is one; keep damaged numbers as written."""
    if re.search(r"[XxＸｘ×]{2}|[〔\[(（【]\s*[〕\])）】]", text):
        raise ValueError(f"发文字号“{text}”还是占位符，请填写正式的年份和序号")
    try:
        number = DocNumber.parse(text)
    except ParseError:
        return text
    return text if number.notes else str(number)


def _term(text: str) -> str:
    """A term of validity in its official form: 五年 → 5年."""
    period = Period.parse(text)
    if period.unit is PeriodUnit.WORKING_DAY:
        raise ParseError("有效期不能以工作日计，请写成“5年”“6个月”或“90日”")
    return str(period)


def _index_number(text: str) -> str:
    return str(IndexNumber.parse(text))


def _words(value: Any) -> Any:
    """Accept one word where a list of words is meant; drop repeats, keep the order."""
    if value is None or value in ((), []):
        return ()
    if isinstance(value, str):
        value = [value]
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return tuple(dict.fromkeys(value))
    return value


def _form(value: Any) -> Any:
    """Take the other words in use for a form of interpretation."""
    return INTERPRETATION_FORMS.get(value.strip(), value) if isinstance(value, str) else value


def _yes_or_no(value: Any) -> Any:
    """是, 否 and 未定 as well as true, false and nothing."""
    if isinstance(value, str):
        word = value.strip()
        return {"是": True, "否": False, "未定": None}.get(word, word)
    return value


_word = StringConstraints(strip_whitespace=True, min_length=1, max_length=500)
Word = Annotated[str, _word, AfterValidator(_no_control)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_words), Field(max_length=200)]
Day = Annotated[date, BeforeValidator(_day)]
#: A document's name in the library: any text without control characters, kept as given.
DocumentId = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(_no_control),
    AfterValidator(_identifier),
]


class Value(BaseModel):
    """Base of all nouns: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Opinion(Value):
    """One opinion and what became of it (一条意见).

    ``source`` is a kind of people (企业, 城乡居民), never a person's name. Counts of opinions are
    never stored, they are made from the opinions (:mod:`policylib.model.opinions`).
    """

    text: Annotated[
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000),
            AfterValidator(_no_control),
        ],
        Field(title="意见内容", description="归并整理后的意见，不含个人信息"),
    ]
    source: Annotated[
        Word | None,
        Field(title="来源", description="意见人的类别，如 企业、城乡居民；不写个人姓名"),
    ] = None
    channel: Annotated[Channel | None, Field(title="渠道")] = None
    disposition: Annotated[Disposition, Field(title="采纳情况")]
    reason: Annotated[
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, max_length=5_000),
            AfterValidator(_no_control),
        ]
        | None,
        Field(title="理由", description="怎样采纳，或者为什么没有采纳；未采纳的必须填写"),
    ] = None


class Header(Value):
    """What stands at the head of a document page (文件头), as county portals print it.

    Only the title must be there. Dates are days; collections keep their order.
    """

    title: Annotated[
        Word,
        AfterValidator(_one_line),
        Field(title="标题", description="文件全称，可带栏目前缀【…】"),
    ]
    type: Annotated[
        DocumentType,
        Field(title="文件类型", description="政策文件、意见征集、意见反馈、政策解读或转载"),
    ] = DocumentType.POLICY
    document_class: Annotated[
        DocumentClass | None,
        Field(title="文件类别", description="决定制定程序，如 行政规范性文件；不写的按规则集推定"),
    ] = None
    doc_number: Annotated[
        Annotated[Word, AfterValidator(_doc_number)] | None,
        Field(title="发文字号", description="如 青政办〔2024〕12号；没有文号的留空"),
    ] = None
    registration_number: Annotated[
        Word | None, Field(title="规范性文件统一编号", description="登记编号，不是发文字号")
    ] = None
    index_number: Annotated[
        Annotated[Word, AfterValidator(_index_number)] | None,
        Field(title="索引号", description="机关代码/年月-流水号；其他格式原样保留"),
    ] = None
    issuers: Annotated[
        Words, Field(title="发布机构", description="发文机关全称，联合发文主办机关在前")
    ] = ()
    drafter: Annotated[Word | None, Field(title="起草单位")] = None
    kind: Annotated[
        Word | None, Field(title="公文种类", description="十五种公文之一，如 通知、决定、意见")
    ] = None
    form: Annotated[
        Word | None, Field(title="文件形式", description="载体名称，如 办法、规定、细则、方案")
    ] = None
    category: Annotated[Word | None, Field(title="组配分类", description="本机关目录中的栏目")] = (
        None
    )
    themes: Annotated[
        Words,
        Field(title="主题分类", description="国务院主题分类，下级用反斜线：综合政务\\政务公开"),
    ] = ()
    keywords: Annotated[Words, Field(title="关键词")] = ()
    tags: Annotated[
        Words, Field(title="标签", description="便于查找和推送的标签，如 高龄、低保")
    ] = ()
    audience: Annotated[Words, Field(title="服务对象", description="如 老年人、小微企业")] = ()
    disclosure: Annotated[Disclosure | None, Field(title="公开属性")] = None
    source: Annotated[Word | None, Field(title="信息来源")] = None
    source_url: Annotated[
        Word | None, Field(title="来源网址", description="权威文件库中的地址")
    ] = None
    contact: Annotated[Word | None, Field(title="咨询方式", description="咨询电话或地址")] = None
    written_on: Annotated[Day | None, Field(title="成文日期")] = None
    released_on: Annotated[Day | None, Field(title="发布日期", description="公开发布之日")] = None
    effective_on: Annotated[
        Day | None, Field(title="施行日期", description="空白的按发布日期算")
    ] = None
    expires_on: Annotated[
        Day | None, Field(title="有效期至", description="有效的最后一天，次日起失效")
    ] = None
    needs_interpretation: Annotated[
        Annotated[bool | None, BeforeValidator(_yes_or_no)],
        Field(title="是否需要解读", description="是、否；未定的留空。需要的与解读一并公布"),
    ] = None
    opens_on: Annotated[Day | None, Field(title="征集开始日期", description="意见征集的第一天")] = (
        None
    )
    closes_on: Annotated[
        Day | None, Field(title="征集截止日期", description="意见征集的最后一天")
    ] = None
    channels: Annotated[
        Annotated[tuple[Channel, ...], BeforeValidator(_words), Field(max_length=20)],
        Field(title="征集渠道"),
    ] = ()
    urgency: Annotated[
        Word | None, Field(title="缩短期限说明", description="征集期限短于规定的，说明紧急情况")
    ] = None
    opinions: Annotated[
        Annotated[tuple[Opinion, ...], Field(max_length=2_000)],
        Field(title="意见", description="意见反馈中逐条列出的意见和采纳情况"),
    ] = ()
    interpretation_form: Annotated[
        Annotated[InterpretationForm | None, BeforeValidator(_form)],
        Field(title="解读形式", description="长图归入图解，短视频归入视频，动画归入动漫"),
    ] = None
    interpreter: Annotated[Interpreter | None, Field(title="解读主体")] = None
    term: Annotated[
        Annotated[Word, AfterValidator(_term)] | None,
        Field(title="有效期", description="如 5年；没有填有效期至的，自施行日期起按它推算"),
    ] = None

    @property
    def starts_on(self) -> date | None:
        """The day it takes effect: 施行日期, else 发布日期, else 成文日期."""
        return self.effective_on or self.released_on or self.written_on

    @property
    def period(self) -> Period | None:
        """The term of validity (有效期) as a period."""
        return Period.parse(self.term) if self.term else None

    @property
    def last_day(self) -> date | None:
        """The last day of its term: 有效期至, else counted from its start by its 有效期."""
        start, period = self.starts_on, self.period
        if self.expires_on or not (start and period):
            return self.expires_on
        return end_of_term(start, period)


class Document(Header):
    """A policy document as a work (政策文件): one header, one stage, many editions.

    ``version`` counts the changes recorded; it is the optimistic lock.
    """

    id: Annotated[DocumentId, Field(title="标识", description="库内唯一，原样保留")]
    stage: Annotated[Stage, Field(title="办理阶段")] = Stage.DRAFTED
    version: Annotated[int, Field(title="版本号", description="每次变更加一", ge=0)] = 0

    @property
    def is_public(self) -> bool:
        """Whether the public may find it: released, and 公开属性 does not forbid it."""
        return self.stage is Stage.RELEASED and self.disclosure in (None, Disclosure.PROACTIVE)

    @property
    def digest(self) -> str:
        """SHA-256 of what is set in the header, with id, stage and version, as canonical JSON."""
        fields = self.model_dump(mode="json", exclude_defaults=True)
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def number_key(self) -> str | None:
        """The 发文字号 in the form in which equal numbers compare equal."""
        return number_key(self.doc_number) if self.doc_number else None


class Edition(Value):
    """One text of a document (文本版本), in force from a day until the next edition's day.

    ``effective_on`` is ``None`` for the first text of a document without a known day.
    ``measures`` are what the text offers, as JSON values
    (:func:`policylib.model.measures.read_measures` reads them).
    """

    document_id: Annotated[DocumentId, Field(title="文件标识")]
    number: Annotated[int, Field(title="版次", ge=1)] = 1
    effective_on: Annotated[Day | None, Field(title="自该日起为现行文本")] = None
    body: Annotated[str, Field(title="正文", description="Markdown 文本，原样保留")]
    made_by: Annotated[
        DocumentId | None, Field(title="依据的修改文件", description="作出修改的文件标识")
    ] = None
    measures: Annotated[
        tuple[dict[str, Any], ...],
        Field(title="事项", description="文本规定的事项，见 measure.schema.json"),
    ] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the body in UTF-8, hexadecimal."""
        return hashlib.sha256(self.body.encode("utf-8", "surrogatepass")).hexdigest()


def number_key(text: str) -> str:
    """The key of a 发文字号 for comparing: as :attr:`DocNumber.key`, else without spaces."""
    try:
        return DocNumber.parse(text).key
    except ParseError:
        return re.sub(r"\s+", "", text)
