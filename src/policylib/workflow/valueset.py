"""Validity in the words of other systems (时效性值集), without loss.

The national law database, gov.cn, the portals of Anhui and 北大法宝 each know fewer or other values
than :class:`~policylib.model.vocabulary.Validity`. What a value set cannot say goes into a
``note`` beside the value, so that reading back gives what was written:
``FLK.read(FLK.write(standing)) == standing``. A value without a note is read in its plain
meaning. What has not ended counts as 有效 where there are only two values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from policylib.errors import ParseError
from policylib.model.document import Edition
from policylib.model.vocabulary import ENDED, Validity
from policylib.workflow.validity import Step, at

__all__ = [
    "FLK",
    "GOV_CN",
    "PKULAW",
    "PortalFields",
    "Said",
    "Standing",
    "ValueSet",
    "from_portal",
    "standing",
    "to_portal",
]

_OLD = "已被修改的旧文本"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a text stands on a day: the validity of its document, and whether it is an old edition.

    ``superseded`` is the label 已被修改: the document goes on with a newer text.
    """

    validity: Validity
    superseded: bool = False

    def __str__(self) -> str:
        """Write it as a note: 部分失效, or 现行有效，已被修改的旧文本."""
        return f"{self.validity}，{_OLD}" if self.superseded else str(self.validity)

    @classmethod
    def parse(cls, note: str) -> Standing:
        """Read a note.

        Raises:
            ParseError: it is not one.

        """
        word, _, old = note.strip().partition("，")
        if word not in set(Validity) or old not in ("", _OLD):
            raise ParseError(f"“{note}”不是时效性说明，应如“部分失效”或“现行有效，{_OLD}”")
        return cls(Validity(word), bool(old))


def standing(
    found: Iterable[Step], editions: Iterable[Edition], edition: Edition, on: date
) -> Standing:
    """How one edition of a document stands on a day; ``found`` are the document's steps."""
    newer = (
        each
        for each in editions
        if _place(each) > _place(edition) and (each.effective_on or date.min) <= on
    )
    return Standing(at(found, on).validity, any(newer))


def _place(edition: Edition) -> tuple[date, int]:
    return edition.effective_on or date.min, edition.number


@dataclass(frozen=True, slots=True)
class Said:
    """A value in another system's words, its code there, and a note of what it cannot say."""

    value: str
    code: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ValueSet:
    """The values of one system.

    ``means`` gives what each word says by itself; ``words`` which word is written for a validity
    where that is not the word that means it; ``old`` is the word for an old edition.
    """

    name: str
    means: Mapping[str, Standing]
    words: Mapping[Validity, str]
    old: str | None = None
    codes: Mapping[str, int] = field(default_factory=dict)

    def write(self, what: Standing) -> Said:
        """The nearest word, with a note where it does not say all."""
        word = self.words[what.validity]
        if what.superseded and self.old and what.validity not in ENDED:
            word = self.old
        note = None if self.means[word] == what else str(what)
        return Said(word, self.codes.get(word), note)

    def read(self, said: Said) -> Standing:
        """What a value says; its note, where there is one, says it exactly.

        Raises:
            ParseError: a value that the set does not have, or a note that is none.

        """
        if said.note:
            return Standing.parse(said.note)
        if said.value not in self.means:
            known = "、".join(self.means)
            raise ParseError(f"{self.name}没有“{said.value}”这种时效性，可用：{known}")
        return self.means[said.value]


_V = Validity


def _words(pending: str, in_force: str, partly: str, ended: str) -> dict[Validity, str]:
    """The word for each validity, given those for the four that systems tell apart."""
    return {
        _V.UNRELEASED: pending,
        _V.PENDING: pending,
        _V.IN_FORCE: in_force,
        _V.PARTLY: partly,
        _V.SUSPENDED: in_force,
        _V.LAPSED: ended,
        _V.REPEALED: ended,
        _V.REVOKED: ended,
    }


#: 国家法律法规数据库 (flk.npc.gov.cn), field ``sxx``.
FLK = ValueSet(
    "国家法律法规数据库",
    means={
        "已废止": Standing(_V.REPEALED),
        "已修改": Standing(_V.IN_FORCE, superseded=True),
        "有效": Standing(_V.IN_FORCE),
        "尚未生效": Standing(_V.PENDING),
    },
    words=_words("尚未生效", "有效", "有效", "已废止"),
    old="已修改",
    codes={"已废止": 1, "已修改": 2, "有效": 3, "尚未生效": 4},
)

#: 中国政府网 (gov.cn), field 有效性.
GOV_CN = ValueSet(
    "中国政府网",
    means={"有效": Standing(_V.IN_FORCE), "失效": Standing(_V.LAPSED)},
    words=_words("有效", "有效", "有效", "失效"),
)

#: 北大法宝, field 时效性; 尚未生效 and 现行适用 are read, not written.
PKULAW = ValueSet(
    "北大法宝",
    means={
        "现行有效": Standing(_V.IN_FORCE),
        "失效": Standing(_V.LAPSED),
        "已被修改": Standing(_V.IN_FORCE, superseded=True),
        "部分失效": Standing(_V.PARTLY),
        "尚未施行": Standing(_V.PENDING),
        "尚未生效": Standing(_V.PENDING),
        "现行适用": Standing(_V.IN_FORCE),
    },
    words=_words("尚未施行", "现行有效", "部分失效", "失效"),
    old="已被修改",
)

_IS_INVALID = ValueSet(
    "门户网站",
    means={"0": Standing(_V.IN_FORCE), "1": Standing(_V.LAPSED)},
    words=_words("0", "0", "0", "1"),
)


@dataclass(frozen=True, slots=True)
class PortalFields:
    """What the content systems of Anhui portals keep: two days, yes or no, and why.

    ``effective_date`` is ``EFFECTIVE_DATE``, ``repeal_date`` ``REPEAL_DATE``. ``note`` is not a
    field of theirs; without it the days tell what they can.
    """

    effective_date: date | None
    repeal_date: date | None
    is_invalid: int
    invalid_reason: str | None = None
    note: str | None = None


def to_portal(found: tuple[Step, ...], on: date, *, superseded: bool = False) -> PortalFields:
    """The fields of a document with these steps, as they are to be on a day."""
    step = at(found, on)
    what = Standing(step.validity, superseded)
    ended = [each for each in found if each.validity in ENDED]
    begun = [s for s in found if s.start and s.validity not in ENDED | {_V.PENDING}]
    said = _IS_INVALID.write(what)
    bare = PortalFields(
        begun[0].start if begun else None,
        ended[0].start if ended else None,
        int(said.value),
        step.reason if step.validity in ENDED else None,
    )
    if from_portal(bare, on) == what:
        return bare
    return PortalFields(
        bare.effective_date, bare.repeal_date, bare.is_invalid, bare.invalid_reason, str(what)
    )


def from_portal(fields: PortalFields, on: date) -> Standing:
    """What the fields say of a day: the note exactly, else the days, else ``is_invalid``."""
    if fields.note:
        return Standing.parse(fields.note)
    if not fields.is_invalid and fields.effective_date and on < fields.effective_date:
        return Standing(_V.PENDING)
    return _IS_INVALID.read(Said(str(fields.is_invalid)))
