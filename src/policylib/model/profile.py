"""A profile (画像): what is known of one person, household or enterprise; its values stay hidden."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from policylib.model.document import Value

__all__ = ["Profile", "Subject"]


class Subject(StrEnum):
    """Whom a measure is for and a fact is about (对象类别); the values are those of the JSON."""

    PERSON = "person"
    HOUSEHOLD = "household"
    ENTERPRISE = "enterprise"

    @property
    def chinese(self) -> str:
        """个人, 家庭 or 经营主体."""
        return {"person": "个人", "household": "家庭", "enterprise": "经营主体"}[self.value]


class Profile(Value):
    """What is known of one subject (画像): facts by name; an absent or empty one is unknown.

    A household has its people as the fact 家庭成员, a list of such mappings. Nothing shows the
    values: not ``repr``, not ``str``, not an error of validation.
    """

    subject: Annotated[
        Subject, Field(title="对象类别", description="person、household 或 enterprise")
    ]
    facts: Annotated[
        dict[str, Any],
        Field(title="事实", description="事实名称到取值；不知道的不写或留空", max_length=2_000),
    ] = Field(default_factory=dict)

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Only the subject and how many facts there are."""
        return [("subject", self.subject.value), ("facts", f"<{len(self.facts)}项>")]

    def __repr__(self) -> str:
        return f"Profile({self.subject.value}, {len(self.facts)}项事实)"

    __str__ = __repr__
