"""The verb ``related``: what goes with a document, and its graph."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli.output import clip, existing, put_json, table
from policylib.cli.parser import WrongUse
from policylib.errors import NotFound

if TYPE_CHECKING:
    from policylib.library import Library
    from policylib.library.ties import Related

__all__ = ["run_related"]


def run_related(arguments: argparse.Namespace) -> int:
    """Show what goes with a document; with ``--graph`` draw it too."""
    if arguments.depth != 1 and not arguments.graph:
        raise WrongUse("--depth 用于关系图，请同时用 --graph 写明要写入的文件")
    if arguments.graph and _suffix(arguments.graph) not in {".svg", ".json"}:
        raise WrongUse("关系图可写成 .svg 或 .json 文件，请改后缀")
    library = existing(arguments)
    id = _named(library, arguments.id, staff=arguments.staff)
    who = {"on": arguments.on, "staff": arguments.staff}
    found = library.related(id, limit=arguments.limit, citing=arguments.citing, **who)
    graph = None
    if arguments.graph:
        from policylib.files.saving import save_new

        graph = library.graph(id, depth=arguments.depth, **who)
        drawn = (
            graph.to_svg()
            if _suffix(arguments.graph) == ".svg"
            else json.dumps(graph.as_dict(), ensure_ascii=False)
        )
        save_new(arguments.graph, [drawn.encode()])
    if arguments.json:
        more = {"svg": arguments.graph, "graph": graph.as_dict()} if graph else {}
        put_json(found.as_dict() | more)
        return 0
    _print(found)
    if graph:
        print(f"关系图已写入：{arguments.graph}")
    return 0


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _named(library: Library, name: str, *, staff: bool) -> str:
    """The id meant by an id or a 发文字号; what the public may not see is not named to it."""
    if staff:
        from policylib.cli.reading import named

        return named(library, name)
    try:
        return library.public_document(name).id
    except NotFound:
        found = [each for each in library.find_number(name) if each.is_public]
        if not found:
            raise NotFound(
                f"没有公开的文件“{name}”，可用 search 查找；工作人员查未公布的文件请加 --staff"
            ) from None
    if len(found) > 1:
        ids = "、".join(each.id for each in found)
        raise NotFound(f"“{name}”有 {len(found)} 份文件，请改用标识：{ids}")
    return found[0].id


def _print(found: Related) -> None:
    print(f"{found.title}（{found.document}）\n{found.on}：{found.validity}")
    rows = [
        (
            row.kind if row.kind == row.direction else f"{row.direction} {row.kind}",
            row.document or "未入库",
            clip(row.title, 56),
            row.validity,
            row.since,
            row.reason + (f"（{row.score:.2f}）" if row.score is not None else ""),
        )
        for row in found.rows
    ]
    if rows:
        table(("关联", "标识", "标题", "时效性", "自", "理由"), rows)
    else:
        print("没有找到关联的文件")
    for more in found.more:
        print(f"- {more.direction} {more.kind} 的文件很多，只列出最近登记的")
