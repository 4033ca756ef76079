"""The verb ``pairs``: what goes with a policy, and what is missing."""

from __future__ import annotations

import argparse

from policylib.cli.output import clip, existing, put_json, table
from policylib.cli.reading import named

__all__ = ["run_pairs"]


def run_pairs(arguments: argparse.Namespace) -> int:
    """Show consultations, feedback and interpretations of a policy."""
    library = existing(arguments)
    pairs = library.pairs(named(library, arguments.id), on=arguments.on)
    if arguments.json:
        put_json(pairs.model_dump(mode="json", exclude_none=True, exclude_defaults=True))
        return 0
    print(f"{pairs.policy.title}（{pairs.policy.id}，{pairs.policy.stage}）")
    rows = []
    for each in pairs.consultations:
        asked = each.consultation
        opens, closes = asked.opens_on or "", asked.closes_on or ""
        about = f"{opens}至{closes}" if opens or closes else None
        rows.append((asked.type, asked.id, clip(asked.title, 40), asked.stage, about))
        rows += [
            (answer.type, answer.id, clip(answer.title, 40), answer.stage, str(each.counts))
            for answer in each.feedback
        ]
    rows += [
        (each.type, each.id, clip(each.title, 40), each.stage, each.interpretation_form)
        for each in pairs.interpretations
    ]
    if rows:
        table(("类型", "标识", "标题", "阶段", "说明"), rows)
    for missing in pairs.missing:
        print(f"- {missing}")
    if not pairs.missing:
        print("配套文件齐全")
    return 0
