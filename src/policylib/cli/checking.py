"""``check``: the same checks on a file, a folder and the library."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from policylib.cli.output import existing, put_json, table
from policylib.cli.parser import WrongUse
from policylib.errors import ParseError
from policylib.model.finding import Finding
from policylib.model.vocabulary import Severity

__all__ = ["run_check"]


def run_check(arguments: argparse.Namespace) -> int:
    """Look documents over; exit code 1 when there is an error or a warning."""
    if arguments.codes:
        return _list_codes(as_json=arguments.json)
    paths = [Path(name) for name in arguments.targets if Path(name).exists()]
    ids = [name for name in arguments.targets if not Path(name).exists()]
    if not arguments.library and (ids or not paths):
        what = f"找不到“{ids[0]}”；" if ids else ""
        raise WrongUse(f"{what}请写明要检查的文件或文件夹，或用 --library 指明文件库")
    found = list(_findings(arguments, paths, ids))
    if arguments.json:
        put_json([finding.model_dump(mode="json") for finding in found])
    else:
        _print(found)
    return 1 if any(f.severity is not Severity.HINT for f in found) else 0


def _findings(
    arguments: argparse.Namespace, paths: list[Path], ids: list[str]
) -> Iterator[Finding]:
    library = existing(arguments) if arguments.library else None
    if library and (ids or not paths):
        from policylib.cli.reading import named

        wanted = [named(library, name) for name in ids] if ids else None
        yield from library.check(wanted, codes=arguments.code, on=arguments.on)
    if not paths:
        return
    from policylib.checks.table import run, select
    from policylib.files.documentfile import DocumentFile
    from policylib.files.sources import document_files
    from policylib.library.checking import file_cases

    checks = select(arguments.code)
    on = arguments.on or date.today()  # noqa: DTZ011 - the officer's own day
    for path in document_files(paths):
        try:
            file = DocumentFile.parse(path.read_bytes(), name=path.name)
        except (ParseError, OSError) as error:
            yield Finding(
                code="FIL001",
                severity=Severity.ERROR,
                document=str(path),
                message=str(error),
                fix="按提示改正文件后重新检查",
            )
            continue
        if library:
            yield from library.check_file(file, name=str(path), codes=arguments.code, on=on)
        else:
            for case in file_cases([(str(path), file)], on):
                yield from run(case, checks)


def _print(found: list[Finding]) -> None:
    if not found:
        print("没有发现问题")
        return
    by_document: dict[str, list[Finding]] = {}
    for finding in found:
        by_document.setdefault(finding.document, []).append(finding)
    for name, findings in by_document.items():
        print(name)
        for finding in findings:
            where = f"（{finding.locator}）" if finding.locator else ""
            print(f"  {finding.severity} {finding.code}{where} {finding.message}")
            print(f"      改法：{finding.fix}")
    counts = Counter(finding.severity for finding in found)
    print("\n合计：" + "，".join(f"{severity} {counts[severity]} 项" for severity in Severity))


def _list_codes(*, as_json: bool) -> int:
    from policylib.checks.table import ALL

    if as_json:
        put_json([{"code": c.code, "severity": str(c.severity), "title": c.title} for c in ALL])
    else:
        table(("代码", "程度", "检查项"), [(c.code, c.severity, c.title) for c in ALL])
    return 0
