"""What a text offers, as an act puts it there (登记事项)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from policylib.errors import ParseError, Refused
from policylib.model.document import Edition
from policylib.model.event import Offering

if TYPE_CHECKING:
    from policylib.model.measure import Measure

__all__ = ["offered", "offering"]


def offered(measures: Iterable[Measure | Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Measures as a text keeps them.

    Raises:
        Refused: what is wrong with them, in Chinese.

    """
    from policylib.model.measures import plain, read_measures

    try:
        return plain(read_measures(tuple(measures)))
    except ParseError as error:
        raise Refused(str(error)) from None


def offering(
    id: str, texts: Iterable[Edition], measures: tuple[dict[str, Any], ...], number: int | None
) -> Offering:
    """The measures for one of the texts of a document, by default the newest.

    Raises:
        Refused: there is no such text, or it has these measures already.

    """
    known = {each.number: each for each in texts}
    if not known:
        raise Refused(f"文件“{id}”还没有正文，请先起草，再登记事项")
    text = known.get(number or max(known))
    if text is None:
        numbers = "、".join(str(each) for each in sorted(known))
        raise Refused(f"文件“{id}”没有第 {number} 版正文，现有：{numbers}")
    if text.measures == measures:
        raise Refused(f"文件“{id}”第 {text.number} 版正文的事项与此相同，没有更改")
    return Offering(edition=text.number, measures=measures)
