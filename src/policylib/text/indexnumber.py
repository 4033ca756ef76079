"""索引号 and the codes of organisations in them: 统一社会信用代码, 组织机构代码.

An 索引号 has no national standard of its own: the common forms are read, every other stays
opaque. The codes follow GB 32100-2015 and GB 11714-1997 and carry a check digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar, Self

from policylib.errors import ParseError
from policylib.text.written import Written

__all__ = ["CreditCode", "IndexNumber", "OrgCode"]

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    map(ord, "—–‐−"), "-"
)
_SPACES = re.compile(r"\s+")
_LONGEST = 200

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1: no I, O, S, V, Z
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG = re.compile(r"[0-9A-Z]{8}-?[0-9X]\Z")


def _tidy(text: str, name: str) -> str:
    plain = _SPACES.sub("", text[: _LONGEST + 1].translate(_HALF_WIDTH)).upper()
    if not plain:
        raise ParseError(f"{name}为空，请填写")
    return plain


def _org_check(body: str) -> str:
    """Give the check digit of eight characters (GB 11714-1997)."""
    total = sum(w * int(c, 36) for w, c in zip(_ORG_WEIGHTS, body, strict=True))
    digit = 11 - total % 11
    return {10: "X", 11: "0"}.get(digit, str(digit))


@dataclass(frozen=True, slots=True)
class OrgCode(Written):
    """An organisation's nine-character code (组织机构代码, GB 11714-1997), before 2015.

    >>> str(OrgCode.parse("000014349"))
    '00001434-9'
    """

    schema_title: ClassVar[str] = "组织机构代码"
    schema_description: ClassVar[str] = (
        "8位本体代码、连字符和1位校验码，如 00001434-9（GB 11714-1997）"
    )

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code (组织机构代码) with or without its hyphen.

        Raises :class:`~policylib.errors.ParseError` for a wrong form or check digit.
        """
        plain = _tidy(text, "组织机构代码")
        if not _ORG.match(plain):
            raise ParseError(f"“{plain[:20]}”不是组织机构代码，应为8位数字或大写字母加1位校验码")
        code = plain.replace("-", "")
        expected = _org_check(code[:8])
        if code[8] != expected:
            raise ParseError(
                f"组织机构代码“{plain}”的校验码应为“{expected}”，现为“{code[8]}”，请核对"
            )
        return cls(code)

    def __str__(self) -> str:
        return f"{self.code[:8]}-{self.code[8]}"


@dataclass(frozen=True, slots=True)
class CreditCode(Written):
    """An organisation's eighteen-character code (统一社会信用代码, GB 32100-2015).

    >>> CreditCode.parse("11341602003165791L").district
    '341602'
    """

    schema_title: ClassVar[str] = "统一社会信用代码"
    schema_description: ClassVar[str] = (
        "18位数字或大写字母（不含 I、O、S、V、Z），末位为校验码（GB 32100-2015）"
    )

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code (统一社会信用代码) and check both check digits, its own and the inner one.

        Raises :class:`~policylib.errors.ParseError` saying which digit is expected.
        """
        code = _tidy(text, "统一社会信用代码")
        if len(code) != 18:
            raise ParseError(f"统一社会信用代码应为18位，现为{len(code)}位，请核对")
        wrong = sorted({char for char in code if char not in _CREDIT})
        if wrong:
            raise ParseError(
                f"统一社会信用代码“{code}”含有不允许的字符“{'、'.join(wrong)}”，"
                "只能用数字和大写字母，且不用I、O、S、V、Z"
            )
        values = (_CREDIT.index(char) for char in code[:17])
        total = sum(w * v for w, v in zip(_CREDIT_WEIGHTS, values, strict=True))
        expected = _CREDIT[-total % 31]
        if code[17] != expected:
            raise ParseError(
                f"统一社会信用代码“{code}”的校验码应为“{expected}”，现为“{code[17]}”，请核对"
            )
        inner = _org_check(code[8:16])
        if code[16] != inner:
            raise ParseError(
                f"统一社会信用代码“{code}”中的组织机构代码校验码（第17位）应为“{inner}”，"
                f"现为“{code[16]}”，请核对"
            )
        return cls(code)

    @property
    def district(self) -> str:
        """The six digits of the registering district (登记管理机关行政区划码, GB/T 2260)."""
        return self.code[2:8]

    @property
    def org(self) -> OrgCode:
        """The organisation code inside (主体标识码)."""
        return OrgCode(self.code[8:17])

    def __str__(self) -> str:
        return self.code


_ISSUED = re.compile(
    r"(?P<issuer>[0-9A-Za-z][0-9A-Za-z-]{1,29})/(?P<year>(?:19|20)[0-9]{2})"
    r"(?P<month>0[1-9]|1[0-2])?-(?P<sequence>[0-9]{1,12})\Z"
)
_LETTERED = re.compile(
    r"(?P<issuer>[A-Za-z][0-9A-Za-z]{1,29})-(?P<year>(?:19|20)[0-9]{2})"
    r"(?P<month>0[1-9]|1[0-2])?-(?P<sequence>[0-9]{1,12})\Z"
)


@dataclass(frozen=True, slots=True)
class IndexNumber(Written):
    """The index number of a published document (索引号).

    ``month`` is None where the number counts by year, ``sequence`` keeps its leading zeros. In a
    form that is not known everything but ``text`` is None.

    >>> number = IndexNumber.parse("11341602003165791L/202512-00001")
    >>> number.issuer, number.year, number.month, number.sequence
    ('11341602003165791L', 2025, 12, '00001')
    """

    schema_title: ClassVar[str] = "索引号"
    schema_description: ClassVar[str] = "如 11341602003165791L/202512-00001、000014349/2019-00007"

    text: str
    issuer: str | None = field(default=None, compare=False)
    year: int | None = field(default=None, compare=False)
    month: int | None = field(default=None, compare=False)
    sequence: str | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an 索引号; only an empty one raises :class:`~policylib.errors.ParseError`."""
        plain = text.strip().translate(_HALF_WIDTH)
        if not plain:
            raise ParseError("索引号为空，请填写")
        match = _ISSUED.match(plain) or _LETTERED.match(plain)
        if match is None:
            return cls(plain)
        month = int(match["month"]) if match["month"] else None
        return cls(plain, match["issuer"], int(match["year"]), month, match["sequence"])

    def __str__(self) -> str:
        return self.text

    def problem(self) -> str | None:
        """Say in Chinese what is wrong with the issuer's code (索引号问题), None if nothing is.

        Only a code of 18 characters (统一社会信用代码) or nine (组织机构代码) can be checked.
        """
        issuer = self.issuer or ""
        try:
            if len(issuer) == 18:
                CreditCode.parse(issuer)
            elif len(issuer.replace("-", "")) == 9:
                OrgCode.parse(issuer)
        except ParseError as error:
            return f"索引号“{self.text}”：{error}"
        return None
