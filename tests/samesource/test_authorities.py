"""Whose library answers for which document: by 文号, issuer, code, region and level, day by day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.office import day

from policylib.errors import ParseError
from policylib.files.authorities import parse_authorities
from policylib.model.authority import Authorities, Authority, level_of
from policylib.model.document import Header
from policylib.model.organ import AuthorityFile, Organ

TODAY = day("2026-03-02")
REGISTRY = parse_authorities("""\
own: 青石镇人民政府
authorities:
  - name: 江南省人民政府
    covers: [{levels: [省]}]
  - name: 青山县人民政府
    covers:
      - issuers: [青山县人民政府, 青山县人民政府办公室]
      - agency_codes: [青政, 青政办]
        since: 2005-01-01
      - {regions: [青山县], levels: [县]}
      - credit_codes: [11341602003165791L]
    addresses: [https://www.qs.example.cn/zcwjk/]
    manifest: https://www.qs.example.cn/zcwjk/tongyuan/
    valid_to: 2025-06-30
    successor: 青山市人民政府
  - name: 青山市人民政府
    covers: [{regions: ["3416"]}]
    valid_from: 2025-07-01
  - name: 青山县民政局
    covers: [{issuers: [青山县民政局]}]
  - name: 青原市人民政府
    covers: [{agency_codes: [青政], until: 2004-12-31}]
  - name: 青石镇人民政府
    covers: [{issuers: [青山县青石镇人民政府]}]
""")


def owner(
    on: str = "2025-01-01", organs: AuthorityFile | None = None, **fields: object
) -> str | None:
    header = Header.model_validate({"title": "办法", **fields})
    found = REGISTRY.owner(header, on=day(on), organs=organs)
    return found.name if found else None


def test_the_issuer_tells() -> None:
    assert owner(issuers=["青山县人民政府办公室"]) == "青山县人民政府"
    assert owner(issuers=["青山县民政局"]) == "青山县民政局", "closer than the region"
    assert owner(issuers=["青山县财政局"]) == "青山县人民政府", "by region and level"
    assert owner(issuers=["青山县青石镇人民政府"]) == "青石镇人民政府"
    assert owner(issuers=["青山县柳河镇人民政府"]) is None, "another level"
    assert owner(issuers=["江南省财政厅"]) == "江南省人民政府"
    assert owner() is None


def test_the_number_tells_before_the_issuer() -> None:
    copied = {"issuers": ["青山县青石镇人民政府"], "doc_number": "青政办(2024)3号"}
    assert owner(**copied) == "青山县人民政府"
    assert owner(**copied, type="政策解读") == "青石镇人民政府", "an interpretation's own organ"
    assert owner(doc_number="青山县人民政府令第5号") == "青山县人民政府"


def test_a_code_belonged_to_somebody_else_before() -> None:
    number = "青政〔2004〕3号"
    assert owner(doc_number=number, written_on="2004-05-01") == "青原市人民政府"
    assert owner(doc_number=number, written_on="2006-05-01") == "青山县人民政府"


def test_after_a_merger_the_successor_answers_for_old_documents() -> None:
    old = {"issuers": ["青山县人民政府"], "written_on": "2019-01-01"}
    assert owner("2025-06-30", **old) == "青山县人民政府"
    assert owner("2025-07-01", **old) == "青山市人民政府"


def test_aliases_and_codes_come_from_the_list_of_organs() -> None:
    organs = AuthorityFile(
        [
            Organ(name="青山县人民政府", aliases=["县政府"]),
            Organ(name="某中心", credit_code="11341602003165791L"),
            Organ(name="大柳办", level="省"),
        ]
    )
    assert owner(organs=organs, issuers=["县政府"]) == "青山县人民政府"
    assert owner(organs=organs, issuers=["某中心"]) == "青山县人民政府"
    assert owner(organs=organs, issuers=["大柳办"]) == "江南省人民政府"
    assert owner(index_number="11341602003165791L/202401-00001") == "青山县人民政府"


def test_an_address_lies_in_a_library() -> None:
    at = REGISTRY.at
    then = day("2025-01-01")
    assert at("http://WWW.qs.example.cn/zcwjk/1.html", on=then).name == "青山县人民政府"  # type: ignore[union-attr]
    assert at("https://www.qs.example.cn/zcwjk2/1.html", on=then) is None
    assert at("https://www.qs.example.cn.evil.cn/zcwjk/1.html", on=then) is None
    assert at("https://[", on=then) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("own: 谁\nauthorities: []", "没有“谁”"),
        ("authorities: [{name: 甲, covers: [{}]}]", "权威范围"),
        ("authorities: [{name: 甲, cover: []}]", "cover"),
        ("authorities: [{name: 甲}, {name: 甲}]", "重复"),
        ("authorities: [{name: 甲, successor: 乙}]", "没有“乙”"),
        ("authorities: [{name: 甲, addresses: [file:///etc]}]", "网址"),
        ("authorities: [{name: 甲, page: 'https://a.cn/'}]", "{id}"),
        ("authorities: [{name: 甲, keys: [abc]}]", "指纹"),
        ("authorities: [{name: 甲, covers: [{levels: [村]}]}]", "乡镇"),
        ("authorities: [{name: 甲, covers: [{credit_codes: ['123']}]}]", "18位"),
        ("authorities: [甲]", "name"),
        ("authorities: 甲", "列表"),
        ("autorities: []", "不认识"),
        ("a: [", "YAML"),
    ],
)
def test_a_wrong_registry_is_refused_in_chinese(text: str, said: str) -> None:
    with pytest.raises(ParseError, match=said.replace("{", r"\{")):
        parse_authorities(text)


def test_organs_that_succeed_each_other_in_a_circle_end() -> None:
    one, two = (
        Authority(name=a, valid_to=day("2020-01-01"), successor=b)
        for a, b in (("甲", "乙"), ("乙", "甲"))
    )
    assert Authorities([one, two]).named("甲", TODAY) is None


@given(st.text(max_size=200))
def test_any_name_has_a_level_or_none(name: str) -> None:
    assert level_of(name) is None or str(level_of(name))


@pytest.mark.parametrize(
    ("name", "level"),
    [("国务院办公厅", "国家"), ("中华人民共和国财政部", "国家"), ("江南省人民政府", "省"),
     ("广西壮族自治区人民政府", "省"), ("青原市民政局", "市"), ("江南省青原市人民政府", "市"),
     ("青山县民政局", "县"), ("青石镇人民政府", "乡镇"), ("城关街道办事处", "乡镇"), ("青山公司", None)],
)  # fmt: skip
def test_levels_by_name(name: str, level: str | None) -> None:
    assert level_of(name) == level
