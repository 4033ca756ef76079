"""Asking for a profile fact by fact (逐项提问): the question that settles most comes first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from policylib.errors import ParseError

if TYPE_CHECKING:
    from policylib.library import Library
    from policylib.library.matchindex import Filter
    from policylib.model.facts import Definition

__all__ = ["ask"]

_STOP = {"q", "quit", "结束", "退出"}
_SKIP = {"", "?", "？", "不知道", "不清楚", "跳过"}
_SUBJECTS = {
    "个人": "person", "1": "person", "person": "person",
    "家庭": "household", "2": "household", "household": "household",
    "企业": "enterprise", "经营主体": "enterprise", "3": "enterprise", "enterprise": "enterprise",
}  # fmt: skip
_TRIES = 3  # wrong answers to one question


class _Stop(Exception):  # noqa: N818 - nothing is wrong
    """No more answers."""


def ask(
    library: Library,
    profile: Any,
    *,
    subject: str | None,
    on: date | None,
    only: Filter,
) -> dict[str, Any]:
    """The profile with what was answered, as JSON values.

    Questions go to standard error, answers come from standard input, a line each; an empty line
    leaves a fact open, 结束 or the end of the input ends the asking.

    Raises:
        ParseError: the given profile is wrong.

    """
    from policylib.matching.reading import read_profile

    answers = _Answers()
    try:
        if profile is None:
            profile = {"subject": subject or answers.subject(), "facts": {}}
        found = read_profile(profile)
    except _Stop:
        return {"subject": "person", "facts": {}}
    facts = dict(found.facts)
    whole = {"subject": found.subject.value, "facts": facts}
    reader = library.match_index().matcher.reader
    passed: set[str] = set()
    day = on or library._today()
    try:
        for name in _names(library, whole, passed, day=day, only=only):
            definition = library.vocabulary().fact(name)

            def fits(text: str, definition: Definition = definition) -> None:
                reader.value(definition, text, day)

            given = answers.to(definition, fits)
            if given is None:
                passed.add(name)
            else:
                facts[definition.name] = given
    except _Stop:
        pass
    return whole


def _names(
    library: Library, whole: dict[str, Any], passed: set[str], *, day: date, only: Filter
) -> Iterator[str]:
    """The facts to ask for, one after another, as long as something is open."""
    known = library.vocabulary().names
    while True:
        inquiry = library.inquire(whole, on=day, only=only)
        wanted = (*inquiry.fewest, *(name for name, _ in inquiry.ranking))
        name = next((each for each in wanted if each in known and each not in passed), None)
        if name is None:
            return
        yield name


class _Answers:
    """Questions on standard error, answers from standard input."""

    def subject(self) -> str:
        while True:
            word = self._line("为谁查询？1 个人　2 家庭　3 企业等经营主体")
            if word in _SUBJECTS:
                return _SUBJECTS[word]
            self._say("请填 1、2 或 3")

    def to(self, definition: Definition, fits: Callable[[str], None]) -> str | None:
        """An answer that is a value of the fact; ``None`` when it is not known."""
        for _ in range(_TRIES):
            word = self._line(_question(definition))
            if word in _SKIP:
                return None
            try:
                fits(word)
            except ParseError as error:
                self._say(f"“{definition.name}”{error}")
            else:
                return word
        return None

    def _line(self, question: str) -> str:
        print(f"{question}（不清楚的直接回车，填“结束”看结果）", file=sys.stderr)
        line = sys.stdin.readline(10_000)
        word = line.strip()
        if not line or word in _STOP:
            raise _Stop
        return word

    @staticmethod
    def _say(text: str) -> None:
        print(text, file=sys.stderr)


def _question(definition: Definition) -> str:
    said = definition.question or f"请填“{definition.name}”"
    choices = "、".join(definition.values[:20])
    unit = f"（以{definition.unit}计）" if definition.unit else ""
    kinds = {"是否": "是或否", "日期": "如 1960-05-01"}
    hint = choices or kinds.get(str(definition.type), "")
    return f"{said}{unit}" + (f"［{hint}］" if hint else "")
