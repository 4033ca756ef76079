"""Which interpretation of a policy serves whom best (推送形式): by form, else the text itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policylib.model.document import Document
from policylib.model.subscription import PushRules
from policylib.model.vocabulary import InterpretationForm

__all__ = ["Rendition", "chosen"]


@dataclass(frozen=True, slots=True)
class Rendition:
    """What to send of a policy (推送内容): an interpretation, or the document's text."""

    document: str
    title: str
    form: InterpretationForm | None = None

    def as_json(self) -> dict[str, str]:
        """Plain JSON values."""
        return {
            "document": self.document,
            "title": self.title,
            "form": str(self.form) if self.form else "正文",
        }


def chosen(
    policy: tuple[str, str],
    interpretations: Iterable[Document],
    audience: tuple[str, ...],
    rules: PushRules,
    *,
    on: date,
    text_since: date | None = None,
) -> Rendition:
    """The interpretation with the best form for an audience, else the text of the policy.

    ``policy`` is the id and the title. Of two with one form, one for that audience goes before, then
    the newer one. One that was released before the text changed (``text_since``) is left out: it
    explains a text that no longer holds.
    """
    text = Rendition(*policy)
    forms = rules.forms(audience)
    if not forms:
        return text
    fitting = [
        each
        for each in interpretations
        if each.is_public
        and each.interpretation_form in forms
        and (each.released_on is None or each.released_on <= on)
        and (text_since is None or (each.released_on or date.min) >= text_since)
    ]
    wanted = set(audience)
    best = min(
        fitting,
        key=lambda each: (
            forms.index(each.interpretation_form) if each.interpretation_form else len(forms),
            wanted.isdisjoint(each.audience),
            -(each.released_on or date.min).toordinal(),
            each.id,
        ),
        default=None,
    )
    return Rendition(best.id, best.title, best.interpretation_form) if best else text
