"""Which district a text speaks of (地域用语): 本县, 我市, and the names that the vocabulary has."""

from __future__ import annotations

import re
from functools import cached_property

from policylib.model.facts import Tree, Vocabulary
from policylib.text.indexnumber import IndexNumber

__all__ = ["Places", "region_of"]

_OWN = re.compile(r"(?:本|我|全)(?P<level>省|自治区|市|州|自治州|县|区|自治县|旗|地)|当地")
_ENDING = re.compile(r"(?:自治区|自治州|自治县|特别行政区|省|市|县|区|州|旗|盟)\Z")
_MOST_NAMES = 5_000


def region_of(index_number: str | None) -> str | None:
    """The district whose organ gave an 索引号: digits 3 to 8 of its 统一社会信用代码 (GB 32100).

    >>> region_of("11990121003165791L/202512-00001"), region_of("000014349/2019-00007")
    ('990121', None)
    """
    issuer = IndexNumber.parse(index_number).issuer if index_number else None
    if issuer is None or len(issuer) != 18 or not issuer[2:8].isdecimal():
        return None
    return issuer[2:8] if issuer[2:8] != "000000" else None


class Places:
    """The names of districts that a text may use, and their codes.

    ``region`` is the code of the district that issued the text (GB/T 2260, at least two digits);
    without it 本县 says nothing, and what rests on it is left to the officer.
    """

    def __init__(self, vocabulary: Vocabulary, region: str | None = None) -> None:
        self.region = region
        self._codes: dict[str, str] = {}
        repeated: set[str] = set()
        for each in vocabulary.codes:
            if each.tree is not Tree.REGION or each.valid_to is not None:
                continue
            for name in {each.name, _ENDING.sub("", each.name)}:
                if len(name) < 2 or name in repeated:
                    continue
                if name in self._codes:
                    repeated.add(name)
                    del self._codes[name]
                else:
                    self._codes[name] = each.code

    @cached_property
    def pattern(self) -> str:
        """The pattern of a place: 本县, 我市, 青山县, 青山."""
        names = sorted(self._codes, key=len, reverse=True)[:_MOST_NAMES]
        own = r"(?:本|我|全)(?:自治区|自治州|自治县|省|市|州|县|区|旗|地)|当地"
        return "(?:" + "|".join([own, *map(re.escape, names)]) + ")"

    def code(self, words: str) -> str | None:
        """The code of a place, ``None`` where it cannot be told.

        本市 in a text of a county is the city it lies in; county-level cities have codes from 81
        on (GB/T 2260) and mean themselves.
        """
        own = _OWN.fullmatch(words)
        if own is None:
            return self._codes.get(words)
        region, level = self.region, own["level"]
        if region is None:
            return None
        if level in ("省", "自治区"):
            return region[:2]
        if level in ("市", "州", "自治州") and region[4:6] not in ("", "00"):
            return region[:6] if region[4:6] >= "81" else region[:4]
        return region[:6] if level in ("县", "区", "自治县", "旗") else region
