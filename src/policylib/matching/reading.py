"""Profiles made ready to be judged (读画像): names, types and units checked.

Nothing of a profile is repeated in an error: neither values nor names that are not in the
vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from policylib.errors import ParseError
from policylib.matching.codes import CodeTree
from policylib.matching.expressions import Case
from policylib.matching.preparing import Preparer
from policylib.model.facts import Definition, FactType, Vocabulary
from policylib.model.profile import Profile, Subject
from policylib.model.quantity import convert, exact, read_number, unit_name
from policylib.text.dates import parse_date

__all__ = ["MEMBERS", "ProfileReader", "read_profile"]

#: The fact of a household that holds its people.
MEMBERS = "家庭成员"
_YES = {"是": True, "true": True, "1": True, "yes": True, "y": True}
_NO = {"否": False, "false": False, "0": False, "no": False, "n": False}
_YES_NO = _YES | _NO
_MOST_MEMBERS, _LONGEST, _DEEPEST = 10_000, 200, 4


def read_profile(raw: Any) -> Profile:
    """A profile from its JSON text or mapping: ``{"subject": …, "facts": {…}}``.

    Raises:
        ParseError: not JSON, another shape, an unknown subject. Nothing of it is repeated.

    """
    if isinstance(raw, Profile):
        return raw
    if isinstance(raw, (str, bytes)):
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            raise ParseError("画像不是正确的 JSON，请检查括号、引号和逗号") from None
    if not isinstance(raw, Mapping):
        raise ParseError('画像应写成 {"subject": "person", "facts": {…}}')
    try:
        return Profile.model_validate(raw)
    except ValidationError as error:
        raise ParseError(_shape(error)) from None
    except RecursionError:
        raise ParseError("画像嵌套过深，请核对") from None


def _shape(error: ValidationError) -> str:
    where = {str(each["loc"][0]) for each in error.errors(include_input=False) if each["loc"]}
    if "subject" in where:
        return "画像的 subject 应为 person（个人）、household（家庭）或 enterprise（经营主体）"
    if "facts" in where:
        return "画像的 facts 应为“事实名称: 取值”的形式，至多2000项"
    return "画像只有 subject 和 facts 两个键，请删去其他的键"


class ProfileReader:
    """Reads profiles with one vocabulary."""

    def __init__(self, preparer: Preparer) -> None:
        self._vocabulary: Vocabulary = preparer.vocabulary
        self._trees = preparer.trees
        self._read: dict[FactType, Callable[[Any, Definition], Any]] = {
            FactType.YES_NO: _yes_no,
            FactType.NUMBER: _number,
            FactType.DAY: _day,
            FactType.WORD: _one_word,
            FactType.WORDS: _many_words,
            FactType.CODE: self._code,
        }

    def case(self, profile: Profile, on: date) -> Case:
        """A profile on a day.

        Raises:
            ParseError: unknown facts, wrong types or units, days that cannot be.

        """
        return Case(profile.subject, self.facts(profile.subject, profile.facts, on), on)

    def facts(
        self, subject: Subject, raw: Mapping[str, Any], on: date, *, depth: int = 0
    ) -> dict[str, Any]:
        """Facts as values of their types; what is unknown is left out."""
        found: dict[str, Any] = {}
        for at, (name, given) in enumerate(raw.items(), 1):
            definition = self._vocabulary.names.get(name)
            if definition is None or not _may_have(subject, definition):
                raise ParseError(self._unknown(name, at, subject, definition))
            if given is None or given in ("", ()):
                continue
            if definition.name in found:
                raise ParseError(f"事实“{definition.name}”写了两次（含其他名称），请只留一处")
            try:
                found[definition.name] = self._value(definition, given, on, depth)
            except ParseError as error:
                raise ParseError(f"事实“{definition.name}”{error}") from None
        return found

    def definition(self, subject: Subject, name: str) -> Definition:
        """The definition of a fact that a subject may have.

        Raises:
            ParseError: not in the vocabulary, or another subject's; the name is not repeated.

        """
        definition = self._vocabulary.names.get(name)
        if definition is None or not _may_have(subject, definition):
            raise ParseError(self._unknown(name, 0, subject, definition))
        return definition

    def value(self, definition: Definition, given: Any, on: date) -> Any:
        """One value of a fact.

        Raises:
            ParseError: not a value of its type; begins with what it should be.

        """
        return self._value(definition, given, on, 0)

    def _value(self, definition: Definition, given: Any, on: date, depth: int) -> Any:
        if definition.type is FactType.MEMBERS:
            return self._members(definition, given, on, depth)
        found = self._read[definition.type](given, definition)
        if definition.past and found > on:
            raise ParseError("晚于判断日，请核对")
        return found

    def _code(self, given: Any, definition: Definition) -> str:
        if isinstance(given, bool) or not isinstance(given, (str, int)) or definition.tree is None:
            raise ParseError("应为代码，如 990121")
        tree: CodeTree = self._trees[definition.tree]
        return tree.normal(str(given)[:_LONGEST])

    def _members(self, definition: Definition, given: Any, on: date, depth: int) -> Any:
        if isinstance(given, str):
            try:
                given = json.loads(given)
            except (ValueError, RecursionError):
                raise ParseError("应为成员的列表") from None
        if not isinstance(given, (list, tuple)) or depth >= _DEEPEST:
            raise ParseError("应为成员的列表，且不能层层嵌套")
        if len(given) > _MOST_MEMBERS:
            raise ParseError(f"成员过多（超过{_MOST_MEMBERS}个），请分批")
        found = []
        for at, each in enumerate(given, 1):
            if not isinstance(each, Mapping) or definition.member is None:
                raise ParseError(f"的第{at}个成员应为“事实名称: 取值”的形式")
            try:
                found.append(self.facts(definition.member, each, on, depth=depth + 1))
            except ParseError as error:
                raise ParseError(f"的第{at}个成员：{error}") from None
        return tuple(found)

    def _unknown(
        self, name: object, at: int, subject: Subject, definition: Definition | None
    ) -> str:
        if definition is not None:
            whose = "、".join(each.chinese for each in definition.subjects)
            return f"事实“{definition.name}”属于{whose}，不属于{subject.chinese}，请核对"
        known = [each.name for each in self._vocabulary.of_subject(subject)]
        near: Iterable[str] = ()
        if isinstance(name, str) and len(name) <= 30:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = "".join(f"，是否为“{each}”" for each in near)
        place = f"第{at}项" if at else "有"
        return f"{place}事实的名称不在词表中{hint}，请按词表填写"


def _may_have(subject: Subject, definition: Definition) -> bool:
    if subject in definition.subjects:
        return True
    return subject is Subject.PERSON and Subject.HOUSEHOLD in definition.subjects


def _yes_no(given: Any, definition: Definition) -> bool:  # noqa: ARG001
    found = _YES_NO.get(given.strip().lower()) if isinstance(given, str) else given
    if not isinstance(found, bool):
        raise ParseError("应为是或否（true 或 false）")
    return found


def _number(given: Any, definition: Definition) -> Any:
    unit = None
    if isinstance(given, Mapping) and set(given) <= {"value", "unit"} and "value" in given:
        unit = unit_name(str(given.get("unit") or definition.unit or "")[:10])
        given = given["value"]
        if unit is None:
            raise ParseError("的单位不认识，请核对")
    if isinstance(given, str):
        read = read_number(given)
        if read is None:
            raise ParseError(f"应为数字{_in_unit(definition)}")
        given, unit = read.value, read.unit or unit
    try:
        number = convert(exact(given), unit, definition.unit)
    except ParseError as error:
        raise ParseError(f"{'：' if unit else ''}{error}") from None
    low, high = definition.minimum, definition.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise ParseError(f"超出可能的范围{_in_unit(definition)}，请核对")
    return number


def _in_unit(definition: Definition) -> str:
    return f"，以{definition.unit}计" if definition.unit else ""


def _day(given: Any, definition: Definition) -> date:  # noqa: ARG001
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if not isinstance(given, str):
        raise ParseError("应为日期，如 1960-05-01")
    try:
        return parse_date(given)
    except ParseError:
        raise ParseError("不是存在的日期，请写成 1960-05-01 的形式") from None


def _one_word(given: Any, definition: Definition) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST:
        raise ParseError(f"应为文字{_choices(definition)}")
    word = given.strip()
    if definition.values and not definition.open and word not in definition.values:
        raise ParseError(f"不在可选范围{_choices(definition)}")
    return word


def _many_words(given: Any, definition: Definition) -> frozenset[str]:
    words = given
    if isinstance(given, str):
        words = [each for each in given.replace("，", "、").replace(",", "、").split("、") if each]
    if not isinstance(words, (list, tuple, set, frozenset)):
        raise ParseError(f"应为文字的列表{_choices(definition)}")
    return frozenset(_one_word(each, definition) for each in words)


def _choices(definition: Definition) -> str:
    known = "、".join(definition.values[:20])
    return f"，可用的有：{known}" if known else ""
