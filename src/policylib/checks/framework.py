"""What a check is, what it sees and what it says.

A check is a generator function under :func:`check`. It looks at a :class:`Case` and yields a
:class:`Flaw` for each thing to mend; the :class:`Check` around it adds its own code and severity
and makes them findings::

    @check("DAT001", severity=Severity.ERROR, title="发布日期早于成文日期")
    def released_before_written(case: Case) -> Iterator[Flaw]:
        ...
"""

from __future__ import annotations

import inspect
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from policylib.checks.personal import mask
from policylib.checks.reading import Cited, cited_titles
from policylib.model.document import Document, Edition, Header, number_key
from policylib.model.finding import Finding, MeasureFault
from policylib.model.organ import AuthorityFile
from policylib.model.relation import Declaration, Relation
from policylib.model.rule import Duty, Rule
from policylib.model.ruleset import Element
from policylib.model.vocabulary import RelationKind, Severity, Stage, Validity
from policylib.reading import Extracted, extract
from policylib.text.locator import Level
from policylib.text.outline import Outline
from policylib.text.workdays import WorkCalendar

__all__ = ["Case", "Check", "Flaw", "Neighbours", "check", "excerpt", "titled"]

#: Findings of one check on one document; more would hide the others, not help.
LIMIT = 50

_UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_INNER = str.maketrans("《》", "〈〉")
_CODE = re.compile(r"[A-Z]{3}[0-9]{3}\Z")


def excerpt(text: str, *, limit: int = 40) -> str:
    r"""Quote ``text`` in a message: one line, at most ``limit`` characters, personal data masked.

    >>> excerpt("手机\n13812345678")
    '手机 138****5678'
    """
    line = mask(_UNSEEN.sub(" ", text[: 4 * limit]).strip())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def titled(title: str) -> str:
    """Quote a title in 《》; those inside become 〈〉, as GB/T 15834-2011 has it.

    >>> titled("关于印发《某县绿化办法》的通知")
    '《关于印发〈某县绿化办法〉的通知》'
    """
    return f"《{excerpt(title).translate(_INNER)}》"


class Flaw(NamedTuple):
    """What a check found (一处问题), before it is a finding.

    ``message`` says in Chinese what is wrong, with the value; ``fix`` what to do, with an example;
    ``where`` is the field in Chinese or the 条款. ``severity`` is given where it is another than
    the check's own, as for a breach of a verified rule.
    """

    message: str
    fix: str
    where: str | None = None
    severity: Severity | None = None


def _no_documents(_: str) -> tuple[Document, ...]:
    return ()


def _no_document(_: str) -> Document | None:
    return None


def _no_validity(_: str) -> Validity | None:
    return None


def _not_known(_: str) -> None:
    return None


def _no_texts(_: str) -> tuple[Edition, ...]:
    return ()


def _nothing_lacks(_: str) -> tuple[tuple[Document, str], ...]:
    return ()


def _no_rules(_header: Header, _duty: Duty, _on: date) -> tuple[Rule, ...]:
    return ()


def _no_elements() -> tuple[Element, ...]:
    return ()


def _no_faults(
    _measures: Sequence[Mapping[str, Any]], _body: Outline, _on: date
) -> tuple[MeasureFault, ...]:
    return ()


@dataclass(frozen=True)
class Neighbours:
    """What a library can say of other documents (库内其他文件), as plain functions.

    By default nothing is known, as for a single file, and checks that need the library stay
    silent. ``by_number`` takes :attr:`Document.number_key`, ``by_index`` an 索引号, ``by_title`` a
    title as cited, with or without the issuer in front; each may return the document itself.
    ``validity`` answers for the case's day. ``pointing`` gives the relations to a document with the
    documents they come from, ``None`` where the library is not known. ``rules`` gives the rules for
    a duty of a document on a day, the weightiest first; ``elements`` what the rule-set has an
    interpretation speak of; ``calendar`` the working days; ``faults`` what is wrong with the
    measures of a text. ``texts`` gives the texts of a document, ``lacking`` the decisions in force
    whose amendments its text lacks, each with the reason.
    """

    by_number: Callable[[str], tuple[Document, ...]] = _no_documents
    by_index: Callable[[str], tuple[Document, ...]] = _no_documents
    by_title: Callable[[str], tuple[Document, ...]] = _no_documents
    by_id: Callable[[str], Document | None] = _no_document
    validity: Callable[[str], Validity | None] = _no_validity
    pointing: Callable[[str], tuple[tuple[Relation, Document], ...] | None] = _not_known
    rules: Callable[[Header, Duty, date], tuple[Rule, ...]] = _no_rules
    elements: Callable[[], tuple[Element, ...]] = _no_elements
    calendar: Callable[[], WorkCalendar] = WorkCalendar
    organs: AuthorityFile = field(default_factory=AuthorityFile)
    faults: Callable[[Sequence[Mapping[str, Any]], Outline, date], tuple[MeasureFault, ...]] = (
        _no_faults
    )
    texts: Callable[[str], tuple[Edition, ...]] = _no_texts
    lacking: Callable[[str], tuple[tuple[Document, str], ...]] = _nothing_lacks


@dataclass(frozen=True)
class Case:
    """A document as a check sees it (待检文件): header, body, relations, neighbours and a day.

    ``name`` is the id or the path that findings name; ``on`` is the day of checking. ``header``
    is a :class:`~policylib.model.document.Document` where the document is in a library.
    """

    name: str
    header: Header
    body: str
    on: date
    relations: tuple[Relation | Declaration, ...] = ()
    measures: tuple[Mapping[str, Any], ...] = ()
    neighbours: Neighbours = field(default_factory=Neighbours)

    @property
    def stage(self) -> Stage | None:
        """办理阶段; ``None`` for a file, as only a library records stages."""
        if isinstance(self.header, Document) and self.header.version:
            return self.header.stage
        return None

    @cached_property
    def outline(self) -> Outline:
        """The body's provisions, parsed when first asked for."""
        return Outline.parse(self.body)

    @cached_property
    def faults(self) -> tuple[MeasureFault, ...]:
        """What is wrong with the measures, worked out when first asked for."""
        if not self.measures:
            return ()
        return self.neighbours.faults(self.measures, self.outline, self.on)

    @cached_property
    def citations(self) -> tuple[Cited, ...]:
        """The titles in 《》 that the body cites, read when first asked for."""
        return tuple(cited_titles(self.body))

    @cached_property
    def told(self) -> Extracted:
        """What the body says of itself and of others, read when first asked for."""
        return extract(self.body)

    def others(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        """``documents`` without the one being checked."""
        own = {self.name}
        if isinstance(self.header, Document):
            own.add(self.header.id)
        return tuple(each for each in documents if each.id not in own)

    def related(self, kind: RelationKind) -> tuple[Document, ...]:
        """The documents this one names by relations of ``kind``, as far as the library knows them.

        A declared target counts when it is an id, or the 发文字号 of one document.
        """
        found: dict[str, Document] = {}
        for relation in self.relations:
            if relation.kind is not kind:
                continue
            name = relation.object_id if isinstance(relation, Relation) else relation.target
            known = self.neighbours.by_id(name) if name else None
            if known is None and isinstance(relation, Declaration):
                numbered = self.neighbours.by_number(number_key(relation.target))
                known = numbered[0] if len(numbered) == 1 else None
            if known is not None:
                found[known.id] = known
        return tuple(found.values())

    def where(self, offset: int) -> str:
        """Name the place of a character of the body: 第三条第二款, else 正文第12行."""
        place = self.outline.locate(offset)
        if place is None or place.steps[-1].level in {Level.TITLE, Level.PREFACE, Level.TEXT}:
            return self.line(offset)
        return str(place)

    def line(self, offset: int) -> str:
        """Name the line of a character of the body: 正文第12行."""
        return f"正文第{bisect_left(self._line_ends, offset) + 1}行"

    @cached_property
    def _line_ends(self) -> tuple[int, ...]:
        return tuple(match.start() for match in re.finditer("\n", self.body))


@dataclass(frozen=True)
class Check:
    """One check (检查项): its code, severity, Chinese title and generator function."""

    code: str
    severity: Severity
    title: str
    function: Callable[[Case], Iterator[Flaw]]

    def __post_init__(self) -> None:
        if not _CODE.match(self.code):
            raise ValueError(f"a check's code is three letters and three digits: {self.code!r}")

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Look at ``case``; at most :data:`LIMIT` findings and one that says there are more."""
        flaws = self.function(case)
        for flaw in islice(flaws, LIMIT):
            yield self._finding(case, flaw)
        if next(flaws, None) is not None:
            more = f"{self.title}：同类问题较多，这里只列出前{LIMIT}处"
            yield self._finding(case, Flaw(more, "先改正已列出的问题，再重新检查"))

    def _finding(self, case: Case, flaw: Flaw) -> Finding:
        return Finding(
            code=self.code,
            severity=flaw.severity or self.severity,
            document=case.name,
            locator=flaw.where,
            message=flaw.message,
            fix=flaw.fix,
        )

    @property
    def doc(self) -> str:
        """The manual page: the function's docstring without indentation."""
        return inspect.cleandoc(self.function.__doc__ or "")


def check(
    code: str, *, severity: Severity, title: str
) -> Callable[[Callable[[Case], Iterator[Flaw]]], Check]:
    """Make a generator function a :class:`Check`.

    ``code`` is three capitals and three digits; ``title`` says in Chinese what is wrong. An error
    blocks a release and rests on a national rule or plain logic; what rests on a local rule or on
    common practice is a warning or a hint. Raises :class:`ValueError` for another form of code.
    """

    def around(function: Callable[[Case], Iterator[Flaw]]) -> Check:
        return Check(code, severity, title, function)

    return around
