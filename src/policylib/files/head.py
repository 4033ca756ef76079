"""The YAML head of a document file (文件头): the one door to PyYAML.

Only what a head needs is read: scalars (all as text), lists and mappings. Anchors, aliases, tags,
repeated keys, deep nesting and very long heads are refused, so a head cannot blow up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from policylib.errors import ParseError

__all__ = ["MAX_HEAD", "parse", "parse_list", "render", "split_keys"]

#: Longest head in characters.
MAX_HEAD = 200_000
#: Conditions of measures nest up to 40 deep (:func:`policylib.model.condition.bounded`).
_MAX_DEPTH = 48
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(text: str) -> dict[str, Any]:
    """Read a head: text, lists and mappings; an empty value is ``None``.

    Raises:
        ParseError: with the line number in the head, in Chinese.

    """
    if len(text) > MAX_HEAD:
        raise ParseError(f"文件头过长（{len(text)} 字），请检查是否缺少结束的“---”行")
    found = _read(text)
    if not isinstance(found, dict):
        raise ParseError("文件头应为“键: 值”的形式，例如 title: 关于……的通知")
    return found


def parse_list(text: str) -> list[Any]:
    """Read a YAML list, such as an authority file; the same rules as for a head.

    Raises:
        ParseError: not a list, or not plain YAML.

    """
    found = _read(text)
    if not isinstance(found, list):
        raise ParseError("文件应为以“- ”开头的 YAML 列表，例如 - name: 某某县民政局")
    return found


def _read(text: str) -> Any:
    try:
        return _Reader(text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"第 {mark.line + 2} 行" if mark else ""
        raise ParseError(
            f"文件头不是正确的 YAML（{line}），请检查冒号后的空格、缩进和引号"
        ) from error
    except yaml.YAMLError as error:
        raise ParseError("文件头不是正确的 YAML，含有不允许的字符") from error
    except RecursionError as error:
        raise ParseError("文件头嵌套过深") from error


class _Reader:
    """Builds values from parser events, so that nothing is expanded behind our back."""

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Any:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                found = self._node(event, 0)
                for rest in self._events:
                    if isinstance(rest, yaml.DocumentStartEvent):
                        raise ParseError("文件头只能有一段 YAML")
                return found
        return {}

    def _mapping(self, event: Any, depth: int) -> dict[str, Any]:
        self._allow(event, depth)
        found: dict[str, Any] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                return found
            if not isinstance(key, yaml.ScalarEvent):
                raise ParseError(f"文件头第 {_line(key)} 行的键应为文字")
            self._allow(key, depth)
            if key.value in found:
                raise ParseError(f"文件头第 {_line(key)} 行重复出现“{key.value}”，请只留一处")
            found[key.value] = self._node(next(self._events), depth)
        raise ParseError("文件头不完整")

    def _node(self, event: Any, depth: int) -> Any:
        self._allow(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            if not event.style and event.value in ("", "~", "null"):
                return None
            return event.value
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth + 1)
        items: list[Any] = []
        for item in self._events:
            if isinstance(item, yaml.SequenceEndEvent):
                return items
            items.append(self._node(item, depth + 1))
        raise ParseError("文件头不完整")

    @staticmethod
    def _allow(event: Any, depth: int) -> None:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ParseError(f"文件头第 {line} 行使用了锚点或引用（& 或 *），请改为直接写出内容")
        if getattr(event, "tag", None):
            raise ParseError(f"文件头第 {line} 行使用了类型标记（!），请删去")
        if depth > _MAX_DEPTH:
            raise ParseError(f"文件头第 {line} 行嵌套过深")


def _line(event: Any) -> int:
    """The line of the file, the opening ``---`` being the first."""
    return int(event.start_mark.line) + 2


def split_keys(text: str) -> list[tuple[str | None, str]]:
    """A head cut at its top-level keys: ``(key, lines)``; what stands before the first has no key.

    Joined again the pieces are ``text`` to the letter. A head in braces is one piece.
    """
    cuts: list[tuple[str | None, int]] = []
    depth, at_key = 0, True
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    for event in events:
        if depth == 1 and isinstance(event, yaml.NodeEvent):
            if at_key and isinstance(event, yaml.ScalarEvent):
                mark: Any = event.start_mark
                start = text.rfind("\n", 0, mark.index) + 1
                cuts.append((event.value, start))
            at_key = not at_key
        if isinstance(event, yaml.CollectionStartEvent):
            if depth == 0 and event.flow_style:
                return [(None, text)]
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    if not cuts:
        return [(None, text)] if text else []
    ends = [start for _, start in cuts[1:]] + [len(text)]
    pieces = [(key, text[start:end]) for (key, start), end in zip(cuts, ends, strict=True)]
    before = text[: cuts[0][1]]
    return [(None, before), *pieces] if before else pieces


def render(fields: Mapping[str, Any]) -> str:
    """Fields as YAML lines in their order; empty ones are left out."""
    plain = {key: _plain(value) for key, value in fields.items() if value not in (None, (), [], "")}
    if not plain:
        return ""
    text: str = yaml.safe_dump(
        plain, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000
    )
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value  # YAML writes a day plain, which reads back as text
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v not in (None, (), [])}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return value
