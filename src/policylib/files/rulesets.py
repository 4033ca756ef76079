"""Rule-sets and yearly calendars as YAML files (规则文件): those of the package, and one's own.

What is wrong with a file is said in Chinese, with the file, the rule and the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from policylib.errors import ParseError
from policylib.files import head
from policylib.files.documentfile import decode
from policylib.model.document import Day, Value, Word, Words
from policylib.model.ruleset import RuleSet
from policylib.text.workdays import Holiday, WorkCalendar, YearNotice

__all__ = ["load_calendar", "load_ruleset", "load_rulesets", "shipped_rulesets"]

_DATA = Path(__file__).resolve().parents[1] / "data"
_RULES = _DATA / "rules"
_SUFFIXES = (".yaml", ".yml")

_Read = TypeVar("_Read")
_Model = TypeVar("_Model", bound=Value)
_Find = Callable[[str], RuleSet]


def shipped_rulesets() -> tuple[str, ...]:
    """The names of the rule-sets that come with the package, in order."""
    return tuple(sorted(path.stem for path in _RULES.glob("*.yaml")))


def load_ruleset(name_or_path: str | Path) -> RuleSet:
    """A rule-set with all it extends: one of the package by its name, or a file.

    ``extends`` is looked up beside the file (``NAME.yaml``), then in the package.

    Raises:
        ParseError: no such name or file, not YAML, unknown keys or words, figures that are not
            above zero, rules that contradict each other, an unknown or circular ``extends``.

    """
    if isinstance(name_or_path, str) and not _is_path(name_or_path):
        return _shipped(name_or_path)
    path = Path(name_or_path)
    if path.resolve().parent == _RULES:
        return _shipped(path.stem)

    def beside(name: str, trail: tuple[str, ...]) -> RuleSet:
        for suffix in _SUFFIXES:
            file = path.parent / f"{name}{suffix}"
            if file.is_file():
                return build(file, trail)
        return _shipped(name, trail)

    def build(file: Path, trail: tuple[str, ...] = ()) -> RuleSet:
        return _own(file, _ruleset(file), beside, trail)

    return build(path)


def load_rulesets(folder: str | Path) -> dict[str, RuleSet]:
    """Every rule-set of a folder by its id, each with all it extends.

    ``extends`` is looked up among them, then in the package.

    Raises:
        ParseError: as :func:`load_ruleset`; also for two files with one id.

    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ParseError(f"找不到规则文件夹“{folder.name}”，请核对路径")
    if folder.resolve() == _RULES:
        return {name: _shipped(name) for name in shipped_rulesets()}
    files: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path in sorted(each for each in folder.iterdir() if each.suffix in _SUFFIXES):
        fields = _ruleset(path)
        name = str(fields.get("id", ""))
        if name in files:
            raise ParseError(
                f"规则文件“{files[name][0].name}”与“{path.name}”的标识都是“{name}”，请改名"
            )
        files[name] = (path, fields)
    built: dict[str, RuleSet] = {}

    def find(name: str, trail: tuple[str, ...] = ()) -> RuleSet:
        if name not in files:
            return _shipped(name, trail)
        if name not in built:
            built[name] = _own(*files[name], find, trail)
        return built[name]

    return {name: find(name) for name in files}


def load_calendar(path: str | Path | None = None) -> WorkCalendar:
    """The working-day calendar of the package; with ``path``, that file's years added to it.

    A year that both have is taken from the file.

    Raises:
        ParseError: not YAML, unknown keys, days that cannot be, a year twice.

    """
    if path is None:
        return _packaged_calendar()
    return WorkCalendar.of([*_packaged_calendar().years.values(), *_notices(Path(path))])


# -- rule-sets ----------------------------------------------------------------------------------


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith(_SUFFIXES)


def _shipped(name: str, trail: tuple[str, ...] = ()) -> RuleSet:
    if name not in shipped_rulesets():
        known = "、".join(shipped_rulesets())
        by = f"“{trail[-1]}”所继承的" if trail else ""
        raise ParseError(f"没有{by}规则集“{name}”，可用的有：{known}；自己的规则集请写文件路径")
    return _package_file(name)


@cache
def _package_file(name: str) -> RuleSet:
    path = _RULES / f"{name}.yaml"
    return _build(path, _ruleset(path), _package_file)


def _own(
    path: Path,
    fields: Mapping[str, Any],
    find: Callable[[str, tuple[str, ...]], RuleSet],
    trail: tuple[str, ...],
) -> RuleSet:
    """A rule-set that is not the package's, over those it extends."""
    name = str(fields.get("id", path.stem))
    if name in trail:
        chain = " → ".join([*trail[trail.index(name) :], name])
        raise ParseError(f"规则集的继承成了循环：{chain}，请改其中一个的 extends")
    if name in shipped_rulesets():
        raise ParseError(
            f"规则文件“{path.name}”的标识“{name}”与随库规则集相同，请另取标识，用 extends 继承它"
        )
    return _build(path, fields, lambda parent: find(parent, (*trail, name)))


def _build(path: Path, fields: Mapping[str, Any], find: _Find) -> RuleSet:
    extends = fields.get("extends")
    parent = find(extends) if isinstance(extends, str) else None
    return _validated(RuleSet, {**fields, "parent": parent}, path, "规则文件")


def _ruleset(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = _without_empty(_read(path, "规则文件", head.parse))
    if "parent" in fields:
        raise ParseError(f"规则文件“{path.name}”：不认识的键“parent”，继承请写 extends")
    return fields


# -- calendars ----------------------------------------------------------------------------------


class _HolidayEntry(Value):
    name: Word
    first: Day
    last: Day


class _YearEntry(Value):
    year: Annotated[int, Field(ge=1949, le=9999)]
    numbers: Annotated[Words, Field(min_length=1)]
    holidays: Annotated[tuple[_HolidayEntry, ...], Field(min_length=1)]
    working: tuple[Day, ...] = ()


@cache
def _packaged_calendar() -> WorkCalendar:
    return WorkCalendar.of(_notices(_DATA / "workdays.yaml"))


def _notices(path: Path) -> list[YearNotice]:
    found: dict[int, YearNotice] = {}
    for fields in _read(path, "工作日历文件", head.parse_list):
        entry = _validated(_YearEntry, _without_empty(fields), path, "工作日历文件")
        if entry.year in found:
            raise ParseError(f"工作日历文件“{path.name}”：{entry.year}年重复出现，请只留一处")
        try:
            holidays = tuple(Holiday(each.name, each.first, each.last) for each in entry.holidays)
            working = frozenset(entry.working)
            found[entry.year] = YearNotice(entry.year, entry.numbers, holidays, working)
        except ParseError as error:
            raise ParseError(f"工作日历文件“{path.name}”：{error}") from error
    return list(found.values())


# -- reading ------------------------------------------------------------------------------------


def _read(path: Path, what: str, parse: Callable[[str], _Read]) -> _Read:
    """What a YAML file holds; errors name the file, lines are counted from its first line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ParseError(f"{what}“{path.name}”读不出来，请核对路径和权限") from error
    try:
        text = decode(data)[0]
    except ParseError as error:
        raise ParseError(f"{what}“{path.name}”：{error}") from error
    try:
        return parse(text)
    except ParseError as error:
        said = re.sub(r"第 (\d+) 行", lambda found: f"第 {int(found[1]) - 1} 行", str(error))
        said = said.replace("文件头", "").replace("，例如 title: 关于……的通知", "")
        said = said.replace("，例如 - name: 某某县民政局", "")
        raise ParseError(f"{what}“{path.name}”：{said}") from error


def _without_empty(value: Any) -> Any:
    """Keys without a value are as good as not there."""
    if isinstance(value, dict):
        return {key: _without_empty(each) for key, each in value.items() if each is not None}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value


def _validated(model: type[_Model], fields: Any, path: Path, what: str) -> _Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        said = dict.fromkeys(_explain(each, fields) for each in errors)
        raise ParseError(f"{what}“{path.name}”：{'；'.join(list(said)[:5])}") from error


def _explain(error: Mapping[str, Any], fields: Any) -> str:
    """One validation error in Chinese: of which rule, which key, what is wrong."""
    where, key = _where(error["loc"], fields)
    kind, value = error["type"], " ".join(str(error.get("input")).split())[:40]
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        said = f"不认识的键“{key}”，请检查拼写（可用的键见 docs/rules.md）"
    elif kind == "missing":
        said = f"缺少“{key}”"
    elif kind == "enum":
        expected = str(context.get("expected", "")).replace(" or ", "、").replace("'", "")
        what = "不认识的单位" if key == "unit" else f"“{key}”的值"
        said = f"{what}“{value}”不在可选范围：{expected}"
    elif kind in ("greater_than", "greater_than_equal"):
        said = f"“{key}”的值“{value}”过小，应大于零"
    elif kind == "value_error":
        message = str(error["msg"]).removeprefix("Value error, ")
        said = f"“{key}”：{message}" if key else message
    else:
        said = f"“{key}”的值“{value}”{_SAY.get(kind, '不符合要求')}"
    return where + said


def _where(loc: Iterable[str | int], fields: Any) -> tuple[str, str]:
    """``(规则“x”的, key)`` for the place of an error."""
    named, at = "", fields
    place: list[str] = []
    for step in loc:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            at = None
        if isinstance(step, int) and isinstance(at, dict):
            name = at.get("id") or at.get("name") or at.get("document_class")
            if name:
                named, place = f"“{name}”的", []
                continue
        place.append(str(step + 1) if isinstance(step, int) else step)
    return named, ".".join(place)


_SAY = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "less_than_equal": "过大",
    "string_too_short": "不能为空",
    "string_too_long": "过长",
    "string_type": "应为文字",
    "tuple_type": "应为列表",
    "too_short": "不能为空",
    "too_long": "项数过多",
    "date_type": "应为日期，如 2024-07-01",
    "model_type": "应为“键: 值”的形式",
}
