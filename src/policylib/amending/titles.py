"""Which document a decision means (修改对象): titles compared as people write them."""

from __future__ import annotations

import re

from policylib.amending.parts import Part
from policylib.amending.tree import Tree
from policylib.text.locator import Level
from policylib.text.marks import read_mark

__all__ = ["own_titles", "same_title", "short_titles"]

_FOLD = str.maketrans("〈〉<>()［］【】", "《》《》（）（）（）")
_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]{1,80}》){1,160})》")
_SHORT = re.compile(
    r"《(?P<title>(?:[^《》\n]|《[^《》\n]{1,60}》){1,120})》[（(](?:[^（）()\n]{0,60}?[，,、；;])?以下(?:简称|统称)[：:为]?[“”\"《]{0,2}(?P<short>[^“”\"《》（）()\n]{1,30})[“”\"》]{0,2}[）)]"
)
_PREFIX = re.compile(
    r"(?:中华人民共和国|[\u4e00-\u9fff]{1,30}(?:省|市|县|区|州|盟|旗|乡|镇|政府|办公室|厅|局|委员会|部|院|会))(?:关于)?(?:印发)?\Z"
)
_STATUS = re.compile(r"（(?:试行|暂行|修订|修正|[0-9]{4}年?(?:修订|修正|本|版)?)）\Z")
#: A notice bears the title of the text that it issues.
_ISSUED = re.compile(r"关于(?:印发|公布|发布)《?([^《》]{2,120}?)》?的(?:通知|公告|决定)\Z")
_LONGEST = 300
_LINE = 60


def folded(title: str) -> str:
    """A title without white space, marks of Markdown and differences of brackets."""
    plain = "".join(title[: 2 * _LONGEST].translate(_FOLD).split()).strip("#*")
    while (
        plain.startswith("《")
        and plain.endswith("》")
        and "《" not in plain[1:-1].replace("《", "", 0)
    ):
        plain = plain[1:-1]
    return plain


def same_title(one: str, other: str) -> bool:
    """Whether two titles name one document: equal, or one with the place or 中华人民共和国 before it."""
    first, second = (_STATUS.sub("", folded(title)) for title in (one, other))
    if first == second:
        return bool(first)
    short, long = sorted((first, second), key=len)
    if len(short) < 2 or not long.endswith(short):
        return False
    return _PREFIX.match(long[: len(long) - len(short)]) is not None


def short_titles(text: str) -> dict[str, str]:
    """The short titles that a text gives (《X》（以下简称《Y》）), each with its full one."""
    return {match["short"]: match["title"] for match in _SHORT.finditer(text)}


def own_titles(tree: Tree) -> tuple[list[str], dict[str, Part]]:
    """The titles a text bears, and which of its texts bears them (通知 and the 办法 under it)."""
    titles: list[str] = []
    texts: dict[str, Part] = {}
    for part in tree.parts:
        if part.level is Level.TITLE:
            titles.extend(_lines(part.raw))
        elif part.level is Level.TEXT and part is not tree.root:
            for title in _lines(part.raw[:400]):
                titles.append(title)
                texts.setdefault(title, part)
    titles.extend(_wrapped(tree.base))
    for title in list(titles):
        plain = title.translate(_FOLD)
        titles.extend(match[1] for match in _QUOTED.finditer(plain))
        titles.extend(match[1] for match in _ISSUED.finditer(plain))
    return list(dict.fromkeys(title for title in titles if title)), texts


def _lines(raw: str) -> list[str]:
    lines = [line.strip(" \t\u3000#*\r") for line in raw.split("\n")[:12]]
    lines = [line for line in lines if line and not line.startswith(("<!--", "（", "("))][:4]
    return [*lines, "".join(lines)] if len(lines) > 1 else lines


def _wrapped(base: str) -> list[str]:
    """A title that is set on two or three lines."""
    lines = [line.strip(" \t\u3000#*\r") for line in base[: 2 * _LONGEST].split("\n")]
    first: list[str] = []
    for line in lines:
        if line and (len(line) > _LINE or read_mark(line) or line[-1] in "。：:，,；;"):
            break
        first.extend([line] if line else [])
    return ["".join(first[:count]) for count in range(2, min(len(first), 3) + 1)]
