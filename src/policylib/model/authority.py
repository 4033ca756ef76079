"""Authority, Claim and Authorities: whose library has the authoritative text of what (权威来源).

国办发〔2017〕47号 and the counties' rules on 同源发布 want one text of a document, kept by one organ;
others link to it. Organs merge and are renamed, so what is said here is dated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, model_validator

from policylib.errors import ParseError
from policylib.model.document import Day, Document, Header, Value, Word, Words
from policylib.model.organ import AuthorityFile
from policylib.model.vocabulary import DocumentType, OrganLevel
from policylib.text.docnumber import DocNumber, DocNumberShape
from policylib.text.indexnumber import CreditCode, IndexNumber

__all__ = ["Authorities", "Authority", "Claim", "level_of"]

_PRINT = re.compile(r"[0-9a-f]{40}\Z")


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        known = None
    if not known:
        raise ValueError("应为网址，如 https://www.example.gov.cn/zcwjk/")
    return text


def _template(text: str) -> str:
    if "{id}" not in text:
        raise ValueError("应为含有 {id} 的网址，如 https://www.example.gov.cn/zcwjk/{id}.html")
    _address(text.replace("{id}", "1"))
    return text


def _prints(values: tuple[str, ...]) -> tuple[str, ...]:
    plain = tuple(re.sub(r"[\s:-]", "", value).lower() for value in values)
    if any(not _PRINT.match(value) for value in plain):
        raise ValueError("公钥指纹应为 40 位十六进制数，用 policylib sources keys 查看")
    return plain


class Claim(Value):
    """One line of what an authority answers for (权威范围): all that is written must fit.

    Within a list one word is enough. ``since`` and ``until`` are days of the document (成文日期): a
    机关代字 may have belonged to somebody else before. ``regions`` are the first digits of the
    区划代码 in 统一社会信用代码 (341602), or the name that the issuer's begins with (青山县).
    """

    issuers: Annotated[Words, Field(title="发文机关")] = ()
    levels: Annotated[tuple[OrganLevel, ...], Field(title="层级")] = ()
    agency_codes: Annotated[Words, Field(title="机关代字", description="如 青政、青政办")] = ()
    credit_codes: Annotated[tuple[CreditCode, ...], Field(title="统一社会信用代码")] = ()
    regions: Annotated[Words, Field(title="区划", description="区划代码开头几位，或地名")] = ()
    since: Annotated[Day | None, Field(title="自该日成文的")] = None
    until: Annotated[Day | None, Field(title="至该日成文的")] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        named = self.issuers or self.agency_codes or self.credit_codes
        if not (named or self.levels or self.regions):
            raise ValueError("没有写明权威范围，请写 issuers、agency_codes 等之一")
        return self


class Authority(Value):
    """A library that is authoritative for some documents (权威来源), from a day to a day.

    ``valid_from`` and ``valid_to`` are days on which one asks; after ``valid_to`` the ``successor``
    answers. ``page`` makes the canonical address of a document that states none. ``keys`` are the
    fingerprints of the public keys that its manifest may be signed with.
    """

    name: Annotated[Word, Field(title="机关全称")]
    covers: Annotated[tuple[Claim, ...], Field(title="权威范围", max_length=500)] = ()
    addresses: Annotated[
        tuple[Annotated[Word, AfterValidator(_address)], ...],
        Field(title="权威文件库地址", description="地址以此开头的页面是权威文本"),
    ] = ()
    page: Annotated[
        Annotated[Word, AfterValidator(_template)] | None,
        Field(title="文件地址模板", description="如 https://www.example.gov.cn/zcwjk/{id}.html"),
    ] = None
    manifest: Annotated[
        Word | None, Field(title="同源清单地址", description="发布清单的网址或文件夹")
    ] = None
    keys: Annotated[Words, AfterValidator(_prints), Field(title="公钥指纹")] = ()
    valid_from: Annotated[Day | None, Field(title="自该日起")] = None
    valid_to: Annotated[Day | None, Field(title="至该日止")] = None
    successor: Annotated[Word | None, Field(title="承继机关")] = None

    def address_of(self, document: Header, id: str | None = None) -> str | None:
        """The canonical address of a document of this authority (权威地址), if it is known.

        >>> office = Authority(name="青山县人民政府", page="https://qs.example.gov.cn/{id}.html")
        >>> office.address_of(Header(title="通告"), "青政/1")
        'https://qs.example.gov.cn/%E9%9D%92%E6%94%BF%2F1.html'
        """
        if document.source_url and self.has_address(document.source_url):
            return document.source_url
        name = id or (document.id if isinstance(document, Document) else None)
        if self.page and name:
            return self.page.replace("{id}", quote(name, safe=""))
        return document.source_url

    def has_address(self, address: str) -> bool:
        """Whether an address lies in this library: same host, path below one of ``addresses``."""
        return any(_below(address, base) for base in self.addresses)


def _below(address: str, base: str) -> bool:
    try:
        one, other = urlsplit(address.strip()), urlsplit(base)
        hosts = (one.hostname or "").lower(), (other.hostname or "").lower()
    except ValueError:
        return False
    path = other.path.rstrip("/") + "/"
    return bool(hosts[0]) and hosts[0] == hosts[1] and f"{one.path}/".startswith(path)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What claims look at in a document."""

    issuer: str | None
    names: frozenset[str]
    code: str | None
    credit_code: str | None
    level: OrganLevel | None
    on: date | None

    @classmethod
    def of(cls, header: Header, organs: AuthorityFile) -> Self:
        """The organ that leads a joint document stands first, and its number is the one given."""
        issuer = header.issuers[0] if header.issuers else None
        organ = organs.find(issuer) if issuer else None
        names = {issuer, organ.name if organ else None}
        code = None
        if header.doc_number and header.type is DocumentType.POLICY:
            try:
                number = DocNumber.parse(header.doc_number)
                if number.shape is DocNumberShape.LETTER:
                    code = number.agency
                else:
                    names.add(number.agency)
            except ParseError:
                pass
        credit = str(organ.credit_code) if organ and organ.credit_code else None
        if header.index_number and credit is None:
            in_index = IndexNumber.parse(header.index_number).issuer or ""
            try:
                credit = str(CreditCode.parse(in_index))
            except ParseError:
                credit = None
        level = organ.level if organ and organ.level else level_of(issuer or "")
        day = header.written_on or header.released_on or header.effective_on
        return cls(issuer, frozenset(n for n in names if n), code, credit, level, day)


_LEVELS = (
    (re.compile(r"国务院|中共中央|中华人民共和国|全国"), OrganLevel.STATE),
    (re.compile(r".{1,20}(?:乡|镇|街道)(?:人民政府|党政|党委|办事处|人大|财政|综合)"), OrganLevel.TOWN),
    (re.compile(r".{1,14}(?:县|区|旗)"), OrganLevel.COUNTY),
    (re.compile(r".{1,9}(?:市|州|盟|地区)"), OrganLevel.CITY),
    (re.compile(r".{1,8}(?:省|自治区)"), OrganLevel.PROVINCE),
)  # fmt: skip


def level_of(name: str) -> OrganLevel | None:
    """The level that an organ's name shows (机关层级), for organs that are not in the 机关名录.

    >>> str(level_of("青山县青石镇人民政府")), str(level_of("青山县民政局"))
    ('乡镇', '县')
    """
    short = name.strip()[:60]
    if re.match(r".{1,8}自治区(?!.{1,9}[市县盟])", short):
        return OrganLevel.PROVINCE
    return next((level for form, level in _LEVELS if form.match(short)), None)


def _fit(claim: Claim, subject: _Subject) -> tuple[int, int] | None:
    """How closely a claim fits: by 文号, by issuer, by region and level; ``None``: not at all."""
    if claim.since and subject.on and subject.on < claim.since:
        return None
    if claim.until and subject.on and subject.on > claim.until:
        return None
    close, narrow = 0, 0
    if claim.agency_codes:
        if subject.code not in claim.agency_codes:
            return None
        close = 4
    if claim.issuers:
        if not subject.names & set(claim.issuers):
            return None
        close = max(close, 3)
    if claim.credit_codes:
        if subject.credit_code not in {str(code) for code in claim.credit_codes}:
            return None
        close = max(close, 3)
    if claim.regions:
        narrow = max((_in_region(subject, region) for region in claim.regions), default=0)
        if not narrow:
            return None
        close = max(close, 2)
    if claim.levels:
        if subject.level not in claim.levels:
            return None
        close = max(close, 1)
    return close, narrow


def _in_region(subject: _Subject, region: str) -> int:
    where = subject.credit_code[2:8] if subject.credit_code else ""
    if region.isascii():
        return len(region) if where.startswith(region) else 0
    return len(region) if any(name.startswith(region) for name in subject.names) else 0


class Authorities:
    """The authority registry (权威来源名录): who answers for which document on a day.

    ``own`` names the authorities that this library is.

    Raises:
        ParseError: ``own`` or a successor that is not listed, one authority twice on a day.

    """

    def __init__(self, authorities: Iterable[Authority] = (), own: Iterable[str] = ()) -> None:
        self._all = tuple(authorities)
        self.own = tuple(own)
        names = {each.name for each in self._all}
        for name in (*self.own, *(each.successor for each in self._all if each.successor)):
            if name not in names:
                raise ParseError(f"权威来源名录中没有“{name[:60]}”，请补上或改正名称")
        for place, one in enumerate(self._all):
            if any(other.name == one.name and _overlap(one, other) for other in self._all[:place]):
                raise ParseError(f"权威来源“{one.name}”重复，起止日期不能重叠")

    def __iter__(self) -> Iterator[Authority]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def is_own(self, authority: Authority) -> bool:
        """Whether this library is that authority."""
        return authority.name in self.own

    def named(self, name: str, on: date) -> Authority | None:
        """The authority of that name on a day, or who has taken over from it by then."""
        seen: set[str] = set()
        wanted: str | None = name
        while wanted is not None and wanted not in seen:
            seen.add(wanted)
            periods = [each for each in self._all if each.name == wanted]
            for each in periods:
                if (each.valid_from or on) <= on <= (each.valid_to or on):
                    return each
            over = [each for each in periods if each.valid_to and each.valid_to < on]
            wanted = max(over, key=_ended).successor if over else None
        return None

    def owner(
        self, document: Header, *, on: date, organs: AuthorityFile | None = None
    ) -> Authority | None:
        """Whose library has the authoritative text of a document (权威来源), on a day.

        The 机关代字 of its 文号 tells first, then issuer and 统一社会信用代码, then region and
        level; of equals the narrower region, then the first in the list. ``None``: nobody known.
        """
        subject = _Subject.of(document, organs or AuthorityFile())
        fits = [
            (fit, authority)
            for authority in self._all
            for claim in authority.covers
            if (fit := _fit(claim, subject))
        ]
        for _, authority in sorted(fits, key=lambda pair: pair[0], reverse=True):
            found = self.named(authority.name, on)
            if found is not None:
                return found
        return None

    def at(self, address: str, *, on: date) -> Authority | None:
        """Whose library an address lies in, or whose manifest is there; the longest base wins."""
        found = [
            (len(base), authority.name)
            for authority in self._all
            for base in (
                *authority.addresses,
                *([authority.manifest] if authority.manifest else []),
            )
            if base.rstrip("/") == address.rstrip("/") or _below(address, base)
        ]
        return self.named(max(found)[1], on) if found else None


def _ended(authority: Authority) -> date:
    return authority.valid_to or date.max


def _overlap(one: Authority, other: Authority) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(_ended(one), _ended(other))
