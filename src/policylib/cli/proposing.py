"""The verb ``measures``: those of a document, and with ``--propose`` those its text may hold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.cli.output import clip, existing, put_json, table
from policylib.cli.reading import named

if TYPE_CHECKING:
    from policylib.matching.proposing import Leftover, Proposals
    from policylib.model.measure import Measure

__all__ = ["run_measures"]

_CONFIRM = "# 提取的事项草案，请逐条核对后贴入文件头；未经确认不参加匹配。"


def run_measures(arguments: argparse.Namespace) -> int:
    """Print the measures of a file or a document, or propose them from its text."""
    body, measures, number = _text(arguments)
    if not arguments.propose:
        _print(measures, arguments)
        return 0
    from policylib.matching.proposing import propose, region_of

    region = arguments.region or region_of(number)
    found = propose(body, vocabulary=_vocabulary(arguments), region=region)
    if arguments.json:
        put_json(found.model_dump(mode="json", exclude_defaults=True))
        return 0
    print(_yaml(found), end="")
    return 0


def _text(arguments: argparse.Namespace) -> tuple[str, tuple[Measure, ...], str | None]:
    """Text, measures and 索引号 of a file, or of a document of the library."""
    from policylib.model.measures import read_measures

    path = Path(arguments.target)
    if path.is_file():
        from policylib.errors import ParseError
        from policylib.files.documentfile import DocumentFile, decode

        data = path.read_bytes()
        try:
            file = DocumentFile.parse(data, name=path.name)
        except ParseError:
            if not arguments.propose or data.lstrip().startswith(b"---"):
                raise
            return decode(data)[0], (), None  # bare text without a title
        number = file.header.index_number
        return file.body, read_measures(file.header.measures), str(number) if number else None
    library = existing(arguments)
    id = named(library, arguments.target)
    number = library.document(id).index_number
    edition = library.edition(id, on=arguments.on)
    return edition.body, library.measures(id, on=arguments.on), str(number) if number else None


def _vocabulary(arguments: argparse.Namespace) -> Any:
    from policylib.files.vocabulary import load_vocabulary

    return load_vocabulary(*arguments.vocabulary)


def _print(measures: Sequence[Measure], arguments: argparse.Namespace) -> None:
    if arguments.json:
        from policylib.model.measures import plain

        put_json(plain(measures))
        return
    rows = [
        (each.id, each.title, each.kind, each.subject.chinese, each.delivery, each.provision)
        for each in measures
    ]
    table(("标识", "名称", "类型", "对象", "兑现方式", "依据条款"), rows)


def _yaml(found: Proposals) -> str:
    """What can be pasted into the head of the file, with the rest as comments."""
    from policylib.files import head
    from policylib.model.measures import plain

    lines = [_CONFIRM]
    for proposal in found.proposals:
        text = head.render({"measures": plain([proposal.measure])})
        body = text.split("\n", 1)[1].rstrip("\n")
        lines += ["measures:"] if len(lines) == 1 else []
        lines += [body, *_comments(proposal.leftover)]
    if not found.proposals:
        lines = ["# 没有能确定的事项。"]
    return "\n".join([*lines, *_comments(found.leftover)]) + "\n"


def _comments(leftover: Sequence[Leftover]) -> list[str]:
    return [
        f"# 留待人工 {each.provision or ''}“{clip(' '.join(each.quote.split()), 60)}”：{each.reason}"
        for each in leftover
    ]
