"""The manual of all checks as one Markdown page, made from the table and the docstrings."""

from __future__ import annotations

from collections.abc import Iterable

from policylib.checks.framework import Check
from policylib.checks.table import ALL, CRASHED

__all__ = ["manual"]

_FAMILIES = {
    "IDN": "标题与唯一性",
    "NUM": "发文字号",
    "IDX": "索引号",
    "DAT": "日期",
    "HDR": "文件头",
    "REF": "引用与关系",
    "SRC": "同源发布",
    "STR": "条款结构",
    "TXT": "正文",
}


def manual(checks: Iterable[Check] = ALL) -> str:
    """Write the manual page (检查项手册): a table of all checks, then one section for each.

    The text is the same for the same checks, so that a stored page can be compared with it.
    """
    known = tuple(checks)
    lines = [
        "# 检查项手册 (checks)",
        "",
        "This page is generated from the docstrings of `policylib.checks`.",
        "",
        "错误阻止公布，警告和提示不阻止。"
        f"检查项本身未能完成时，报告为 {CRASHED}，严重程度与该检查项相同。",
        "",
        "| 检查项 | 严重程度 | 发现的问题 |",
        "|---|---|---|",
    ]
    lines += [
        f"| [{each.code}](#{each.code.lower()}) | {each.severity} | {each.title} |"
        for each in known
    ]
    family = ""
    for each in known:
        if each.code[:3] != family:
            family = each.code[:3]
            lines += ["", f"## {_FAMILIES.get(family, family)}"]
        lines += ["", f'### <a id="{each.code.lower()}"></a>{each.code} {each.title}']
        lines += ["", f"严重程度：{each.severity}", "", each.doc]
    return "\n".join(lines) + "\n"
