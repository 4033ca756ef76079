"""Every check over its own file of cases, and what holds for all checks alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib.checks.framework import LIMIT, Case, Flaw, Neighbours, check, excerpt
from policylib.checks.manual import manual
from policylib.checks.table import ALL, CRASHED, run, select
from policylib.errors import ParseError
from policylib.files.rulesets import load_ruleset
from policylib.library.checking import measure_faults
from policylib.model.document import Document, Edition, Header, number_key
from policylib.model.organ import AuthorityFile, Organ
from policylib.model.relation import Declaration, Relation
from policylib.model.vocabulary import Severity, Validity
from policylib.reading.titles import same_title
from policylib.workflow.rules import Facts, rules_for

CASES = Path(__file__).parent / "cases"
FAULTS = measure_faults()
BY_CODE = {each.code: each for each in ALL}


@dataclass(frozen=True)
class Told:
    """One case of a case file, with what it expects."""

    code: str
    expected: bool
    told: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.code} {'报' if self.expected else '不报'} {self.told['name']}"

    def words(self, key: str) -> list[str]:
        value = self.told.get(key, [])
        return [value] if isinstance(value, str) else value


def read_cases() -> Iterator[Told]:
    for path in sorted(CASES.glob("*.yaml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group, expected in (("pass", False), ("fail", True)):
            for each in told[group]:
                yield Told(path.stem, expected, each)


TOLD = tuple(read_cases())


def case_of(told: dict[str, Any]) -> Case:
    fields = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in told["header"].items()
    }
    header = Document(**fields) if "id" in fields else Header(**fields)
    relations = tuple(
        Relation(**each) if "subject_id" in each else Declaration(**each)
        for each in told.get("relations", ())
    )
    return Case(
        name=fields.get("id", "样例.md"),
        header=header,
        body=told.get("body", "") * told.get("repeat", 1),
        on=told.get("day", date(2026, 1, 1)),
        relations=relations,
        measures=tuple(told.get("measures", ())),
        neighbours=neighbours_of(told),
    )


def neighbours_of(told: dict[str, Any]) -> Neighbours:
    documents = tuple(Document(**each) for each in told.get("library", ()))
    validity = told.get("validity", {})
    by_id = {each.id: each for each in documents}
    pointing = [Relation(**each) for each in told.get("pointing", ())]
    more: dict[str, Any] = {}
    if "pointing" in told:
        more["pointing"] = lambda id: tuple(
            (each, by_id.get(each.subject_id) or Document(id=each.subject_id, title="本文件",
                                                          type="意见反馈"))
            for each in pointing
            if each.object_id == id
        )  # fmt: skip
    if "rules" in told:
        ruleset = load_ruleset(told["rules"])
        more["rules"] = lambda header, duty, on: rules_for(
            ruleset, Facts.of(header, ruleset, on=on), duty, on
        )
        more["elements"] = lambda: min(
            (each.elements for each in ruleset.interpretations if each.elements),
            key=len,
            default=(),
        )
    texts = {
        id: tuple(Edition(document_id=id, **each) for each in every)
        for id, every in told.get("texts", {}).items()
    }
    lacking = {
        id: tuple((Document(**each), "库中还没有修改后的文本") for each in every)
        for id, every in told.get("lacking", {}).items()
    }
    return Neighbours(
        **more,
        texts=lambda id: texts.get(id, ()),
        lacking=lambda id: lacking.get(id, ()),
        by_number=lambda key: tuple(
            each for each in documents if each.doc_number and number_key(each.doc_number) == key
        ),
        by_index=lambda number: tuple(each for each in documents if each.index_number == number),
        by_title=lambda title: tuple(each for each in documents if same_title(title, each.title)),
        by_id=lambda id: next((each for each in documents if each.id == id), None),
        validity=lambda id: Validity(validity[id]) if id in validity else None,
        organs=AuthorityFile(Organ(**each) for each in told.get("organs", ())),
        faults=FAULTS,
    )


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_case(told: Told) -> None:
    findings = run(case_of(told.told), [BY_CODE[told.code]])
    if not told.expected:
        assert findings == ()
        return
    assert {each.code for each in findings} == {told.code}
    text = "\n".join(each.message for each in findings)
    for words in told.words("message"):
        assert words in text
    for words in told.words("fix"):
        assert words in "\n".join(each.fix for each in findings)
    for words in told.words("where"):
        assert words in [each.locator for each in findings]
    if "severity" in told.told:
        assert {each.severity for each in findings} == {told.told["severity"]}
    for words in told.words("absent"):
        assert words not in "".join(each.message + each.fix for each in findings)
    assert len(findings) == told.told.get("count", len(findings))
    assert all(each.message and each.fix for each in findings)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.code)
def test_each_check_has_a_page_and_cases(each: Any) -> None:
    first, *rest = each.doc.splitlines()
    assert first.startswith("Find ")
    assert first.endswith(".")
    assert any(line.startswith("Good: ") for line in rest)
    assert any(line.startswith("Bad: ") for line in rest)
    for expected in (False, True):
        own = [told for told in TOLD if told.code == each.code and told.expected is expected]
        assert len(own) >= 2


def test_codes_and_functions_are_named_once() -> None:
    codes = [each.code for each in ALL]
    assert len(set(codes)) == len(codes)
    assert len({each.function for each in ALL}) == len(ALL)
    assert {path.stem for path in CASES.glob("*.yaml")} == set(codes)


def test_local_rules_never_block() -> None:
    """Errors rest on a national rule or on plain logic; these are all that block."""
    errors = {each.code for each in ALL if each.severity is Severity.ERROR}
    assert errors == {
        "IDN002", "IDN003", "NUM003", "NUM005", "DAT001", "DAT003", "DAT004", "HDR006",
        "REF001", "REF002", "SRC001", "TXT001", "TXT002", "CON002", "CON005", "INT002",
        "MEA001", "MEA002", "MEA003", "MEA004",
    }  # fmt: skip


CASE = Case("样例.md", Header(title="关于某事的通知"), "请遵照执行。\n", date(2026, 1, 1))


@check("XYZ001", severity=Severity.WARNING, title="总会出错")
def broken(case: Case) -> Iterator[Flaw]:
    """Raise."""
    yield Flaw("第一处", "改正")
    raise RuntimeError(case.name)


@check("XYZ002", severity=Severity.HINT, title="问题太多")
def endless(case: Case) -> Iterator[Flaw]:
    """Never stop."""
    while True:
        yield Flaw("一处问题", "改正")


def test_a_check_that_raises_becomes_a_finding() -> None:
    found, crashed, *others = run(CASE, [broken, BY_CODE["HDR005"]])
    assert found.code == "XYZ001"
    assert crashed.code == CRASHED
    assert crashed.locator == "XYZ001"
    assert crashed.severity is Severity.WARNING
    assert "XYZ001" in crashed.message
    assert [each.code for each in others] == ["HDR005"]


def test_findings_of_one_check_are_limited() -> None:
    findings = run(CASE, [endless])
    assert len(findings) == LIMIT + 1
    assert f"只列出前{LIMIT}处" in findings[-1].message


def test_a_code_has_one_form() -> None:
    with pytest.raises(ValueError, match="three letters"):
        check("dat1", severity=Severity.HINT, title="错")(broken.function)


def test_select() -> None:
    assert select([]) == ALL
    assert [each.code for each in select(["HDR002", "DAT00"])][:2] == ["DAT001", "DAT002"]
    assert [each.code for each in select([" src "])] == ["SRC001"]
    with pytest.raises(ParseError, match="没有以“ABC”开头的检查项"):
        select(["DAT", "abc"])
    with pytest.raises(ParseError):
        select([""])


def test_all_checks_run_on_nothing() -> None:
    findings = run(Case("空.md", Header(title="通知"), "", date(2026, 1, 1)))
    assert CRASHED not in {each.code for each in findings}
    assert "TXT001" in {each.code for each in findings}


def test_places_are_named() -> None:
    case = Case(
        "样例.md", Header(title="办法"), "总说明\n\n第一条 甲。\n第二条 乙。\n", date(2026, 1, 1)
    )
    assert case.where(case.body.index("乙")) == "第二条第一款"
    assert case.where(0) == "正文第1行"
    assert case.line(case.body.index("乙")) == "正文第4行"


def test_messages_mask_and_shorten() -> None:
    assert "13812345678" not in excerpt("王某13812345678")
    assert excerpt("甲\x00乙\u202e丙\n丁") == "甲 乙 丙 丁"
    assert len(excerpt("长" * 500)) == 40


HOSTILE = (
    "《" * 50_000, "（(" * 30_000, "本办法第一条、" * 10_000, "第一条 甲。\n" + "本办法第九条" * 5_000,
    "〔_" * 30_000, "<!--" * 20_000, "62 " * 30_000, "1" * 60_000, "自 年 月 日" * 10_000, "附件\n" * 5_000,
    "字体：大" * 20_000, "有效期为" * 20_000, "&" * 60_000, "\u0000\ud800" * 1_000,
)  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: ascii(body[:6]))
def test_hostile_bodies_neither_hang_nor_crash(body: str) -> None:
    header = Header(title="关于某事的通知", doc_number="某政〔2024〕5号", written_on="2024-01-01")
    findings = run(Case("样例.md", header, body, date(2026, 1, 1)))
    assert CRASHED not in {each.code for each in findings}


def test_the_manual_tells_all_checks_and_is_stable() -> None:
    page = manual()
    assert page == manual(ALL)
    assert page.endswith("\n")
    for each in ALL:
        assert f"{each.code} {each.title}" in page
        assert f"| [{each.code}](#{each.code.lower()}) | {each.severity} |" in page
        assert each.doc in page
