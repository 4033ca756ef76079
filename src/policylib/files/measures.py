"""Measures as files (事项文件): a YAML or JSON list, or the head of a document file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from policylib.errors import NotFound, ParseError
from policylib.files import head
from policylib.files.documentfile import DocumentFile, decode

__all__ = ["measures_in", "measures_yaml"]


def measures_in(path: Path, *, name: str) -> Sequence[Mapping[str, Any]] | None:
    """The measures in a file, as they are written; ``None`` for one that says nothing of them.

    A YAML or JSON file is a list, or has the key ``measures``; of a document file the head counts.

    Raises:
        NotFound: there is no such file.
        ParseError: it is not readable, or has no list of measures where one should be.

    """
    if not path.is_file():
        raise NotFound(f"找不到“{name}”，请检查路径")
    text = decode(path.read_bytes())[0]
    try:
        if path.suffix.lower() == ".json":
            return _listed(_json(text))
        if path.suffix.lower() in (".yaml", ".yml"):
            return _listed(_yaml(text))
        if not text.startswith("---"):
            return None
        header = DocumentFile.parse(text, name=name).header
    except ParseError as error:
        raise ParseError(f"“{name}”：{str(error).replace('文件头', '')}") from None
    return header.measures if "measures" in header.model_fields_set else None


def measures_yaml(measures: Sequence[Mapping[str, Any]]) -> str:
    """Measures as YAML lines for a head."""
    return head.render({"measures": measures})


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ParseError("不是正确的 JSON，请检查括号、引号和逗号；嵌套不要过深") from None


def _yaml(text: str) -> Any:
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return head.parse_list(text) if next(lines, "").startswith("-") else head.parse(text)


def _listed(found: Any) -> Sequence[Mapping[str, Any]]:
    if isinstance(found, Mapping) and "id" not in found:
        found = found.get("measures")
    if isinstance(found, Mapping):
        found = [found]
    if not isinstance(found, list):
        raise ParseError("应为事项的列表，一项一个事项，每项以“- id: ”开头")
    return found
