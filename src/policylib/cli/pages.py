"""The verb ``page``: what a web page of a government says."""

from __future__ import annotations

import argparse
from pathlib import Path

from policylib.cli.output import clip, put_json, table
from policylib.cli.parser import WrongUse

__all__ = ["run_page"]


def run_page(arguments: argparse.Namespace) -> int:
    """Read a saved page: its header fields and its body."""
    from policylib.pages.page import read_page

    path = Path(arguments.file)
    if not path.is_file():
        raise WrongUse(f"找不到“{path}”，请检查路径")
    page = read_page(path.read_bytes(), url=arguments.url)
    found = page.as_dict()
    if arguments.json:
        put_json(found)
        return 0
    hidden = {"body", "links", "attachments", "problems", "source_link"}
    rows = [(key, value) for key, value in found.items() if key not in hidden and value]
    rows += [("附件", f"{each['name']} {each['href']}") for each in found["attachments"]]
    table(("项目", "内容"), [(key, _said(value)) for key, value in rows])
    print()
    print(page.body)
    for problem in page.problems:
        print(f"- {problem}")
    return 0


def _said(value: object) -> str:
    words = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return clip(words, 120)
