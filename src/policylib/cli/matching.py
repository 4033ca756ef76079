"""Verbs on policies and people: match, match-batch, who, whatif, schemas (政策找人)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib.cli.output import bar, clip, existing, put_json, table
from policylib.cli.parser import WrongUse
from policylib.cli.reading import named

if TYPE_CHECKING:
    from policylib.library import Library
    from policylib.library.batching import BatchSummary, Count
    from policylib.library.matchindex import Filter
    from policylib.library.reaching import Impacted
    from policylib.matching.answers import Answer, Reason

__all__ = [
    "officer",
    "run_match",
    "run_match_batch",
    "run_schemas",
    "run_whatif",
    "run_who",
    "tell_faults",
    "tell_skipped",
]

_NOTICE = "以上是按所填情况的初步比对，供查询参考；能否享受以受理机关审核为准。"
_MARKS = {True: "√", False: "×", None: "?"}
_LISTED = 50


def run_match(arguments: argparse.Namespace) -> int:
    """What is offered to a profile; with ``--ask`` its facts are asked for."""
    from policylib.cli.asking import ask

    library = existing(arguments)
    only = _only(library, arguments.only)
    if not (arguments.profile or arguments.ask):
        raise WrongUse("请用 --profile 文件 给出画像，或用 --ask 逐项回答")
    profile: Any = _profile(arguments.profile) if arguments.profile else None
    if arguments.ask:
        profile = ask(library, profile, subject=arguments.subject, on=arguments.on, only=only)
    found = library.match(profile, on=arguments.on, only=only)
    tell_skipped(library)
    _tell_lacking(library, found, arguments)
    if arguments.json:
        words = library.vocabulary()
        put_json([each.as_json(words) for each in found[: arguments.limit]])
        return 0
    _print_answers(library, found, arguments)
    return 0


def _profile(name: str) -> str:
    from policylib.files.profiles import read_profile_file

    if name == "-":
        return sys.stdin.read(10_000_001)
    return read_profile_file(_table(name))


def _only(library: Library, names: Sequence[str]) -> Filter:
    from policylib.library.matchindex import Filter

    documents, measures = [], []
    for each in names:
        document, _, measure = each.partition("#")
        if document:
            documents.append(named(library, document))
        if measure:
            measures.append(measure)
    return Filter(documents=tuple(documents), measures=tuple(measures))


def tell_skipped(library: Library) -> None:
    """Say on standard error which measures could not take part."""
    skipped = library.match_index().skipped
    if skipped:
        names = "、".join(dict.fromkeys(each.document for each in skipped[:5]))
        print(
            f"提示：{len(skipped)} 个事项写得不对，没有参加匹配（{names}），"
            "请用 policylib check --code MEA 查看",
            file=sys.stderr,
        )


def _tell_lacking(library: Library, found: Sequence[Answer], arguments: argparse.Namespace) -> None:
    """Say on standard error, for staff, which texts lack an amendment, and the next command."""
    from policylib.library.matchindex import Filter

    documents = tuple(dict.fromkeys(each.document for each in found))
    if documents:
        on = arguments.on or date.today()  # noqa: DTZ011 - the officer's own day
        for each in library.match_index().lacking(on, Filter(documents=documents)):
            print(f"提示：{each}", file=sys.stderr)


def _print_answers(
    library: Library, found: Sequence[Answer], arguments: argparse.Namespace
) -> None:
    from policylib.matching.answers import Verdict

    shown = [
        each
        for each in found
        if arguments.all or _is_near(each) or each.verdict is not Verdict.UNLIKELY
    ][: arguments.limit]
    if not found:
        print("库中没有登记了事项的公开文件；事项写在文件头的 measures，见 docs/matching.md")
        return
    listed = library.match_index().listed
    rows = [
        (
            "差一点" if _is_near(each) else each.verdict,
            clip(each.measure.title, 32) + _member(each),
            clip(listed[each.document].title, 40) + f"（{each.document}）",
            _said(library, each),
        )
        for each in shown
    ]
    if rows:
        table(("结论", "事项", "文件", "金额、还缺什么、到哪里办"), rows)
    if arguments.why:
        for each in shown:
            print(f"\n{each.measure.title}{_member(each)}：{each.verdict}")
            _print_reasons(each.reasons)
    rest = len(found) - len(shown)
    if rest:
        print(f"另有 {rest} 项没有列出" + ("" if arguments.all else "（不符合的用 --all 列出）"))
    print(_NOTICE)


def _is_near(answer: Answer) -> bool:
    """Whether time or effort may bring what is missing; nobody grows younger."""
    near = answer.near
    return near is not None and (near.distance or "").startswith(("还差", "自"))


def _member(answer: Answer) -> str:
    return "" if answer.member is None else f"（家庭成员第{answer.member}位）"


def _said(library: Library, answer: Answer) -> str:
    words = library.vocabulary().names
    parts = []
    if answer.amount is not None:
        parts.append(answer.amount.text)
    if answer.ask:
        asked = (words[name].question if name in words else None for name in answer.ask)
        questions = [each or name for each, name in zip(asked, answer.ask, strict=True)]
        parts.append("须核实：" + " ".join(questions))
    if answer.near is not None:
        parts.append(
            answer.near.text + (f"，{answer.near.distance}" if answer.near.distance else "")
        )
    measure = answer.measure
    if answer.verdict != "不符合":
        where = " ".join(filter(None, (measure.office, measure.phone)))
        parts += [
            each for each in (where, f"申报期 {measure.window}" if measure.window else "") if each
        ]
    parts += answer.notes
    return "；".join(parts)


def _print_reasons(reasons: Sequence[Reason], indent: str = "  ") -> None:
    for each in reasons:
        place = f"（{each.provision}）" if each.provision else ""
        print(f"{indent}{_MARKS[each.holds]} {each.text}{place}")
        if each.quote:
            print(f"{indent}    “{clip(each.quote, 80)}”")
        _print_reasons(each.parts, indent + "    ")


# -- many profiles --------------------------------------------------------------------------------


def run_match_batch(arguments: argparse.Namespace) -> int:
    """A table of profiles against everything on offer."""
    from policylib.files.profiles import count_rows
    from policylib.model.profile import Subject

    library = existing(arguments)
    source = _table(arguments.file)
    with bar("匹配", count_rows(source), quiet=arguments.json) as progress:
        summary = library.match_batch(
            source,
            arguments.out,
            purpose=arguments.purpose,
            by=officer(arguments),
            on=arguments.on,
            subject=Subject(arguments.subject),
            with_ids=arguments.with_ids,
            only=_only(library, arguments.only),
            progress=progress,
        )
    if arguments.json:
        put_json({**summary.as_dict(), "out": arguments.out})
    else:
        _print_summary(summary)
        print(f"结果已写入：{arguments.out}")
    return 1 if summary.refused else 0


def run_who(arguments: argparse.Namespace) -> int:
    """Which profiles of a file the measures of a document may fit."""
    from policylib.files.profiles import count_rows

    library = existing(arguments)
    source = _table(arguments.profiles)
    id = named(library, arguments.id)
    with bar("匹配", count_rows(source), quiet=arguments.json) as progress:
        summary = library.reach_table(
            id, source, by=officer(arguments), purpose=arguments.purpose, on=arguments.on,
            measure=arguments.measure, progress=progress,
        )  # fmt: skip
    if arguments.json:
        reached = [
            {"profile": key, "document": count.document, "measure": count.measure,
             "answer": str(verdict),
             "missing": list(summary.missing.get((count.document, count.measure, key), ()))}
            for count, verdict, keys in summary.reached
            for key in keys
        ]  # fmt: skip
        put_json({**summary.as_dict(), "reached": reached})
        return 1 if summary.refused else 0
    _print_summary(summary)
    for count, verdict, keys in summary.reached:
        more = f" 等 {len(keys)} 个" if len(keys) > _LISTED else ""
        said = (_with_missing(summary, count, key) for key in keys[:_LISTED])
        print(f"{count.title} {verdict}：{'、'.join(said)}{more}")
    return 1 if summary.refused else 0


def _with_missing(summary: BatchSummary, count: Count, key: Any) -> str:
    lacking = summary.missing.get((count.document, count.measure, key))
    return f"{key}（缺{'、'.join(lacking)}）" if lacking else str(key)


def run_whatif(arguments: argparse.Namespace) -> int:
    """What changes for whom."""
    from policylib.files.profiles import count_rows
    from policylib.model.profile import Subject

    library = existing(arguments)
    source = _table(arguments.profiles)
    id = named(library, arguments.id) if arguments.id else None
    if id is None and arguments.then is None:
        raise WrongUse("请写明文件的标识，或用 --then 写明与哪一日比较")
    with bar("测算", count_rows(source), quiet=arguments.json) as progress:
        found = library.impact(
            source,
            by=officer(arguments),
            purpose=arguments.purpose,
            id=id,
            before=_text(arguments.before),
            after=_text(arguments.after),
            on=arguments.on,
            then=arguments.then,
            subject=Subject(arguments.subject),
            with_ids=arguments.with_ids,
            progress=progress,
        )
    if arguments.json:
        put_json(found.as_dict())
    else:
        _print_impact(found)
    return 1 if found.refused else 0


def _table(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise WrongUse(f"找不到画像文件“{name}”，请检查路径")
    return path


def _text(word: str | None) -> Any:
    """A text as typed: the number of an edition, or a file with measures."""
    if word is None:
        return None
    if word.isdecimal() and len(word) <= 6:
        return int(word)
    from policylib.files.measures import measures_in

    found = measures_in(Path(word), name=Path(word).name)
    if found is None:
        raise WrongUse(f"“{word}”里没有事项，请在文件头写 measures")
    return found


def officer(arguments: argparse.Namespace) -> str:
    """Who asked; the name of the system's user where none is given."""
    import getpass

    if arguments.by:
        return str(arguments.by)
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "policylib"


def _print_summary(summary: BatchSummary) -> None:
    refused = f"，{summary.refused} 个没有参加" if summary.refused else ""
    print(f"匹配画像 {summary.profiles} 个{refused}，事项 {len(summary.counts)} 个")
    rows = [
        (clip(each.title, 40), each.document, each.likely, each.open, each.unlikely)
        for each in summary.counts
    ]
    if rows:
        table(("事项", "文件", "可能符合", "待核实", "不符合"), rows)
    tell_faults(summary.faults)


def tell_faults(faults: Sequence[str]) -> None:
    """Say on standard error what was wrong with a table."""
    for each in faults:
        print(f"  提示 {each}", file=sys.stderr)


def _print_impact(found: Impacted) -> None:
    refused = f"，{found.refused} 个没有参加" if found.refused else ""
    print(f"测算画像 {found.profiles} 个{refused}")
    rows = [
        (document, measure, before or "未列", after or "未列", count)
        for (document, measure), steps in found.counts
        for (before, after), count in sorted(steps.items(), key=str)
    ]
    if rows:
        table(("文件", "事项", "原来", "改后", "画像数"), rows)
    else:
        print("没有画像的结论或金额发生变化")
    for key, each in found.rows[:_LISTED]:
        before = each.before.verdict if each.before else "未列"
        after = each.after.verdict if each.after else "未列"
        print(f"{key} {each.measure}：{before} → {after}")
    if len(found.rows) > _LISTED:
        print(f"共 {len(found.rows)} 条变化，全部的请用 --json 输出")
    tell_faults(found.faults)


# -- schemas ----------------------------------------------------------------------------------------


def run_schemas(arguments: argparse.Namespace) -> int:
    """Print one JSON Schema, or all by name."""
    from policylib.model.schemas import rendered, schemas

    found = {name.removesuffix(".schema.json"): each for name, each in schemas().items()}
    if arguments.name is None:
        if arguments.json:
            put_json(found)
        else:
            print(rendered(found), end="")
        return 0
    name = arguments.name.removesuffix(".schema.json")
    if name not in found:
        raise WrongUse(f"没有“{arguments.name}”的数据模式，可选：{'、'.join(sorted(found))}")
    if arguments.json:
        put_json(found[name])
    else:
        print(rendered(found[name]), end="")
    return 0
