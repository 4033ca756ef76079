"""The portal as the public meets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from examples.portal import app, make_app
from tests.examples.client import TestClient
from tests.examples.county import DRAFT_ID, SECRETS, make_library, release

from policylib import Act, BackendError, Library, NotFound, Role


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return make_library(tmp_path)


@pytest.fixture
def client(where: Path) -> Iterator[TestClient]:
    with TestClient(make_app(where)) as opened:
        yield opened


def test_a_citizen_finds_the_allowance(client: TestClient) -> None:
    page = client.get("/search", params={"words": "高龄津贴", "on": "2024-01-01"}).json()
    assert page["total"] == 2
    first = page["hits"][0]
    assert first["id"] == "shanquan-2023-jintie"
    assert first["validity"] == "现行有效"
    assert "<mark>高龄" in first["snippet"]
    assert "<b>" not in first["snippet"]
    assert "score" not in first


def test_filters_and_facets_narrow_the_page(client: TestClient) -> None:
    asked = {"words": "高龄津贴", "type": "政策解读", "facets": ["issuers", "year"]}
    page = client.get("/search", params=asked).json()
    assert [hit["id"] for hit in page["hits"]] == ["shanquan-2023-jiedu"]
    assert page["facets"] == {"issuers": {"山泉县民政局": 1}, "year": {"2023": 1}}


def test_without_words_all_public_documents_are_listed_newest_first(client: TestClient) -> None:
    both = client.get("/search").json()
    assert [hit["id"] for hit in both["hits"]] == ["shanquan-2023-jiedu", "shanquan-2023-jintie"]
    second = client.get("/search", params={"limit": 1, "offset": 1}).json()
    assert second["total"] == 2
    assert [hit["id"] for hit in second["hits"]] == ["shanquan-2023-jintie"]


@pytest.mark.parametrize(
    ("on", "validity"),
    [
        ("2023-06-30", "尚未施行"),
        ("2023-07-01", "现行有效"),
        ("2028-06-30", "现行有效"),
        ("2028-07-01", "失效"),
    ],
)
def test_validity_is_that_of_the_day_asked_for(client: TestClient, on: str, validity: str) -> None:
    shown = client.get("/documents/shanquan-2023-jintie", params={"on": on}).json()
    assert (shown["on"], shown["validity"]) == (on, validity)
    page = client.get("/search", params={"on": on, "validity": validity, "words": "津贴发放办法"})
    assert "shanquan-2023-jintie" in [hit["id"] for hit in page.json()["hits"]]


def test_a_document_is_shown_with_its_header_and_safe_text(client: TestClient) -> None:
    shown = client.get("/documents/shanquan-2023-jintie").json()
    assert shown["header"]["doc_number"] == "山政〔2023〕5号"
    assert "第二条" in shown["html"]
    assert "<b>" not in shown["html"]
    assert "javascript:" not in shown["html"].partition("href")[2]
    assert shown.keys() == {"id", "header", "on", "validity", "notice", "html", "relations"}
    assert not shown["header"].keys() & {"stage", "version"}


def test_relations_lead_to_public_documents_only(client: TestClient) -> None:
    shown = client.get("/documents/shanquan-2023-jintie").json()
    assert [(each["kind"], each["id"]) for each in shown["relations"]] == [
        ("解读", "shanquan-2023-jiedu")
    ]


def test_the_text_in_force_on_the_day_is_shown(where: Path, client: TestClient) -> None:
    with Library.open(where) as library:
        library.act(
            Act.AMEND,
            "shanquan-2023-jintie",
            by="王经办",
            role=Role.PUBLISHER,
            note="内部备注：提高标准",
            body="第一条　年满八十周岁的老年人每月领取一百元高龄津贴。\n",
            on=date(2025, 1, 1),
        )
    before = client.get("/documents/shanquan-2023-jintie", params={"on": "2024-12-31"}).json()
    after = client.get("/documents/shanquan-2023-jintie", params={"on": "2025-01-01"}).json()
    assert "五十元" in before["html"]
    assert "一百元" in after["html"]


UNKNOWN = {"error": "没有这份公开文件，请核对网址，或用检索查找"}


@pytest.mark.parametrize("id", [DRAFT_ID, "shanquan-neibu", "没有这份文件", "../etc/passwd"])
def test_what_is_not_public_is_answered_as_what_does_not_exist(client: TestClient, id: str) -> None:
    answer = client.get(f"/documents/{quote(id, safe='')}")
    assert (answer.status_code, answer.json()) == (404, UNKNOWN)


@pytest.mark.parametrize(
    "asked",
    [
        {"words": "高龄津贴"},
        {"words": "山泉县高龄津贴提标草案"},
        {"words": "雪松 松涛"},
        {"words": '"机密数额"'},
        {"words": DRAFT_ID},
        {"words": "山政〔2024〕9号 高龄"},
        {"issuers": "山泉县人民政府"},
        {"validity": "未公布"},
        {"facets": ["type", "kind", "form", "issuers", "themes", "tags", "validity", "year"]},
        {"sort": "title", "limit": 100},
    ],
)
def test_a_draft_never_leaks_into_a_page(client: TestClient, asked: dict[str, object]) -> None:
    answer = client.get("/search", params=asked)  # type: ignore[arg-type]
    page = answer.json()
    said = page["notice"] or ""
    assert answer.status_code == 200
    assert {hit["id"] for hit in page["hits"]} <= {"shanquan-2023-jintie", "shanquan-2023-jiedu"}
    assert page["total"] <= 2
    text = answer.text.replace(said, "")  # the notice quotes what was asked
    assert [secret for secret in SECRETS if secret in text] == []


def test_a_drafts_number_is_answered_as_a_number_that_nobody_has(client: TestClient) -> None:
    drafted, nobodys = "山政〔2024〕9号", "山政〔2024〕8号"
    pages = [client.get("/search", params={"words": n}).text for n in (drafted, nobodys)]
    assert pages[0].replace(drafted, nobodys) == pages[1]


def test_words_of_a_draft_change_no_answer(client: TestClient) -> None:
    pages = [
        client.get("/search", params={"words": f"高龄津贴 {word}"}).json()
        for word in ("雪松", "云杉")
    ]
    assert pages[0] == pages[1]


def test_no_answer_carries_what_is_for_staff(client: TestClient) -> None:
    texts = [
        client.get(path).text
        for path in ("/search", "/documents/shanquan-2023-jintie", "/health", "/openapi.json")
    ]
    assert [secret for text in texts for secret in SECRETS if secret in text] == []


def test_the_public_cannot_ask_as_staff(client: TestClient) -> None:
    answer = client.get("/search", params={"words": "高龄津贴", "staff": "true"})
    assert (answer.status_code, answer.json()) == (422, {"error": "请求的参数不正确：staff"})


def test_a_released_draft_is_found_and_shown(where: Path, client: TestClient) -> None:
    with Library.open(where) as library:
        library.act(
            Act.REVISE,
            DRAFT_ID,
            by="李起草",
            role=Role.DRAFTER,
            fields={
                "title": "山泉县城乡居民高龄津贴办法",
                "written_on": "2024-01-05",
                "index_number": "山泉县-202401-0001",
            },
            body="# 山泉县城乡居民高龄津贴办法\n\n第一条　每人每月一百元。\n\n"
            + "第二条　据实发放。",
        )
        assert client.get(f"/documents/{quote(DRAFT_ID)}").status_code == 404
        release(library, DRAFT_ID)
    assert client.get(f"/documents/{quote(DRAFT_ID)}").json()["id"] == DRAFT_ID
    found = client.get("/search", params={"words": "城乡居民高龄津贴"}).json()
    assert DRAFT_ID in [hit["id"] for hit in found["hits"]]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"facets": "stage"}, "stage"),
        ({"sort": "secret"}, "secret"),
        ({"words": "长" * 1_001}, "过长"),
        ({"on": "20"}, "on"),
        ({"limit": "1000000"}, "limit"),
        ({"validity": "有效吗"}, "请求的参数不正确"),
    ],
)
def test_a_wrong_question_is_explained_in_chinese(
    client: TestClient, asked: dict[str, str], words: str
) -> None:
    answer = client.get("/search", params=asked)
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]


def test_unknown_addresses_are_answered_in_chinese(client: TestClient) -> None:
    assert client.get("/nothing").json() == {"error": "没有这个网址"}
    assert client.post("/search").json() == {"error": "这个网址不接受该方法"}


def test_a_broken_library_is_unavailable_and_says_nothing_of_its_place(
    where: Path, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fault in (BackendError(f"坏了 {where}"), NotFound(f"没有找到文件库 {where}")):

        def fail(*_: object, fault: Exception = fault, **__: object) -> None:
            raise fault

        monkeypatch.setattr(Library, "search", fail)
        answer = client.get("/search")
        assert (answer.status_code, answer.json()) == (
            503,
            {"error": "文件库暂时无法使用，请稍后重试"},
        )


def test_health_counts_public_documents_and_shows_that_the_index_is_up_to_date(
    client: TestClient,
) -> None:
    standing = client.get("/health").json()
    assert standing.keys() == {"documents", "journal", "index"}
    assert standing["documents"] == 2
    assert standing["journal"] == standing["index"] == 4


def test_the_factory_reads_the_environment(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYLIB_LIBRARY", str(where))
    with TestClient(app()) as client:
        assert client.get("/health").json()["documents"] == 2
    monkeypatch.delenv("POLICYLIB_LIBRARY")
    with pytest.raises(RuntimeError, match="POLICYLIB_LIBRARY"):
        app()


def test_a_portal_without_a_library_does_not_start(tmp_path: Path) -> None:
    with (
        pytest.raises(NotFound, match="没有文件库"),
        TestClient(make_app(tmp_path / "nowhere")),
    ):
        pass
