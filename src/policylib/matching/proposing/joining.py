"""How the phrases of a clause go together (条件的连接): all of them, one of them, or not certain.

Nothing is guessed: a phrase counts only where everything that could change its meaning is
understood. What is left goes to the officer with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from policylib.matching.proposing.tokens import Draft, Kind, Token

__all__ = ["Found", "Left", "Reading", "read"]

#: Others than the applicant; what follows in the sentence may be said of them.
_SOMEBODY_ELSE = re.compile(
    r"父母|配偶|子女|夫妻|双方|一方|家属|亲属|户主|女儿|儿子|抚养|赡养|监护|婴幼儿|婴儿|共同申请|该子"
    r"|招用|吸纳|招聘|录用|雇|聘用|引进到|法定代表人|股东|经营者"
)
#: Things whose figures are not the applicant's.
_SOMETHING_ELSE = re.compile(r"房屋|贷款年限|期限|房龄|还款|借款人或|工作单位|共同借款")
_EXCEPT = re.compile(
    r"除外|但(?!是否)|除[^，。；]{1,30}外|不受[^，。；]{0,20}限制|例外|另有规定|或其"
)
_LIKE_A_CONDITION = re.compile(
    r"的\Z|满|具有|符合|未|不|无|以上|以下|以内|超过|属于|认定|购买|取得|办理|被|经|参加|从事|持有|连续|签订|拥有|需|应"
)
_VERB = re.compile(r"获得|取得|具有|具备|持有|从事|与|在|缴纳|购买|购置|并|首次|新")
_WHERE = re.compile(r"(?:在|于)[^，。；、]{1,16}\Z")
_PEOPLE = re.compile(r"(?:职工|员工|人员|人才|家庭|[存房请款贷]人|青年|群体|农民|居民|市民)\Z")
_SOME_PEOPLE = re.compile(r"人员|人才|职工|家庭|居民|毕业生|学生")
_HEAD = re.compile(
    r"[人员才工民者生户军属伍]\Z|家庭|企业|青年|群体|单位|合作社|农场|机构|组织|主体|工商户|儿童|子弟|院校|车间|公司"
)
_BY_AGE = ("老年人", "未成年人")
_GROUPING = frozenset((Kind.LIST, Kind.JOIN))


@dataclass(frozen=True, slots=True)
class Found:
    """A condition and the words it rests on."""

    draft: Draft
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Left:
    """Words left to the officer, and why."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Reading:
    """What was read of a clause (读得的条件): conditions that must all hold, and what is left."""

    found: list[Found] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    by_cases: bool = False
    dropped: bool = False

    @property
    def whole(self) -> bool:
        """Whether everything of the clause was understood."""
        return not self.left and not self.dropped


def read(text: str, tokens: Sequence[Token], *, item: bool = False) -> Reading:
    """The conditions of a clause, from its tokens.

    In an ``item`` of a list, 甲的，乙 asks for 乙 only where 甲 holds.
    """
    if not tokens:
        return Reading()
    start, end = tokens[0].start, tokens[-1].end
    if item and _by_cases(tokens):
        return Reading(by_cases=True)
    if any(each.is_fact for each in tokens) and _EXCEPT.search(text, start, end):
        return Reading(left=[Left(start, end, "有例外情形，请人工填写")])
    result = Reading()
    segments = [_trimmed(each) for each in _split(tokens, Kind.STOP)]
    segments = [each for each in segments if each]
    doubtful = _loose(text, segments)
    pairs, uneven = _parallel(segments)
    other = False
    for at, segment in enumerate(segments):
        if at in pairs:
            continue
        other = other or _of_another(text, segment)
        if other or _of_something(text, segment):
            _leave(text, result, segment, "说的可能不是申请人本人")
            continue
        if at in doubtful or at in uneven:
            _leave(text, result, segment, "与前后文是“并且”还是“或者”不确定")
            continue
        part = _segment(text, segment)
        result.found += part.found
        result.left += part.left
        result.dropped = result.dropped or part.dropped
    if pairs:
        result.found.append(_by_kind([segments[at] for at in sorted(pairs)]))
    result.found.sort(key=lambda each: each.start)
    return result


def _by_cases(tokens: Sequence[Token]) -> bool:
    """Whether a part that ends with 的 is followed by one that does not."""
    parts = [
        [each for each in part if each.kind is not Kind.FILL] for part in _split(tokens, Kind.STOP)
    ]
    ends = [part[-1].kind is Kind.OF for part in parts if part]
    return any(first and not second for first, second in pairwise(ends))


def _split(tokens: Iterable[Token], *kinds: Kind) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind in kinds:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _trimmed(tokens: list[Token]) -> list[Token]:
    idle = (Kind.FILL, Kind.OF, Kind.AND)
    start, end = 0, len(tokens)
    while start < end and tokens[start].kind in idle:
        start += 1
    while end > start and tokens[end - 1].kind in idle:
        end -= 1
    return tokens[start:end]


def _loose(text: str, segments: list[list[Token]]) -> set[int]:
    """Segments that 或者 or 以及 joins over a comma: how far it reaches is not certain."""
    found: set[int] = set()
    for at, segment in enumerate(segments):
        first, last = segment[0], segment[-1]
        joined = first.kind is Kind.JOIN and text.startswith(("以及", "及其"), first.start)
        if first.kind is Kind.OR or joined:
            found |= {at - 1, at}
        if last.kind in (Kind.OR, Kind.JOIN, Kind.LIST):
            found |= {at, at + 1}
    return found


def _parallel(segments: list[list[Token]]) -> tuple[set[int], set[int]]:
    """Segments that each say one thing of a kind (硕士不超过35周岁，博士不超过40周岁).

    First those that make a whole, then those that do not because one of them is not understood.
    """
    kinds = [_of_a_kind(segment) for segment in segments]
    named = {at for at, each in enumerate(kinds) if each}
    if len(named) < 2:
        return set(), set()
    said = {kinds[at][1] for at in named if kinds[at]}  # type: ignore[index]
    others = {
        at
        for at, segment in enumerate(segments)
        if at not in named
        and any(each.draft and each.draft.get("fact") in said for each in segment)
    }
    even = len({kinds[at] for at in named}) == 1 and not others
    return (named, set()) if even else (set(), named | others)


def _of_a_kind(segment: list[Token]) -> tuple[str, str] | None:
    facts = [token for token in segment if token.kind is not Kind.FILL]
    if [each.kind for each in facts] != [Kind.NOUN, Kind.SAID]:
        return None
    names = [str(each.draft.get("fact")) if each.draft else "" for each in facts]
    return (names[0], names[1]) if all(names) else None


def _by_kind(segments: list[list[Token]]) -> Found:
    facts = [[token for token in segment if token.draft] for segment in segments]
    ways = [{"all": [_kept(token) for token in each]} for each in facts]
    return Found({"any": ways}, facts[0][0].start, facts[-1][-1].end)


def _kept(token: Token) -> Draft:
    return {**(token.draft or {}), "@": (token.start, token.end)}


# -- one segment --------------------------------------------------------------------------------


def _of_something(text: str, tokens: list[Token]) -> bool:
    odd = " ".join(text[each.start : each.end] for each in tokens if each.kind is Kind.OTHER)
    return _SOMETHING_ELSE.search(odd) is not None


def _of_another(text: str, tokens: list[Token]) -> bool:
    """Whether somebody else comes in, of whom what follows may be said too."""
    odd = " ".join(text[each.start : each.end] for each in tokens if each.kind is Kind.OTHER)
    return _SOMEBODY_ELSE.search(odd) is not None


def _segment(text: str, tokens: list[Token]) -> Reading:
    result = Reading()
    for token in tokens:
        if token.kind is Kind.NOTE:
            _leave(text, result, [token], "括号内的说明请核对")
    tokens = [each for each in tokens if each.kind is not Kind.NOTE]
    if any(each.kind is Kind.OR for each in tokens):
        return _alternatives(text, tokens, result)
    old = len(_plain(tokens)) < len(tokens)
    for part in _parts(text, tokens):
        _part(text, part, result, old=old)
    return result


def _alternatives(text: str, tokens: list[Token], result: Reading) -> Reading:
    """A 或者 B: every one must be understood and be one fact, or all is left.

    In A 或者 B 的 C, where A and B are sayings, C stands by itself.
    """
    cut = max((at for at, each in enumerate(tokens) if each.kind is Kind.OF), default=-1)
    if cut > max(at for at, each in enumerate(tokens) if each.kind is Kind.OR):
        if _nearest(tokens) is Kind.NOUN:
            _leave(text, result, tokens, "修饰语管到哪里不确定")
            return result
        for part in _parts(text, tokens[cut + 1 :]):
            _part(text, part, result, old=False)
        tokens = _trimmed(tokens[:cut])
    ways = [_trimmed(each) for each in _split(tokens, Kind.OR, Kind.LIST)]
    drafts: list[Draft] = []
    for way in ways:
        facts = [each for each in way if each.kind is not Kind.FILL]
        if len(facts) != 1 or facts[0].draft is None:
            _leave(text, result, tokens, "几种情形中有的不能确定")
            return result
        drafts.append(_kept(facts[0]))
    mixed = {each.kind for each in tokens if each.is_fact}
    if len(mixed) > 1 and any(each.kind is Kind.LIST for each in tokens):
        _leave(text, result, tokens, "几种情形如何连接不确定")
        return result
    result.found.append(Found({"any": drafts}, tokens[0].start, tokens[-1].end))
    return result


def _parts(text: str, tokens: list[Token]) -> list[list[Token]]:
    """A segment cut where parts stand side by side: at 且, the 的 before a row, 、 between sayings.

    A row of kinds of people (老年人、残疾人和未满16周岁的儿童) stays together to its end.
    """
    rows = [at for at in range(len(tokens)) if tokens[at].kind in _GROUPING]
    rows = [at for at in rows if _among_nouns(text, tokens, at)]
    row = rows[0] if rows else len(tokens)
    parts: list[list[Token]] = [[]]
    for at, token in enumerate(tokens):
        if at > row or (token.kind is Kind.OF and _owned(text, tokens, at)):
            parts[-1].append(token)
        elif token.kind in (Kind.AND, Kind.OF) or (token.kind in _GROUPING and at < row):
            parts.append([])
        elif at and (_begins(text, tokens, at) or _ends(text, parts[-1], token)):
            parts.append([token])
        else:
            parts[-1].append(token)
    return [part for part in map(_trimmed, parts) if part]


def _begins(text: str, tokens: list[Token], at: int) -> bool:
    """Whether words that are not understood begin a saying of their own (35周岁以下获得…)."""
    if tokens[at].kind not in (Kind.OTHER, Kind.FILL):
        return False
    before = _nearest(tokens[:at][::-1])
    return before is Kind.SAID and _VERB.match(text, tokens[at].start) is not None


def _ends(text: str, part: list[Token], token: Token) -> bool:
    """Whether a saying begins behind a place (在某市) or behind kinds of people (缴存职工)."""
    if token.kind is not Kind.SAID or not part or any(each.is_fact for each in part):
        return False
    words = text[max(0, part[0].start - 1) : part[-1].end]
    return bool(_WHERE.match(words) or _PEOPLE.search(words))


def _is_object(text: str, tokens: list[Token], at: int) -> bool:
    """Whether a row of kinds of bodies is what somebody founds (创办企业、合作社)."""
    before = tokens[at - 1]
    return before.kind is Kind.SAID and text.endswith("创办", before.start, before.end)


def _owned(text: str, tokens: list[Token], at: int) -> bool:
    """Whether what follows 的 is a thing and not who is meant (基金会的分立, 购房的贷款)."""
    before = _nearest(tokens[:at][::-1])
    after = next((each for each in tokens[at + 1 :] if each.kind is not Kind.FILL), None)
    if after is None or after.kind is not Kind.OTHER or before not in (Kind.NOUN, Kind.SAID):
        return False
    if before is Kind.NOUN:
        return True
    named = tokens[-1].kind is Kind.NOUN
    return not named and not _HEAD.search(text, after.start, after.end)


def _among_nouns(text: str, tokens: list[Token], at: int) -> bool:
    """Whether 、 or 和 stands in a row of kinds of people."""
    before = tokens[at - 1] if at else None
    people = before is not None and before.kind is Kind.FILL
    if before and people and _PEOPLE.search(text, before.start, before.end):
        return True
    after = next((each for each in tokens[at + 1 :] if each.kind is not Kind.FILL), None)
    others = tokens[at].kind is Kind.JOIN and after is not None and after.kind is Kind.OTHER
    if after and others and _SOME_PEOPLE.search(text, after.start, tokens[-1].end):
        return True
    return Kind.NOUN in (_nearest(tokens[:at][::-1]), after.kind if after else None)


def _nearest(tokens: list[Token]) -> Kind | None:
    return next((each.kind for each in tokens if each.kind is not Kind.FILL), None)


def _part(text: str, tokens: list[Token], result: Reading, *, old: bool) -> None:
    real = [each for each in tokens if each.kind is not Kind.FILL]
    facts = [each for each in real if each.is_fact]
    if not facts:
        _leave(text, result, real, "词表中没有能确定对应的事实")
        return
    if any(each.doubt for each in facts):
        reasons = next(each.doubt for each in facts if each.doubt)
        _leave(text, result, tokens, reasons or "")
        return
    if any(each.kind in (Kind.OTHER, Kind.OR) for each in real) or _owner(real):
        _leave(text, result, tokens, "词语没有全部看懂，含义可能不同")
        return
    for each in facts:
        if each.remark:
            result.left.append(Left(each.start, each.end, each.remark))
    if any(each.kind in _GROUPING for each in real):
        _row(text, real, result)
        return
    if old:
        facts = [each for each in facts if (each.draft or {}).get("fact") not in _BY_AGE]
    result.found += [Found(_kept(each), each.start, each.end) for each in facts]


def _owner(tokens: list[Token]) -> bool:
    return any(each.kind is Kind.OF for each in tokens) and not any(
        each.kind in _GROUPING for each in tokens
    )


def _row(text: str, tokens: list[Token], result: Reading) -> None:
    """Kinds of people in a row: one of them."""
    ways = [
        _plain([each for each in way if each.kind not in (Kind.OF, Kind.FILL)])
        for way in _split(tokens, *_GROUPING)
    ]
    if any(not way or any(each.draft is None for each in way) for way in ways):
        _leave(text, result, tokens, "几类人员中有的不能确定")
        return
    plain = len(ways[0]) == 1 and all(way[-1].kind is Kind.NOUN for way in ways)
    if not plain and len({len(way) for way in ways}) > 1:
        _leave(text, result, tokens, "修饰语管到哪里不确定")
        return
    kept = [[_kept(each) for each in way] for way in ways]
    drafts = [each[0] if len(each) == 1 else {"all": each} for each in kept]
    result.found.append(Found({"any": drafts}, tokens[0].start, tokens[-1].end))


def _plain(tokens: list[Token]) -> list[Token]:
    """Without 老年人 and 未成年人 where an age is given."""
    facts = [each.draft.get("fact") if each.draft else None for each in tokens]
    if "年龄" not in facts:
        return tokens
    pairs = zip(tokens, facts, strict=True)
    return [each for each, fact in pairs if fact not in _BY_AGE]


def _leave(text: str, result: Reading, tokens: list[Token], reason: str) -> None:
    if not tokens:
        return
    start, end = tokens[0].start, tokens[-1].end
    words = text[start:end]
    if len(words) < 3 or not (
        any(each.is_fact for each in tokens)
        or text.startswith("的", end)
        or _LIKE_A_CONDITION.search(words)
    ):
        result.dropped = True
        return
    result.left.append(Left(start, end, reason))
