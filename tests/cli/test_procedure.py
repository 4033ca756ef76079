"""The verbs of the procedure: what is done, what is missing, and how it is asked for."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

NEW = """---
id: 停车
title: 青禾县机动车停车管理办法
issuers: [青禾县人民政府]
document_class: 行政规范性文件
kind: 通知
form: 办法
---

第一条　为加强停车管理，制定本办法。
"""


def test_from_proposal_to_release(run: Run, county: Path, tmp_path: Path) -> None:
    (tmp_path / "停车.md").write_text(NEW, "utf-8")
    (tmp_path / "正文.md").write_text("第一条　为规范停车秩序，制定本办法。\n", "utf-8")
    (tmp_path / "意见书.txt").write_text("同意", "utf-8")

    def act(what: str, by: str, role: str, *more: str | Path) -> dict[str, object]:
        said = run("act", what, "停车", "--by", by, "--role", role, *more, "--json",
                   "--library", county)  # fmt: skip
        found: dict[str, object] = said.json
        assert said.code == ("refused" in found)
        return found

    assert (
        run("add", tmp_path / "停车.md", "--proposed", "--by", "李明", "--library", county).code
        == 0
    )
    assert run("list", "--stage", "立项", "--library", county, "--json").json[0]["id"] == "停车"
    assert act("draft", "李明", "drafter", "--body", tmp_path / "正文.md")["stage"] == "起草"
    assert "合法性审核" in str(act("review", "赵强", "reviewer")["refused"])
    shown = run("procedure", "停车", "--library", county)
    assert shown.code == 1
    assert "policylib act step 停车" in shown.out
    proof = ("--evidence", tmp_path / "意见书.txt", "--conclusion", "修改后通过")
    assert act("legal-review", "周正", "legal-reviewer", *proof)["stage"] == "合法性审核"
    assert act("保密审查", "吴慎", "保密审查人")["stage"] == "保密审查"
    assert act("deliberate", "李明", "drafter", "--note", "第12次会议")["stage"] == "集体审议"
    assert act("review", "赵强", "reviewer")["stage"] == "审核"
    assert "一人只能承担一级" in str(act("sign", "赵强", "signer")["refused"])
    assert act("sign", "陈静", "signer")["stage"] == "签发"
    number = ("--set", "registration_number=QHGS-2026-1")
    assert act("number", "郑新", "registrar", *number)["stage"] == "统一登记编号"
    found = {
        each["step"]: each for each in run("procedure", "停车", "--library", county, "--json").json
    }
    assert found["合法性审核"]["shown_by"] == "合法性审核人 周正"
    assert found["评估论证"]["done"] is False
    assert found["统一登记编号"]["done"] is True


def test_steps_and_chains_of_a_rule_set(run: Run) -> None:
    shown = run("procedure").out
    assert "未经" not in shown
    for word in ("规章", "行政规范性文件", "重大行政决策", "合法性审核"):
        assert word in shown
    chains = run("procedure", "--chains", "--rules", "seed-meishan", "--json").json
    assert [each["name"] for each in chains] == [
        "审核签发",
        "三级审核",
        "三审",
        "凉泉三审",
        "太慈两级",
    ]
    assert run("procedure", "--rules", "没有这个").code == 2


def test_slips(run: Run, county: Path) -> None:
    to = ("--by", "李明", "--role", "drafter", "--library", county)
    assert "没有环节“喝茶”" in run("act", "step", "qinghe-draft-linshi", "--step", "喝茶", *to).err
    assert "没有结论" in run("act", "step", "qinghe-draft-linshi", "--conclusion", "好", *to).err
    assert "请写明办理情况" in run("act", "step", "qinghe-draft-linshi", "--step", "听证", *to).err
    assert "找不到凭据" in run("act", "review", "qinghe-draft-linshi", "--evidence", "无", *to).err


def test_what_an_organ_owes_is_entered_as_done(run: Run, county: Path) -> None:
    def reports() -> list[str]:
        found = run(
            "due", "--on", "2026-03-20", "--within", "30d", "--library", county, "--json"
        ).json
        return [each["document"] for each in found if "年度报告" in each["obligation"]]

    assert "青禾县人民政府" in reports()
    done = ("done", "青禾县人民政府", "政府年度报告", "--by", "王芳", "--library", county)
    assert run(*done, "--period", "2025", "--on", "2026-03-18").code == 0
    assert "青禾县人民政府" not in reports()
    assert "已登记办结" in run(*done, "--period", "2025").err
