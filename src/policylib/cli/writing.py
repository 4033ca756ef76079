"""Verbs that change: init, import, add, act, reindex, backup, restore."""

from __future__ import annotations

import argparse
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from policylib.cli.output import bar, existing, options, put_json, where
from policylib.cli.parser import WrongUse
from policylib.errors import ParseError
from policylib.library import Library
from policylib.workflow.commands import ACTS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from policylib.library.importing import ImportSummary
    from policylib.model.document import Document
    from policylib.model.event import Evidence
    from policylib.workflow.procedure import Progress

__all__ = [
    "run_act",
    "run_add",
    "run_backup",
    "run_done",
    "run_import",
    "run_init",
    "run_reindex",
    "run_restore",
]


_Word = TypeVar("_Word", bound=StrEnum)


def run_init(arguments: argparse.Namespace) -> int:
    """Make an empty library."""
    library = Library.create(where(arguments), **options(arguments))
    organs = library.put_organs(arguments.organs, by=arguments.by) if arguments.organs else 0
    if arguments.json:
        put_json({"library": arguments.library, "organs": organs})
    else:
        more = f"，登记机关 {organs} 个" if organs else ""
        print(f"文件库已就绪：{arguments.library}{more}")
        print(
            f"下一步：python -m policylib import 文件夹 --released --by 姓名 --library {arguments.library}"
        )
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    """Take in documents."""
    return _import(arguments, released=arguments.released)


def run_add(arguments: argparse.Namespace) -> int:
    """Take in drafts."""
    return _import(arguments, released=False, proposed=arguments.proposed)


def _import(arguments: argparse.Namespace, *, released: bool, proposed: bool = False) -> int:
    from policylib.files.sources import count

    paths = [Path(path) for path in arguments.paths]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise WrongUse(f"找不到“{missing[0]}”，请检查路径")
    library = Library.create(where(arguments), **options(arguments))
    extract = arguments.extract
    with bar("导入", count(paths, extract=extract), quiet=arguments.json) as progress:
        summary = library.import_files(
            paths, by=arguments.by, released=released, proposed=proposed, repost=arguments.repost,
            extract=extract, progress=progress,
        )  # fmt: skip
    if arguments.json:
        found = summary.as_dict()
        if not found["notices"]:
            del found["notices"]
        put_json(found)
    else:
        print(
            f"导入 {summary.imported} 件，未变 {summary.unchanged} 件，未导入 {len(summary.refused)} 件"
        )
        if not (summary.imported or summary.unchanged or summary.refused):
            plain = "、.txt" if extract else ""
            print(f"这里没有 .md{plain} 或 .jsonl 文件，请检查路径")
        if summary.reposts:
            print(f"  其中 {summary.reposts} 件是其他机关的文件，已转为转载：只有链接，没有正文")
        _print_extracted(summary, asked=extract)
        for each in summary.notices:
            print(f"  提示 {each.path}：{each.reason}")
        for each in summary.refused:
            print(f"  未导入 {each.path}：{each.reason}")
    return 1 if summary.refused else 0


def _print_extracted(summary: ImportSummary, *, asked: bool) -> None:
    """What was taken from texts, and that documents in the library stay as they are."""
    from policylib.model.document import Header

    if summary.extracted:
        names = {key: field.title or key for key, field in Header.model_fields.items()}
        counts = [f"{names[key]} {count} 件" for key, count in summary.extracted.most_common()]
        print(f"  从正文提取 {summary.extracted.total()} 项（请核对）：{'、'.join(counts)}")
    if asked and summary.unchanged:
        print("  未变的文件不再改动，也不补登记项")


def run_act(arguments: argparse.Namespace) -> int:
    """Do something to a document."""
    from policylib.cli.reading import named
    from policylib.model.ruleset import StepName
    from policylib.model.vocabulary import Act, Conclusion, Role

    library = existing(arguments)
    act = ACTS.get(arguments.act) or Act(arguments.act)
    document = library.act(
        act,
        named(library, arguments.id),
        by=arguments.by,
        role=ROLES.get(arguments.role) or Role(arguments.role),
        note=arguments.note,
        fields=_fields(arguments.set),
        body=_body(arguments.body) if arguments.body else None,
        on=arguments.on,
        until=arguments.until,
        provision=arguments.provision,
        made_by=named(library, arguments.made_by) if arguments.made_by else None,
        step=_word(StepName, arguments.step, "环节"),
        conclusion=_word(Conclusion, arguments.conclusion, "结论"),
        evidence=[_evidence(path) for path in arguments.evidence],
        measures=_measures(arguments),
        edition=arguments.edition,
    )
    lacking = [] if act is Act.MEASURE else _lacking(library, document)
    if arguments.json:
        found = {"id": document.id, "stage": str(document.stage), "version": document.version}
        put_json({**found, "missing": [str(each.step) for each in lacking]})
    else:
        print(f"已办理“{act}”：{document.title}，现处于“{document.stage}”阶段")
        for id in library.history(document.id)[-1].detail.get("together", ()):
            print(f"一并公布：{library.document(id).title}（{id}）")
        for each in lacking:
            kind = "缺少" if each.blocks else "提示：一般还应办理"
            print(f"{kind}“{each.step}”（{each.basis}）：{each.command}")
    return 0


def _lacking(library: Library, document: Document) -> list[Progress]:
    """The missing steps that come up to now."""
    from policylib.model.ruleset import StepName

    after = {StepName.INTERPRETATION, StepName.FILING, StepName.ARCHIVING, StepName.RELEASE}
    if document.stage.is_unsigned:
        after |= {StepName.REVIEW, StepName.SIGNING, StepName.NUMBERING}
    found = library.missing_steps(document.id)
    return [each for each in found if each.step not in after]


def _body(name: str) -> str:
    from policylib.files.documentfile import DocumentFile, decode

    path = Path(name)
    if not path.is_file():
        raise WrongUse(f"找不到“{path}”，请检查路径")
    text, *_ = decode(path.read_bytes())
    return DocumentFile.parse(text, name=path.name).body if text.startswith("---") else text


def _measures(arguments: argparse.Namespace) -> Iterable[Mapping[str, Any]] | None:
    """The measures of ``--measures``, else those in the head of the text that comes along."""
    from policylib.files.measures import measures_in

    for name, must in ((arguments.measures, True), (arguments.body, False)):
        if name:
            found = measures_in(Path(name), name=Path(name).name)
            if found is None and must:
                raise ParseError(
                    f"“{name}”里没有事项，请在文件头写 measures，没有事项的写 measures: []"
                )
            if found is not None:
                return found
    return None


def _evidence(name: str) -> Evidence:
    from policylib.model.event import Evidence

    path = Path(name)
    if not path.is_file():
        raise WrongUse(f"找不到凭据“{path}”，请检查路径")
    return Evidence.of(path.name, path.read_bytes())


def _word(words: type[_Word], text: str | None, what: str) -> _Word | None:
    """One of the fixed words; wrong use when it is none."""
    if text is None:
        return None
    try:
        return words(text)
    except ValueError:
        known = "、".join(words)
        raise WrongUse(f"没有{what}“{text}”，可选：{known}") from None


def _fields(settings: list[tuple[str, str]]) -> dict[str, object]:
    """Header fields from ``键=值``; the value is read as YAML would, so lists can be written."""
    from policylib.files import head

    fields: dict[str, object] = {}
    for key, value in settings:
        if key in fields:
            raise ParseError(f"“{key}”设置了两次，请只写一次")
        fields[key] = head.parse(f"value: {value}")["value"] if value.startswith("[") else value
    return fields


def run_done(arguments: argparse.Namespace) -> int:
    """Enter that a duty is done."""
    from policylib.cli.reading import named
    from policylib.model.organ import AuthorityFile

    library = existing(arguments)
    is_organ = AuthorityFile(library.organs()).find(arguments.id) is not None
    id = arguments.id if is_organ else named(library, arguments.id)
    library.fulfil(
        id, arguments.duty, by=arguments.by, note=arguments.note, period=arguments.period,
        on=arguments.on,
    )  # fmt: skip
    if arguments.json:
        put_json({"id": id, "done": arguments.duty})
    else:
        print(f"已登记办结：{arguments.duty}")
    return 0


def run_reindex(arguments: argparse.Namespace) -> int:
    """Build the index anew."""
    library = existing(arguments)
    with bar("重建索引", None, quiet=arguments.json) as progress:
        count = library.reindex(progress)
    if arguments.json:
        put_json({"indexed": count})
    else:
        print(f"索引已重建，共 {count} 件")
    return 0


def run_backup(arguments: argparse.Namespace) -> int:
    """Write a backup."""
    library = existing(arguments)
    library.backup(arguments.target, with_key=arguments.with_key)
    key = library.source_key() is not None
    if arguments.json:
        put_json({"backup": arguments.target, **({"key": arguments.with_key} if key else {})})
        return 0
    print(f"已备份并核验：{arguments.target}")
    if key and arguments.with_key:
        print("备份含有同源清单的签名密钥：得到备份的人可以冒充本机关发布，请按密钥保管")
    elif key:
        print(
            f"备份不含同源清单的签名密钥，请另行保管：{library.sources_folder / 'key.pem'}"
            "（要一并备份，加 --with-key）"
        )
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Make a library from a backup."""
    library = Library.restore(arguments.source, where(arguments))
    lacking = library.lacks_key()
    if arguments.json:
        more = {"key": False} if lacking else {}
        put_json({"restored": arguments.source, "library": arguments.library, **more})
        return 0
    print(f"已从 {arguments.source} 恢复到 {arguments.library}，检索索引已重建")
    if lacking:
        print(
            f"备份中没有同源清单的签名密钥：请把保管的 key.pem 放回 {library.sources_folder}；"
            "密钥已丢失的，运行 policylib sources keys --new，并请订阅机关核对新的指纹"
        )
    return 0
