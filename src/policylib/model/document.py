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
from policylib.model.vocabulary import Disclosure, DocumentType, Stage
from policylib.text.dates import parse_date
from policylib.text.docnumber import DocNumber
from policylib.text.indexnumber import IndexNumber

__all__ = ["Day", "Document", "DocumentId", "Edition", "Header", "Value", "number_key"]

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


def _index_number(text: str) -> str:
    return str(IndexNumber.parse(text))


def _words(value: Any) -> Any:
    """Accept one word where a list of words is meant; drop repeats, keep the order."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return tuple(dict.fromkeys(value))
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
    def starts_on(self) -> date | None:
        """The day it takes effect: 施行日期, else 发布日期, else 成文日期."""
        return self.effective_on or self.released_on or self.written_on

    @property
    def number_key(self) -> str | None:
        """The 发文字号 in the form in which equal numbers compare equal."""
        return number_key(self.doc_number) if self.doc_number else None


class Edition(Value):
    """One text of a document (文本版本), in force from a day until the next edition's day.

    ``effective_on`` is ``None`` for the first text of a document without a known day.
    """

    document_id: Annotated[DocumentId, Field(title="文件标识")]
    number: Annotated[int, Field(title="版次", ge=1)] = 1
    effective_on: Annotated[Day | None, Field(title="自该日起为现行文本")] = None
    body: Annotated[str, Field(title="正文", description="Markdown 文本，原样保留")]
    made_by: Annotated[
        DocumentId | None, Field(title="依据的修改文件", description="作出修改的文件标识")
    ] = None

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
