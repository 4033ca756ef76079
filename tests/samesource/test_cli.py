"""``policylib sources …`` as typed, with its exit codes and JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.samesource.conftest import BODY
from tests.samesource.offices import BASE, COUNTY, Library
from tests.samesource.test_audit import page


def test_from_keys_to_reposts(
    run: Run,
    county: Library,
    town: Library,
    tmp_path: Path,
) -> None:
    here, there = tmp_path / "县库", tmp_path / "镇库"
    key = run("sources", "keys", "--new", "--json", "--library", here).json["fingerprint"]
    assert key == county.source_key()
    done = run("sources", "publish", tmp_path / "出", "--json", "--library", here).json
    assert (done["version"], done["documents"], done["fingerprint"]) == (1, 2, key)
    assert "没有变化" in run("sources", "publish", tmp_path / "出", "--library", here).out
    refused = run("sources", "pull", tmp_path / "出", "--library", there)
    assert (refused.code, key in refused.err) == (1, True)
    pulled = run("sources", "pull", tmp_path / "出", "--pin", key, "--json", "--library", there)
    assert pulled.json["pulled"][0]["authority"] == COUNTY
    said = run("sources", "repost", "青政〔2024〕1号", "--by", "李明", "--library", there)
    assert (said.code, said.out.splitlines()[0]) == (0, "已转载：转载-高龄")
    view = run("sources", "repost", "转载-高龄", "--view", "--json", "--library", there).json
    assert (view[0]["validity"], view[0]["address"][: len(BASE)]) == ("现行有效", BASE)
    listed = run("sources", "authorities", "--json", "--library", there).json
    assert len(listed["authorities"]) == 2


def test_an_audit_prints_findings_and_writes_reports(
    run: Run,
    county: Library,
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "好.html", tmp_path / "坏.html"
    good.write_text(page(), "utf-8")
    bad.write_text(page(body=BODY.replace("五份", "八份")), "utf-8")
    audit = ("sources", "audit", "--library", tmp_path / "县库", "--on", "2026-03-02")
    fine = run(*audit, good, "--json")
    assert (fine.code, fine.json) == (0, [])
    drifted = run(
        *audit,
        bad,
        good,
        "--json",
        "--out",
        tmp_path / "报告.html",
        "--out",
        tmp_path / "报告.json",
    )
    assert drifted.code == 1
    [finding] = drifted.json
    assert set(finding) == {"code", "page", "document", "message", "evidence"}
    assert (finding["code"], finding["page"], finding["document"]) == ("DRF012", str(bad), "高龄")
    assert "核查2个页面" in (tmp_path / "报告.html").read_text("utf-8")
    assert json.loads((tmp_path / "报告.json").read_text("utf-8"))["pages"] == 2
    assert run(*audit, bad, "--out", "报告.docx").code == 2
    assert run(*audit, tmp_path / "没有").code == 1
    assert "DRF012" in run(*audit, bad).out


def test_a_copied_file_is_made_a_repost(
    run: Run,
    county: Library,
    town: Library,
    tmp_path: Path,
) -> None:
    county.publish_sources(tmp_path / "出")
    town.pull_sources(str(tmp_path / "出"), pin=county.source_key())
    copied = tmp_path / "抄.md"
    copied.write_text(f"---\ntitle: 青石镇老人津贴\n---\n{BODY}\n", "utf-8")
    (tmp_path / "转").mkdir()
    assert (
        run(
            "sources", "repost", copied, "--to", tmp_path / "转", "--library", tmp_path / "镇库"
        ).code
        == 0
    )
    text = (tmp_path / "转" / "抄.md").read_text("utf-8")
    assert "type: 转载" in text
    assert "县民政局" not in text
    assert run("sources", "repost", copied, "--library", tmp_path / "镇库").code == 2
