"""A repost holds a reference: it shows what the authority says today, and no body is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.library.life import Calendar
from tests.library.office import Role, act, day, paper, released
from tests.samesource.conftest import BODY
from tests.samesource.offices import BASE, COUNTY, TOWN, Library

from policylib import Act, Document
from policylib.checks.table import run, select
from policylib.errors import NotFound, Refused
from policylib.files.documentfile import DocumentFile
from policylib.library.checking import Neighbourhood
from policylib.model.document import Header

NOTE = "详见权威文件库。"
ADDRESS = f"{BASE}%E9%AB%98%E9%BE%84.html"


def own(title: str = "青石镇办法", **fields: object) -> Header:
    return Header.model_validate({"title": title, "issuers": [TOWN], **fields})


# -- what a repost shows -------------------------------------------------------------------------


def test_a_repost_is_a_reference_with_the_authoritys_words(town: Library, manifest: Path) -> None:
    id = town.repost("青政〔2024〕1号", by="李明")
    document = town.document(id)
    assert (document.type, document.source_url) == ("转载", ADDRESS)
    assert town.edition(id).body.strip() == f"转载自{COUNTY}，以[权威文本]({ADDRESS})为准。"
    view = town.repost_view(id)
    assert (view.title, view.doc_number) == ("青山县高龄津贴发放办法", "青政〔2024〕1号")
    assert (view.authority, view.validity, view.address) == (COUNTY, "现行有效", ADDRESS)
    assert view.expires_on == day("2026-12-31")
    around = Neighbourhood(town._store(), day("2026-03-02"), town._ruleset())
    assert [f.code for f in run(around.case(document), select(["SRC"]))] == []


def test_validity_is_computed_for_the_day_without_another_pull(
    town: Library, manifest: Path, calendar: Calendar
) -> None:
    id = town.repost("高龄", by="李明")
    assert town.repost_view(id).coming.validity == "失效"  # type: ignore[union-attr]
    calendar.day = "2026-12-31"
    assert town.repost_view(id).validity == "现行有效"
    calendar.day = "2027-01-01"
    assert town.repost_view(id).validity == "失效"
    assert town.repost_view(id, on=day("2023-01-01")).validity == "尚未施行"


def test_repeal_at_the_county_is_on_the_towns_page_after_the_pull(
    county: Library, town: Library, manifest: Path, papers: Path
) -> None:
    id = town.repost("高龄", by="李明")
    for what, role in (
        (Act.REVIEW, Role.REVIEWER),
        (Act.SIGN, Role.SIGNER),
        (Act.RELEASE, Role.PUBLISHER),
    ):
        act(town, what, id, role)
    released(county, papers, "决定", title="青山县关于废止文件的决定", released_on="2026-02-01",
             relations=[{"kind": "废止", "target": "青政〔2024〕1号", "effective_on": "2026-02-15"}])  # fmt: skip
    county.publish_sources(manifest)
    [before] = town.repost_views()
    town.pull_sources(str(manifest))
    [after] = town.repost_views()
    assert (before.validity, after.validity) == ("现行有效", "废止")
    assert "青山县关于废止文件的决定" in after.reason


def test_a_repost_made_by_hand_is_known_by_address_number_or_relation(
    town: Library, manifest: Path, papers: Path
) -> None:
    link = f"{ADDRESS}#top".replace("https", "http")
    released(town, papers, "甲", NOTE, type="转载", title="转载一", source_url=link)
    released(town, papers, "乙", NOTE, type="转载", title="转载二", doc_number="青政(2024)1号")
    released(town, papers, "丙", NOTE, type="转载", title="转载三",
             relations=[{"kind": "转载", "target": "《青山县高龄津贴发放办法》"}])  # fmt: skip
    assert {view.source_id for view in town.repost_views()} == {"高龄"}
    assert len(town.repost_views()) == 3


def test_what_is_no_repost_or_is_not_held_says_so(
    town: Library, manifest: Path, papers: Path
) -> None:
    released(town, papers, "自己的", issuers=[TOWN])
    with pytest.raises(Refused, match="不是转载"):
        town.repost_view("自己的")
    released(
        town, papers, "别处", NOTE, type="转载", title="别处的", source_url="https://x.example.cn/1"
    )
    with pytest.raises(NotFound, match="sources pull"):
        town.repost_view("别处")
    with pytest.raises(NotFound, match="sources pull"):
        town.repost("青政〔2031〕9号", by="李明")
    town.repost("高龄", by="李明")
    with pytest.raises(Refused, match="已有"):
        town.repost("高龄", by="李明")


# -- whose body it is ------------------------------------------------------------------------------


def test_the_registry_alone_says_whose_it_is(town: Library) -> None:
    assert town.owned_elsewhere(own(doc_number="青政〔2019〕8号"), "正文").name == COUNTY  # type: ignore[union-attr]
    county = own(issuers=["青山县人民政府办公室"])
    assert town.owned_elsewhere(county, "正文").name == COUNTY  # type: ignore[union-attr]
    assert town.owned_elsewhere(own(), "正文") is None
    assert town.owned_elsewhere(own(issuers=["某公司"]), "正文") is None


def test_the_refusal_has_the_command_for_a_repost(town: Library, manifest: Path) -> None:
    with pytest.raises(Refused) as refused:
        town.refuse_owned(own("青山县高龄津贴发放办法", doc_number="青政[2024]1号"), BODY)
    assert 'policylib sources repost "青政〔2024〕1号" --by' in str(refused.value)
    assert COUNTY in str(refused.value)
    town.refuse_owned(own(), "青石镇自己的正文。")


COPIES = {
    "原样": lambda body: body,
    "排版不同": lambda body: body.replace("\n\n", "\n　　").replace("，", ", "),
    "错了一处": lambda body: body.replace("五份", "四份"),
    "加了一句": lambda body: body + "\n\n请认真贯彻执行。",
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copied_body_is_known_under_another_name(
    copy: str, town: Library, manifest: Path
) -> None:
    found = town.owned_elsewhere(own("青石镇老年人补贴规定"), COPIES[copy](BODY))
    assert found is not None
    assert found.name == COUNTY


def test_what_only_resembles_is_ones_own(town: Library, manifest: Path) -> None:
    half = (
        "\n\n".join(BODY.split("\n\n")[:3])
        + "\n\n第四条　本镇另行补助每人每月二十元，由镇财政所发放。" * 6
    )
    assert town.owned_elsewhere(own("青石镇高龄补助办法"), half) is None
    assert town.owned_elsewhere(own("青石镇通知"), "第一条　短文。") is None
    explained = own("《青山县高龄津贴发放办法》政策解读", type="政策解读")
    assert town.owned_elsewhere(explained, BODY) is None


def test_next_years_notice_of_the_same_title_is_another_document(
    county: Library, town: Library, manifest: Path, papers: Path
) -> None:
    again = {"title": "关于做好春耕生产工作的通知", "issuers": ["联合办公室"]}
    (county.sources_folder / "authorities.yaml").unlink()
    released(county, papers, "春耕", **{**again, "doc_number": "联办〔2024〕3号"})
    county.publish_sources(manifest, authority=COUNTY)
    town.pull_sources(str(manifest))
    first = Header.model_validate({**again, "doc_number": "联办〔2024〕3号"})
    second = Header.model_validate({**again, "doc_number": "联办〔2025〕4号"})
    unnumbered = Header.model_validate(again)
    assert town.owned_elsewhere(first, "短") is not None
    assert town.owned_elsewhere(unnumbered, "短") is not None
    assert town.owned_elsewhere(second, "短") is None


def test_a_file_with_anothers_body_becomes_a_repost(
    town: Library, manifest: Path, tmp_path: Path
) -> None:
    path = paper(tmp_path, "抄来的", BODY, title="青山县高龄津贴发放办法", doc_number="青政〔2024〕1号",
                 released_on="2024-02-01")  # fmt: skip
    made = town.as_repost(DocumentFile.parse(path.read_bytes()))
    again = DocumentFile.parse(made.to_bytes())
    assert (again.header.id, again.header.type) == ("抄来的", "转载")
    assert again.header.source_url == ADDRESS
    assert "县民政局" not in again.body
    assert again.header.expires_on is None, "days of validity are the authority's to change"
    assert town.owned_elsewhere(again.header, again.body) is None
    summary = town.import_files([_saved(tmp_path, made)], by="档案员")
    assert summary.refused == []
    assert town.repost_view("抄来的").validity == "现行有效"
    with pytest.raises(Refused, match="不属于"):
        town.as_repost(DocumentFile.parse("---\ntitle: 青石镇办法\n---\n正文\n"))


def _saved(folder: Path, file: DocumentFile) -> Path:
    path = folder / "转成.md"
    path.write_bytes(file.to_bytes())
    return path


def test_a_manifest_may_not_speak_for_others(
    town: Library, manifest: Path, county: Library, papers: Path, tmp_path: Path
) -> None:
    """白水县 lists a document of 青山县 as repealed: nobody believes it."""
    file = town.sources_folder / "authorities.yaml"
    with Library.create(tmp_path / "白水") as other:
        released(other, papers, "高龄", BODY, title="青山县高龄津贴发放办法", doc_number="青政〔2024〕1号",
                 expires_on="2025-01-01")  # fmt: skip
        other.publish_sources(tmp_path / "白水清单", authority="白水县人民政府", address=BASE)
        town.pull_sources(str(tmp_path / "白水清单"), pin=other.source_key())
    assert file.is_file()
    id = town.repost("青政〔2024〕1号", by="李明")
    assert (town.repost_view(id).authority, town.repost_view(id).validity) == (COUNTY, "现行有效")


def test_a_document_without_an_address_cannot_be_reposted(
    county: Library, town: Library, tmp_path: Path
) -> None:
    (county.sources_folder / "authorities.yaml").unlink()
    county.publish_sources(tmp_path / "无址", authority=COUNTY)
    town.pull_sources(str(tmp_path / "无址"), pin=county.source_key())
    with pytest.raises(Refused, match="没有写"):
        town.repost("高龄", by="李明")
    assert isinstance(county.document("高龄"), Document)
