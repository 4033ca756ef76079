"""``search``: loads neither the database package nor pydantic when the library is a folder."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from policylib.cli.output import existing, put_json

if TYPE_CHECKING:
    from policylib.search.query import Hit, Results

__all__ = ["print_results", "run_search"]


def run_search(arguments: argparse.Namespace) -> int:
    """Find documents."""
    results = existing(arguments).search(
        " ".join(arguments.words),
        on=arguments.on,
        limit=arguments.limit,
        offset=arguments.offset,
        issuers=arguments.organ,
        type=arguments.type,
        kind=arguments.kind,
        form=arguments.form,
        themes=arguments.theme,
        tags=arguments.tag,
        audience=arguments.audience,
        validity=arguments.validity,
        released_from=arguments.released_from,
        released_to=arguments.released_to,
        facets=arguments.facet,
        sort=arguments.sort,
        staff=arguments.staff,
    )
    if arguments.json:
        found = results.as_dict()
        if not arguments.facet:
            del found["facets"]
        if results.notice is None:
            del found["notice"]
        put_json(found)
    else:
        print_results(results, first=arguments.offset + 1)
    return 0


def print_results(results: Results, *, first: int = 1) -> None:
    """Show results for reading."""
    if results.notice:
        print(results.notice)
    print(f"共 {results.total} 件")
    for number, hit in enumerate(results.hits, first):
        facts = (hit.doc_number, "、".join(hit.issuers), hit.released_on, hit.id)
        print(f"\n{number}. {hit.title}  [{hit.validity}]")
        print("   " + " · ".join(fact for fact in facts if fact))
        where = f"{hit.provision}：" if hit.provision else ""
        print(f"   {where}{_lit(hit)}")
    for name, counts in results.facets.items():
        print(f"\n{name}：" + "，".join(f"{value} {count}" for value, count in counts.items()))
    if not results.total:
        print("没有找到。可以换个说法、减少条件，或用 --staff 查看未公布的文件")


def _lit(hit: Hit) -> str:
    if not sys.stdout.isatty():
        return hit.snippet
    parts, end = [], 0
    for start, stop in hit.marks:
        parts.append(f"{hit.snippet[end:start]}\x1b[1;33m{hit.snippet[start:stop]}\x1b[0m")
        end = stop
    return "".join(parts) + hit.snippet[end:]
