"""The audit: real pages on a real server, each fault and each drift by name, with its proof."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.library.life import Calendar
from tests.library.office import Act, Role, act, released
from tests.samesource.conftest import BODY
from tests.samesource.offices import BASE, COUNTY, NAMED, QUICK, Library, Site, html

from policylib.errors import Conflict, NotFound
from policylib.samesource.auditing import AuditReport
from policylib.samesource.reporting import render

LINK = f"<a href='{BASE}%E9%AB%98%E9%BE%84.html'>原文链接</a>"
NUMBER = "青政〔2024〕1号"
TITLE = "青山县高龄津贴发放办法"
POLITE = replace(QUICK, per_host=8)


def page(title: str = TITLE, body: str = BODY, link: str = LINK, **labels: str) -> str:
    labels = {"发文字号": NUMBER, "发布机构": COUNTY, **labels}
    return html(
        title, body, f"<div class='source'>信息来源：{link}</div>" if link else "", **labels
    )


def codes(report: AuditReport, url: str | None = None) -> set[str]:
    return {f.code for f in report.findings if url is None or f.page == url}


def looked(library: Library, *targets: object, **options: Any) -> AuditReport:
    return library.audit_sources([str(t) for t in targets], limits=POLITE, **options)


# -- drift ------------------------------------------------------------------------------------------


def test_a_faithful_repost_has_nothing_to_mend(county: Library, site: Site) -> None:
    report = looked(county, site.page("/1.html", page()))
    assert report.findings == []
    assert not report.drifted


DRIFTS = {
    "DRF006": page(title="青山县高龄津贴发放规定"),
    "DRF007": page(发文字号="青政〔2024〕11号"),
    "DRF002": page(link=""),
    "DRF003": page(link="<a href='https://other.example.cn/1.html'>原文链接</a>"),
    "DRF010": page(有效性="废止"),
    "DRF012": page(body=BODY.replace("五份", "八份")),
    "DRF001": html("白水县某某办法", "第一条　别处的。" * 30, 发文字号="白政〔2020〕3号"),
}


@pytest.mark.parametrize("code", DRIFTS)
def test_each_drift_is_found_with_its_proof(code: str, county: Library, site: Site) -> None:
    url = site.page("/2.html", DRIFTS[code])
    report = looked(county, url)
    assert codes(report) == {code}
    [finding] = report.findings
    proof = finding.evidence
    assert finding.page == url
    assert finding.document == (None if code == "DRF001" else "高龄")
    assert re.fullmatch("[0-9a-f]{64}", proof["page_digest"])
    assert proof["bytes_sha256"]
    assert proof["fetched_at"].startswith("2026") or proof["fetched_at"]
    if code == "DRF012":
        assert proof["page_digest"] != proof["source_digest"]
        assert "八" in proof["passages"][0]["shown"]


def test_a_repealed_document_must_be_marked(county: Library, site: Site, papers: Path) -> None:
    decision = released(county, papers, "决定", title="决定", released_on="2026-01-20")
    act(county, Act.REPEAL, "高龄", Role.PUBLISHER, made_by=decision)
    assert codes(looked(county, site.page("/3.html", page()))) == {"DRF011"}


def test_a_copy_without_number_or_title_is_known_by_its_text(county: Library, site: Site) -> None:
    [finding] = looked(county, site.page("/4.html", html("通知公告", BODY))).findings[:1]
    assert finding.document == "高龄"
    assert finding.evidence["ground"] == "正文"


def test_what_is_not_public_is_no_source(county: Library, site: Site) -> None:
    url = site.page("/5.html", html("青山县内部方案", "第一条　" + "内容。" * 60))
    [finding] = looked(county, url).findings
    assert (finding.code, finding.document) == ("DRF001", None)


def test_a_town_audits_against_what_it_pulled(
    county: Library, town: Library, site: Site, tmp_path: Path
) -> None:
    county.publish_sources(tmp_path / "清单")
    town.pull_sources(str(tmp_path / "清单"), pin=county.source_key())
    good, marked, wrong = (
        site.page(f"/{n}.html", text)
        for n, text in enumerate(
            (page(), page(有效性="废止"), page(body=BODY.replace("申请人", "当事人")))
        )
    )
    report = looked(town, good, marked, wrong)
    assert codes(report, good) == set()
    assert codes(report, marked) == {"DRF010"}
    assert codes(report, wrong) == {"DRF012"}


def test_files_folders_and_lists_are_audited_too(
    county: Library, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "页面"
    (folder / "下").mkdir(parents=True)
    (folder / "甲.html").write_text(page(有效性="失效"), "utf-8")
    (folder / "下" / "乙.HTM").write_bytes(page().replace("utf-8", "gbk").encode("gbk"))
    (folder / "空.html").write_bytes(b"")
    (folder / "无关.txt").write_text("x")
    url = site.page("/6.html", page())
    (tmp_path / "清单.csv").write_text(f"网址,名称\n{url},x\n页面/甲.html\n", "utf-8")
    report = looked(county, folder, tmp_path / "清单.csv")
    assert codes(report, str(folder / "甲.html")) == {"DRF010"}
    assert codes(report, str(folder / "空.html")) == {"PAG002"}
    assert codes(report, str(folder / "下" / "乙.HTM")) == set()
    assert sum(report.pages.values()) == 4
    with pytest.raises(NotFound):
        looked(county, tmp_path / "没有")


def test_dead_and_wrong_links_are_looked_at_when_asked(county: Library, site: Site) -> None:
    other = site.page(
        "/low.html",
        html(
            "青山县最低生活保障办法",
            "第一条　内容。" * 20,
            发文字号="青政〔2024〕2号",
            发布机构=COUNTY,
        ),
    )
    more = f"<a href='/weg.html'>政策解读</a>\n<a href='{other}'>青政〔2024〕9号</a>"
    url = site.page("/7.html", page(body=f"{BODY}\n{more}"))
    assert {"DRF004", "DRF005"} & codes(looked(county, url)) == set()
    asked = looked(county, url, links=True, name="链接")
    assert {"DRF004", "DRF005"} <= codes(asked, url)


def test_a_wrong_charset_is_told_or_read_right(county: Library, site: Site) -> None:
    url = site.page("/8.html", page().encode("gbk"), "text/html; charset=utf-8")
    assert codes(looked(county, url)) <= {"PAG001"}


# -- faults, and going on ------------------------------------------------------------------------------


def test_a_bad_site_is_gone_through_to_the_end(county: Library, site: Site) -> None:
    faults = {site.fault(f"/f{n}", kind): code for n, (kind, code) in enumerate(NAMED.items())}
    good = {site.page(f"/g{n}.html", page()): None for n in range(100)}
    drifted = {site.page(f"/d{n}.html", page(有效性="废止")): "DRF010" for n in range(20)}
    every = [*faults, *good, *drifted]
    report = looked(county, *every)
    assert {url: codes(report, url) for url in every} == {
        url: {code} if code else set() for url, code in {**faults, **good, **drifted}.items()
    }
    assert sum(report.pages.values()) == len(every)


def test_the_next_audit_asks_only_for_what_changed(county: Library, site: Site) -> None:
    urls = [site.page(f"/{n}.html", page()) for n in range(5)]
    looked(county, *urls)
    site.page("/3.html", page(有效性="废止"))
    report = looked(county, *urls)
    assert report.fetched == 5
    assert report.resumed == 0
    assert [f.page for f in report.findings] == [urls[3]]


KILLED = """
    import sys
    sys.path[:0] = {paths!r}
    from tests.samesource.offices import Library, QUICK
    from dataclasses import replace
    with Library.open({where!r}) as library:
        library.audit_sources({urls!r}, limits=replace(QUICK, per_host=2, delay=0.02))
"""


def test_after_kill_it_goes_on_without_fetching_again(
    county: Library, site: Site, tmp_path: Path
) -> None:
    urls = [site.page(f"/{n}.html", page()) for n in range(80)]
    root = Path(__file__).parents[2]
    code = KILLED.format(
        paths=[str(root), str(root / "src")], where=str(tmp_path / "县库"), urls=urls
    )
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)])
    try:
        end = time.monotonic() + 60
        while site.asked.total() < 30 and time.monotonic() < end:
            time.sleep(0.02)
        with pytest.raises(Conflict):
            looked(county, *urls)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    time.sleep(0.1)
    before = Counter(site.asked)
    report = looked(county, *urls)
    again = {path for path in before if site.asked[path] > before[path] and path != "/robots.txt"}
    assert report.resumed >= 15
    assert report.resumed + report.fetched == 80
    assert len(again) <= 8, "those on the way when it was killed"
    assert report.findings == []


# -- the report ------------------------------------------------------------------------------------------


class Whole(HTMLParser):
    """What a page loads, and how deep its elements stand at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.loads += [value or "" for name, value in attrs if name == "src"]


@pytest.fixture
def report(county: Library, site: Site, calendar: Calendar) -> AuditReport:
    calendar.day = "2026-03-02"
    evil = page(title="=HYPERLINK(&quot;x&quot;)<script>alert(1)</script>", 组配分类="<b>栏目</b>")
    urls = [site.page("/zw/1.html", page(body=BODY.replace("五份", "八份"))), site.page("/zw/2.html", page()),
            site.page("/zw/3.html", evil), site.fault("/zw/4.html", "404")]  # fmt: skip
    return looked(county, *urls)


def test_the_report_counts_by_organ_and_column(report: AuditReport) -> None:
    said = json.loads(render(report, "json"))
    assert said["pages"] == 4
    assert sum(row["pages"] for row in said["summary"]) == 4
    assert {row["organ"] for row in said["summary"]} >= {COUNTY}
    assert {"code", "page", "document", "message", "evidence", "organ", "column"} <= set(
        said["findings"][0]
    )


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(report: AuditReport) -> None:
    rows = list(csv.reader(io.StringIO(render(report, "csv").decode("utf-8-sig"))))
    assert len(rows) == 1 + len(report.findings)
    assert not [cell for row in rows[1:] for cell in row if cell[:1] in ("=", "+", "@")]


def test_the_page_stands_alone(report: AuditReport) -> None:
    text = render(report, "html").decode()
    seen = Whole()
    seen.feed(text)
    assert seen.loads == []
    assert not {"script", "link", "img"} & set(seen.tags)
    assert "<b>栏目" not in text
    assert seen.tags["article"] == len({f.page for f in report.findings})
    assert "八" in text


def test_markdown_shows_the_differing_passage(report: AuditReport) -> None:
    text = render(report, "md").decode()
    assert "页面指纹" in text
    assert "八" in text
    assert "<script" not in text
