r"""Which provisions a decision on amendments changes (修改决定所涉条款), and which two texts differ in.

>>> [str(each) for each in amended("一、将第六条第一款修改为：“每月60元。”\n二、删去第十条。")]
['第六条第一款', '第十条']
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from policylib.errors import ParseError
from policylib.text.locator import Level, Locator, Step
from policylib.text.outline import Outline

__all__ = ["amended", "articles", "concerned", "differing"]

_N = "[0-9〇零一二三四五六七八九十百]{1,8}"
_PLACE = re.compile(rf"第{_N}条(?:之[一二三四五六七八九十]{{1,3}})?(?:第{_N}款)?(?:第{_N}项)?")
_ORDER = re.compile(r"^[#*\s]{0,8}[一二三四五六七八九十百]{1,5}、[^\n]{0,2000}", re.MULTILINE)
_QUOTED = re.compile(r"“[^”\n]{0,2000}(?:”|$)")
_CHANGES = re.compile(r"修改|改为|删[去除]|增加|废止")
_RENUMBERS = re.compile(rf"第{_N}条(?:至第{_N}条)?(?:相应)?(?:改为|调整为|作为)第{_N}条")
_ADDS = re.compile(rf"增加一条，?作为第{_N}条(?:之[一二三四五六七八九十]{{1,3}})?")


def amended(body: str) -> tuple[Locator, ...]:
    """The provisions that the orders 一、二、三、 of a decision change, each once, as it has them.

    Quoted words do not count, nor do articles that are only added or renumbered.
    """
    found: dict[Locator, None] = {}
    for order in _ORDER.findall(body):
        text = _ADDS.sub("", _RENUMBERS.sub("", _QUOTED.sub("“”", order)))
        first = _PLACE.search(text)
        if first and _CHANGES.search(text):
            found[Locator.parse(first[0])] = None
    return tuple(found)


def differing(before: str, after: str) -> tuple[Locator, ...]:
    """The articles that differ between two texts, those of the later text first in its order."""
    old, new = _texts(before), _texts(after)
    changed = [place for place, text in new.items() if old.get(place) != text]
    return (*changed, *(place for place in old if place not in new))


def articles(text: str | None) -> frozenset[Step]:
    """The articles named in a written place (第二条、第七条至第九条); none when not only articles are."""
    try:
        places = Locator.parse_all(text) if text else ()
    except ParseError:
        places = ()
    named = [_article(place) for place in places]
    return frozenset(step for step in named if step) if all(named) else frozenset()


def concerned(changed: Iterable[Locator], spoken_of: frozenset[Step]) -> tuple[Locator, ...]:
    """Those of ``changed`` that lie in the articles ``spoken_of``; all when none are named."""
    return tuple(each for each in changed if not spoken_of or _article(each) in spoken_of)


def _article(place: Locator) -> Step | None:
    return next((step for step in place.steps if step.level is Level.ARTICLE), None)


def _texts(body: str) -> dict[Locator, str]:
    found: dict[Locator, str] = {}
    for locator, provision in Outline.parse(body).walk():
        if provision.level is Level.ARTICLE:
            found.setdefault(locator, "".join(provision.text(body).split()))
    return found
