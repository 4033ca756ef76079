"""The verb ``procedure``: the steps of a document, and those of each class of documents."""

from __future__ import annotations

import argparse

from policylib.cli.output import existing, options, put_json, table
from policylib.cli.reading import named

__all__ = ["run_procedure"]


def run_procedure(arguments: argparse.Namespace) -> int:
    """Show which steps are done and which are missing; 1 when one that blocks is missing."""
    if arguments.chains:
        return _chains(arguments)
    if not arguments.id:
        return _procedures(arguments)
    library = existing(arguments)
    id = named(library, arguments.id)
    found = library.progress(id, on=arguments.on)
    lacks = any(each.blocks and not each.done for each in found)
    if arguments.json:
        put_json([each.model_dump(mode="json") for each in found])
        return 1 if lacks else 0
    if not found:
        print("规则集没有为这类文件规定程序环节；可以用 --rules 选用别的规则集")
        return 0
    rows = [
        (
            each.step,
            "已办" if each.done else ("缺少" if each.required else "按需"),
            each.on,
            each.shown_by or each.when,
            each.basis if each.verified else f"{each.basis}（未核实，只作提示）",
        )
        for each in found
    ]
    table(("环节", "状态", "日期", "凭据或条件", "依据"), rows)
    for each in found:
        if each.required and not each.done:
            print(f"下一步：{each.command}")
            break
    return 1 if lacks else 0


def _procedures(arguments: argparse.Namespace) -> int:
    """The steps of every class of the rule-set."""
    from policylib.files.rulesets import load_ruleset

    ruleset = load_ruleset(options(arguments).get("rules", "national-baseline"))
    every = [each for one in ruleset.lineage() for each in one.procedures]
    if arguments.json:
        put_json([each.model_dump(mode="json") for each in every])
        return 0
    for each in every:
        print(f"\n{each.document_class}（{ruleset.id}）")
        rows = [
            (
                step.name,
                "必经" if step.required else "按需",
                "是" if step.may_block else "否",
                step.when,
                "；".join(str(basis) for basis in step.basis),
            )
            for step in each.steps
        ]
        table(("环节", "", "缺少时不予办理", "条件", "依据"), rows)
    return 0


def _chains(arguments: argparse.Namespace) -> int:
    """The approval chains of the rule-set."""
    from policylib.files.rulesets import load_ruleset
    from policylib.workflow.chain import PLAIN

    ruleset = load_ruleset(options(arguments).get("rules", "national-baseline"))
    every = [PLAIN, *(chain for each in ruleset.lineage() for chain in each.chains)]
    if arguments.json:
        put_json([each.model_dump(mode="json") for each in every])
        return 0
    rows = [
        (
            chain.name,
            " → ".join(f"{x.name}（{x.role}）" if x.role else x.name for x in chain.levels),
            chain.source,
        )
        for chain in every
    ]
    table(("审核链", "层级", "来源"), rows)
    return 0
