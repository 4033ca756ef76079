"""Which document each instruction means (指令归属), and instructions that are two halves of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from policylib.amending.quotes import Skeleton
from policylib.amending.titles import short_titles
from policylib.amending.values import Instruction, Kind, NotUnderstood
from policylib.text.span import Span

__all__ = ["assigned"]

_GENERIC = re.compile(r"(?:办法|条例|规定|细则|解释|决定|通知|意见|方案|规则|章程|法)\Z")


def _with_articles(said: list[Instruction], whole: Skeleton) -> Iterator[Instruction]:
    """增加一节，作为第七节“…”；增加五条 whose words begin with that 节: one instruction."""
    waiting: Instruction | None = None
    for each in said:
        if waiting is not None and _heads(each, waiting):
            span = Span(waiting.span.start, each.span.end)
            quote = whole.source[span.start : span.end]
            yield replace(waiting, olds=(), news=each.news, span=span, quote=quote)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        alone = each.kind is Kind.INSERT and each.unit in {"章", "节"} and len(each.news) < 2
        waiting = each if alone else None
        if not alone:
            yield each
    if waiting is not None:
        yield waiting


def _heads(each: Instruction, division: Instruction) -> bool:
    """Whether the words of new articles begin with the heading of a new 章 or 节."""
    if each.kind is not Kind.INSERT or each.unit != "条" or not each.news:
        return False
    number = division.becomes[0].steps[-1] if division.becomes else None
    return number is not None and each.news[0].startswith(str(number))


def assigned(
    said: list[Instruction], missed: list[NotUnderstood], named: Iterable[str], whole: Skeleton
) -> tuple[tuple[Instruction, ...], tuple[NotUnderstood, ...], tuple[str, ...]]:
    """Give the one document of a decision to what names none; with several it is unclear."""
    short = short_titles(whole.source)
    unread = [each._replace(document=short.get(each.document, each.document)) for each in missed]
    kept: list[Instruction] = []
    full = dict.fromkeys(short.get(target, target) for target in named)
    targets = [target for target in full if not _GENERIC.fullmatch(target)]
    for each in _with_articles(said, whole):
        document = short.get(each.document, each.document)
        document = "" if _GENERIC.fullmatch(document) else document
        if not document and len(targets) == 1:
            document = targets[0]
        formal = each.kind in {Kind.ORDER, Kind.WORDING, Kind.EFFECT, Kind.REPUBLISH}
        if not document and len(targets) > 1 and not formal:
            reason = "没有写明修改哪一件文件"
            unread.append(NotUnderstood(each.span, each.quote, reason))
        else:
            kept.append(replace(each, document=document))
    return tuple(kept), tuple(sorted(unread)), tuple(targets)
