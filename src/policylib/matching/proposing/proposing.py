"""Reading the measures of a text (提取事项): what is certain becomes a draft, the rest is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policylib.matching.proposing.assembling import Assembler
from policylib.matching.proposing.clauses import clauses
from policylib.matching.proposing.figures import exclusive_words
from policylib.matching.proposing.grounding import Grounds
from policylib.matching.proposing.lexicon import Lexicon
from policylib.matching.proposing.lines import Line, read_lines
from policylib.matching.proposing.places import Places
from policylib.matching.proposing.reader import Understood, understand
from policylib.matching.proposing.values import Proposals
from policylib.model.facts import Vocabulary
from policylib.reading.header import header
from policylib.reading.source import Source
from policylib.reading.titles import one_line

__all__ = ["propose"]

_MOST_CLAUSES = 2_000
_SURROGATES = re.compile("[\ud800-\udfff]")
_TOPIC = re.compile(r"对象|条件|范围|标准|资格")


def propose(text: str, *, vocabulary: Vocabulary, region: str | None = None) -> Proposals:
    """The measures that a text may hold, with every fact's provision, words and place (提取事项).

    Only what is certain is proposed: a phrase counts where every word that could change its
    meaning is understood and the vocabulary has the fact. What is left is listed with the reason.
    ``region`` is the code (GB/T 2260) of the district that issued the text; without it 本县 stays
    open. At most 2,000 clauses are read. Any string is read, in linear time; lone surrogates are replaced.

    >>> from policylib.files.vocabulary import load_vocabulary
    >>> found = propose("第二条 具有本县户籍、年满80周岁的老年人，可以申请高龄津贴。",
    ...                 vocabulary=load_vocabulary(), region="990121")
    >>> [(each.quote, str(each.provision)) for each in found.evidence]
    [('具有本县户籍', '第二条第一款'), ('年满80周岁', '第二条第一款')]
    >>> found.proposals[0].measure.title
    '高龄津贴'
    """
    text = _SURROGATES.sub("\ufffd", text)
    source = Source(text)
    plain = source.plain
    lexicon = Lexicon(vocabulary, Places(vocabulary, region), exclusive_words(plain))
    lines = read_lines(plain)
    title = header(source).title
    name = one_line(title.quote) if title else ""
    read: list[Understood] = []
    for clause, _ in zip(clauses(plain, lines, name), range(_MOST_CLAUSES), strict=False):
        found = understand(plain, clause, lexicon)
        if found.says or found.left:
            read.append(found)
    return Assembler(Grounds(text, vocabulary), name).proposals(_groups(plain, lines, read))


def _groups(text: str, lines: list[Line], read: list[Understood]) -> Iterator[list[Understood]]:
    """Clauses that speak of the same measures: of one part, or of the whole text.

    A text in articles is a whole; one in parts 一、二、 is so where the parts are 对象, 标准 and
    the like of one thing.
    """
    tops = [line for line in lines if line.kind == "one" and line.parent is None]
    articles = sum(line.kind == "article" for line in lines)
    of_one = sum(
        bool(_TOPIC.search(text[line.start : min(line.end, line.start + 30)])) for line in tops
    )
    if articles >= 3 or of_one or len(tops) < 2:
        yield read
        return
    groups: dict[int, list[Understood]] = {}
    for each in read:
        above = [each.clause.line, *each.clause.line.above()]
        groups.setdefault(above[-1].start, []).append(each)
    yield from groups.values()
