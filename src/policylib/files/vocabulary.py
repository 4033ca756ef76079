"""The vocabulary of matching as YAML files (词表文件): that of the package, and one's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policylib.errors import ParseError
from policylib.files import head
from policylib.files.documentfile import decode
from policylib.model.facts import Vocabulary

__all__ = ["load_vocabulary"]

_DATA = Path(__file__).resolve().parents[1] / "data" / "matching"
_KEYS = {"facts", "codes", "parameters", "birthday"}


def load_vocabulary(*paths: str | Path) -> Vocabulary:
    """The vocabulary of the package, with one's own files added to it.

    A file is a list of facts, or has the keys ``facts``, ``codes``, ``parameters`` and
    ``birthday``. The figures and places of the package are samples with invented names; one's own
    go into a file of one's own.

    Raises:
        ParseError: not YAML, unknown keys or types, a name twice, figures whose time overlaps.

    """
    found = _packaged()
    for path in paths:
        found = _said_of(Path(path), found)
    return found


@cache
def _packaged() -> Vocabulary:
    fields: dict[str, Any] = {}
    for path in sorted(_DATA.glob("*.yaml")):
        for key, value in _read(path).items():
            fields[key] = [*fields.get(key, ()), *value]
    return _validated(fields, _DATA / "*.yaml")


def _said_of(path: Path, base: Vocabulary) -> Vocabulary:
    try:
        return base.extended(_validated(_read(path), path))
    except ParseError as error:
        said = str(error)
        raise ParseError(said if path.name in said else f"词表文件“{path.name}”：{said}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        text = decode(path.read_bytes())[0]
    except OSError as error:
        raise ParseError(f"词表文件“{path.name}”读不出来，请核对路径和权限") from error
    try:
        fields = _fields(text)
    except ParseError as error:
        said = str(error).replace("文件头", "")
        raise ParseError(f"词表文件“{path.name}”：{said}") from error
    if unknown := [key for key in fields if key not in _KEYS]:
        known = "、".join(sorted(_KEYS))
        raise ParseError(f"词表文件“{path.name}”：不认识的键“{unknown[0][:40]}”，可用的有：{known}")
    return {key: value for key, value in fields.items() if value is not None}


def _fields(text: str) -> dict[str, Any]:
    """The keys of a file; a bare list is one of facts."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    if next(lines, "").startswith("- "):
        return {"facts": head.parse_list(text)}
    return head.parse(text)


def _validated(fields: Mapping[str, Any], path: Path) -> Vocabulary:
    try:
        return Vocabulary.model_validate(fields)
    except ValidationError as error:
        said = [_explain(each, fields) for each in error.errors(include_url=False)]
        shown = "；".join(list(dict.fromkeys(said))[:5])
        raise ParseError(f"词表文件“{path.name}”：{shown}") from None


def _explain(error: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    """One error in Chinese: of which entry, which key, what is wrong."""
    where, at = "", fields
    keys: list[str] = []
    for step in error["loc"]:
        at = _inside(at, step)
        if isinstance(step, int) and isinstance(at, Mapping) and not where:
            name = at.get("name") or at.get("code")
            where = f"“{str(name)[:40]}”的" if name else f"第{step + 1}项的"
        elif isinstance(step, str) and step not in ("facts", "codes", "parameters"):
            keys.append(step)
    if error["type"] == "value_error":
        return where + str(error["msg"]).removeprefix("Value error, ")
    said = _SAY.get(error["type"], "不符合要求")
    return f"{where}“{'.'.join(keys[-3:])}”{said}"


def _inside(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return value if isinstance(step, str) else None


_SAY = {
    "extra_forbidden": "是不认识的键，请检查拼写",
    "missing": "没有写",
    "enum": "不在可选范围",
    "union_tag_not_found": "的写法不认识：条件应有 all、any、none、some、cases、fact 或 of 之一",
    "union_tag_invalid": "的写法不认识：条件应有 all、any、none、some、cases、fact 或 of 之一",
    "bool_parsing": "应为 true 或 false",
    "decimal_parsing": "应为数字",
    "tuple_type": "应为列表",
    "model_type": "应为“键: 值”的形式",
    "string_type": "应为文字",
    "too_short": "不能为空",
}
