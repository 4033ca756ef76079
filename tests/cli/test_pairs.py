"""``pairs``, and what ``act`` and ``show`` say of what goes with a policy."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

SAMPLES = Path(__file__).resolve().parents[2] / "sample_docs"


def test_pairs_shows_what_goes_with_a_policy(run: Run, county: Path) -> None:
    said = run("pairs", "禾政〔2023〕12号", "--library", county, "--on", "2026-11-22")
    assert said.code == 0
    for words in ("zq-2023-gaoling", "2023-02-20至2023-03-24", "fk-2023-gaoling", "jd-2023-gaoling",
                  "收到6条，采纳3条，部分采纳1条，未采纳2条", "大字版", "需要复核"):  # fmt: skip
        assert words in said.out
    same = run("pairs", "fk-2023-gaoling", "--library", county, "--on", "2026-11-22", "--json")
    assert same.json["policy"]["id"] == "qinghe-2023-gaoling"
    assert same.json["consultations"][0]["counts"]["received"] == 6
    assert len(same.json["interpretations"]) == 2
    assert len(same.json["missing"]) == 1


def test_pairs_of_what_has_all_or_is_not_there(run: Run, county: Path) -> None:
    said = run("pairs", "qinghe-2023-gaoling", "--library", county, "--on", "2024-01-01")
    assert "配套文件齐全" in said.out
    assert run("pairs", "没有", "--library", county).code == 1


def test_a_release_tells_what_went_along(run: Run, county: Path) -> None:
    def act(what: str, id: str, role: str, *more: str) -> str:
        who = {"signer": "陈静"}.get(role, "赵强")  # one person holds one level
        said = run("act", what, id, "--by", who, "--role", role, *more, "--library", county)
        return said.out + said.err

    act("revise", "qinghe-draft-linshi", "drafter", "--set", "needs_interpretation=是")
    for id in ("qinghe-draft-linshi", "qinghe-draft-jd-linshi"):
        act("review", id, "reviewer")
        act("sign", id, "signer")
    shown = run("show", "qinghe-draft-linshi", "--library", county).out
    assert "是否需要解读" in shown
    said = act("release", "qinghe-draft-linshi", "publisher")
    assert "已办理“公布”：青禾县临时救助办法（修订草案）" in said
    assert "一并公布：《青禾县临时救助办法》政策解读（送审稿）（qinghe-draft-jd-linshi）" in said


def test_show_counts_opinions(run: Run, county: Path) -> None:
    shown = run("show", "fk-2023-gaoling", "--library", county).out
    assert "收到6条，采纳3条，部分采纳1条，未采纳2条" in shown
    shown = run("show", "zq-2023-gaoling", "--library", county).out
    assert "网上、信函、电话、座谈" in shown
