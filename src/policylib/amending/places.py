"""Reading places in a decision (修改位置): 第三条第二款、第四款, 第（一）至（三）项, 第二部分标题."""

from __future__ import annotations

import re
from typing import NamedTuple

from policylib.amending.values import Place, PlaceStep
from policylib.errors import ParseError
from policylib.text.numerals import to_int

__all__ = ["COUNT", "N", "Places", "read_places"]

_D = "0-9０-９〇○零一二两三四五六七八九十百千"
N = f"[{_D}]{{1,8}}"
COUNT = "[一二两三四五六七八九十]{1,3}|[0-9]{1,2}"
_WORD = "自然段|部分|分编|大点|小点|大项|小项|编|章|节|条|款|项|目|点|段"
_B = rf"(?:{N}|[（(]{N}[）)])"
_LISTED = re.compile(
    rf"第(?P<first>{_B})(?P<more>(?:(?:[、和及至到]|以及)第?{_B}|[（(]{N}[）)]){{1,40}})(?P<word>{_WORD})"
    rf"(?!之)"
)
_STEP = re.compile(
    rf"第(?P<n>{_B})(?P<word>{_WORD})(?:之(?P<zhi>{N}))?|第(?P<bare>[（(]{N}[）)])|(?P<mark>[（(]{N}[）)])"
    rf"|(?<=[）)点项分])(?P<dot>[0-9０-９]{{1,2}})[.．](?![0-9])"
    rf"|(?P<annex>附件|附表)(?P<an>[0-9０-９]{{1,3}}|[一二三四五六七八九十]{{1,3}})?(?:《(?P<called>[^《》\n]{{1,60}})》)?"
    r"|(?P<note>题注)|(?P<named>引言|序言|前言|导言|导语)|(?:通知|文件|办法|意见|方案|条例|规定|细则)?的?(?P<title>名称|题目|标题)"
)
_HEADING1 = re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})、(?=[（(]|第|中|的)")
_HEADED = re.compile(r"的?(?:章名|节名|编名|章的名称|标题|名称|题目)")
_SENTENCE = re.compile(
    r"(?:中的?|的)?(?:第(?P<n>[一二三四五六七八九十]{1,2}|[0-9]{1,2})句(?:话)?|(?P<last>最后一句|最末一句|末句)|(?P<first>首句))"
)
_SHARE = re.compile(r"(?:前|后)(?:半句|半段|半部分|[一两二三四]句|段)(?=[：:]?\ue000)")
_MORE = re.compile(r"(?P<numbers>[（(]?[^（()）、和及至到第以]{1,8}[）)]?)")
_NUMBER = re.compile(rf"(?P<sep>[、和及至到]|以及)?第?(?P<n>{_B})")
_JOINT = re.compile(r"[ \u3000]{0,4}(?:的(?=第|[（(])|中的?(?=第)|之(?=第)|(?=第|[（(]))")
_AND = re.compile(
    r"[ \u3000]{0,4}(?:、|和|及|以及|与|或者?)[ \u3000]{0,4}(?=原?第|[（(]|附件|附表|引言|该|本)"
)
_UPTO = re.compile(rf"(?:至|到|[-—～~]{{1,2}})(?=第|{N})")
_BACK = re.compile(
    r"(?:该|本|同|这一|此|上述)(?P<word>条|款|项|自然段|章|节)|其中?(?=第)|原(?=第|[（(])"
)
_RANK = {
    word: rank
    for rank, words in enumerate(
        (
            ("附件", "附表", "引言", "题注", "名称"),
            ("部分", "编"),
            ("分编",),
            ("章",),
            ("节",),
            ("一级", "大点", "大项"),
            ("条",),
            ("二级",),
            ("款", "自然段", "段"),
            ("三级", "点", "小点", "小项"),
            ("项",),
            ("目", "四级"),
        )
    )
    for word in words
}
_TOP = frozenset(("条", "章", "编", "部分", "附件", "引言", "题注", "名称", "一级", "大点"))
_ANNEXED = frozenset(("条", "章", "部分", "一级", "大点"))
_SAME = {"自然段": "段", "大项": "大点", "小项": "点", "小点": "点", "附表": "附件"}
_WIDEST = 300


class Places(NamedTuple):
    """Places read from a decision and where they end; ``problem`` says why they are unclear."""

    places: tuple[Place, ...]
    end: int
    problem: str = ""


def read_places(text: str, at: int, context: Place | None) -> Places | None:
    """Read a list of places at ``at``; None when there is none.

    款 and 项 without what they stand in take it from the place before, at first from ``context``.
    """
    found: list[Place] = []
    first = True
    while True:
        read = _one(text, at, found[-1] if found else context)
        if read is None:
            break
        found.extend(read.places)
        at = read.end
        if read.problem:
            return Places(tuple(found), at, read.problem)
        upto = _UPTO.match(text, at)
        if upto:
            ranged = _range(text, upto.end(), found.pop())
            if ranged is None:
                return Places((), at, "范围的起止不清楚")
            found.extend(ranged.places)
            at = ranged.end
        if headed := _HEADED.match(text, at):
            if upto:
                return Places(tuple(found), at, "标题所属的部分不清楚")
            found = _headings(found)
            at = headed.end()
        first = False
        joint = _AND.match(text, at)
        if joint is None:
            break
        after = _one(text, joint.end(), found[-1])
        if after is None:
            break
        at = joint.end()
    return None if first else Places(tuple(found), at)


def _headings(found: list[Place]) -> list[Place]:
    """第一节、第二节节名 are both headings: the last place and those before it with its word."""
    first = len(found)
    while first and not found[first - 1].upto:
        if found[first - 1].steps[-1].word != found[-1].steps[-1].word:
            break
        first -= 1
    return [*found[:first], *(Place(each.steps, 0, heading=True) for each in found[first:])]


def _one(text: str, at: int, before: Place | None) -> Places | None:
    """Read one place, or several that share a word (第一、二款)."""
    start = at
    steps: tuple[PlaceStep, ...] = ()
    back = _BACK.match(text, at)
    if back:
        at = back.end()
        if word := back["word"]:
            above = _named(before, _SAME.get(word, word))
            if above is None:
                return Places((), at, f"“{back[0]}”没有写明是哪一{word[-1]}")
            steps = above
    while True:
        read = _steps(text, at)
        if read is None:
            break
        group, end = read
        if not steps:
            steps = _above(before, group[0].word)
        elif not _deeper(steps[-1].word, group[0].word):
            if steps[-1].word not in {"条", "款"} or group[0].word not in {"一级", "二级"}:
                break
            group = [step._replace(word="项") for step in group]
        at = end
        if len(group) > 1:
            return Places(tuple(Place((*steps, step)) for step in group), at)
        steps = (*steps, group[0])
        joint = _JOINT.match(text, at)
        if joint and _steps(text, joint.end()):
            at = joint.end()
    if not steps or at == start:
        return None
    return _of_sentence(text, at, _bracketed(steps))


def _deeper(word: str, below: str) -> bool:
    return (
        _RANK[below] > _RANK[word]
        or (below == "点" and word in {"点", "项"})
        or word + below == "点款"
    )


def _of_sentence(text: str, at: int, steps: tuple[PlaceStep, ...]) -> Places:
    """The place, or one sentence of it (第二句)."""
    if sentence := _SENTENCE.match(text, at):
        number = to_int(sentence["n"]) if sentence["n"] else 1 if sentence["first"] else -1
        return Places((Place(steps, sentence=number),), sentence.end())
    share = _SHARE.match(text, at)
    return Places((Place(steps),), share.end() if share else at)


def _bracketed(steps: tuple[PlaceStep, ...]) -> tuple[PlaceStep, ...]:
    """Under 条 and 款 a bare （三） is an 项."""
    out: list[PlaceStep] = []
    for step in steps:
        lawful = bool(out) and out[-1].word in {"条", "款"}
        out.append(step._replace(word="项") if step.word == "二级" and lawful else step)
    return tuple(out)


def _steps(text: str, at: int) -> tuple[list[PlaceStep], int] | None:
    """Read one step at ``at``, or the steps of a list with one word for all."""
    try:
        if listed := _LISTED.match(text, at):
            return _listed(listed), listed.end()
        match = _STEP.match(text, at)
        if match is None:
            heading = _HEADING1.match(text, at)
            if heading is None:
                return None
            return [PlaceStep("一级", to_int(heading["n"]))], heading.end()
        return [_step(match)], match.end()
    except ParseError:
        return None


def _step(match: re.Match[str]) -> PlaceStep:
    if match["word"]:
        word = _SAME.get(match["word"], match["word"])
        suffix = to_int(match["zhi"]) if match["zhi"] else 0
        number, bracketed = _number(match["n"])
        return PlaceStep(word, number, suffix, bracketed)
    if match["annex"]:
        number = to_int(match["an"]) if match["an"] else 0
        return PlaceStep("附件", number, words=match["called"] or "")
    if match["note"] or match["named"]:
        return PlaceStep("题注" if match["note"] else "引言")
    if match["title"]:
        return PlaceStep("名称")
    if match["dot"]:
        return PlaceStep("三级", to_int(match["dot"]))
    written = match["bare"] or match["mark"]
    number, _ = _number(written)
    return PlaceStep(
        "四级" if written.strip("（()）")[0] in "0123456789０１２３４５６７８９" else "二级",
        number,
        0,
        True,
    )


def _number(written: str) -> tuple[int, bool]:
    bare = written.strip("（()）")
    return to_int(bare), bare != written


def _listed(match: re.Match[str]) -> list[PlaceStep]:
    """Spell out 第一、三至五款."""
    word = _SAME.get(match["word"], match["word"])
    number, bracketed = _number(match["first"])
    numbers = [number]
    for more in _NUMBER.finditer(match["more"]):
        number, _ = _number(more["n"])
        if more["sep"] in {"至", "到"}:
            if not numbers[-1] < number <= numbers[-1] + _WIDEST:
                raise ParseError("范围的起止不清楚")
            numbers.extend(range(numbers[-1] + 1, number))
        numbers.append(number)
    return [PlaceStep(word, each, 0, bracketed) for each in numbers]


def _range(text: str, at: int, first: Place) -> Places | None:
    """Read the end of 第三条至第五条; both ends have the same word and stand in the same place."""
    read = _one(text, at, first)
    if read is None or len(read.places) != 1 or read.problem:
        return None
    last = read.places[0]
    same = first.steps[:-1] == last.steps[:-1] and first.steps[-1].word == last.steps[-1].word
    start, stop = first.steps[-1], last.steps[-1]
    if not same or first.heading or not start.number < stop.number <= start.number + _WIDEST:
        if same and start.number == stop.number and start.suffix < stop.suffix:
            zhi = range(start.suffix, stop.suffix + 1)
            spelt = (Place((*first.steps[:-1], start._replace(suffix=each))) for each in zhi)
            return Places(tuple(spelt), read.end)
        return None
    if start.suffix or stop.suffix:
        return None
    return Places((Place(first.steps, stop.number),), read.end)


def _named(before: Place | None, word: str) -> tuple[PlaceStep, ...] | None:
    """The place before up to its step with this word (该条)."""
    steps = before.steps if before else ()
    for end, step in enumerate(steps, 1):
        if step.word == word:
            return steps[:end]
    return None


def _above(before: Place | None, word: str) -> tuple[PlaceStep, ...]:
    """What a step without anything above it takes over from the place before."""
    if before is not None and before.steps[0].word == "附件" and word in _ANNEXED:
        return before.steps[:1]
    if before is None or word in _TOP:
        return ()
    return tuple(step for step in before.steps if _RANK[step.word] < _RANK[word])
