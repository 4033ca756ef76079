"""The measures of a text (文本的事项): read with errors in Chinese, and written in one way.

A text keeps its measures as plain JSON values, so that whoever reads texts need not load the
model of measures; :func:`read_measures` and :func:`plain` go from one to the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from policylib.errors import ParseError
from policylib.model.measure import Measure

__all__ = ["MOST", "plain", "read_measure", "read_measures"]

#: Measures of one text; and their length in JSON, so that a head can hold them.
MOST = 200
_LONGEST = 150_000


def read_measure(raw: Any) -> Measure:
    """A measure from its JSON text or mapping.

    Raises:
        ParseError: what is wrong, in Chinese, with the place.

    """
    if isinstance(raw, Measure):
        return raw
    if isinstance(raw, (str, bytes)):
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            raise ParseError("事项不是正确的 JSON，请检查括号、引号和逗号；嵌套不要过深") from None
    title = _title(raw) if isinstance(raw, Mapping) else ""
    try:
        return Measure.model_validate(raw)
    except ValidationError as error:
        said = dict.fromkeys(_explain(each) for each in error.errors(include_url=False))
        raise ParseError(f"事项“{title}”：{'；'.join(list(said)[:5])}") from None
    except RecursionError:
        raise ParseError(f"事项“{title}”：嵌套过深，请拆成几个事项或派生事实") from None


def read_measures(raw: Any) -> tuple[Measure, ...]:
    """The measures of a text from a list of them, read or as JSON values.

    Raises:
        ParseError: no list, one that cannot be read, one id twice, too many.

    """
    listed = isinstance(raw, Sequence) and not isinstance(raw, (str, bytes))
    if not listed or not all(isinstance(each, (Measure, Mapping)) for each in raw):
        raise ParseError("事项应为列表，一项一个事项，每项以“- id: ”开头")
    if len(raw) > MOST:
        raise ParseError(f"事项过多（{len(raw)}项，上限{MOST}项），请核对")
    found = tuple(read_measure(each) for each in raw)
    seen: set[str] = set()
    for each in found:
        if each.id in seen:
            raise ParseError(f"有两个标识为“{each.id}”的事项，请改名")
        seen.add(each.id)
    return found


def plain(measures: Iterable[Measure]) -> tuple[dict[str, Any], ...]:
    """Measures as JSON values, what is not set left out: the same measures, the same values.

    Raises:
        ParseError: half a character, or too long to stand in a head.

    """
    found = tuple(each.model_dump(mode="json", exclude_defaults=True) for each in measures)
    text = json.dumps(found, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParseError("事项中含有无法保存的半个字符，请删除后重试") from None
    if len(text) > _LONGEST:
        raise ParseError(
            f"事项过长（{len(text)}字，上限{_LONGEST}字），请把引文缩短或合并相同的条件"
        )
    return found


def _title(raw: Mapping[str, Any]) -> str:
    """What to call a measure that may not be one, in characters that can be printed."""
    name = str(raw.get("title") or raw.get("id") or "")[:60]
    return name.encode("utf-8", "replace").decode()


# -- errors in Chinese --------------------------------------------------------------------------


def _explain(error: Mapping[str, Any]) -> str:
    keys = [str(step + 1) if isinstance(step, int) else step for step in error["loc"]]
    names = [key for key in keys if key not in _TAGS or key == keys[-1]]
    place = ".".join(names[-4:])
    if error["type"] == "value_error":
        said = str(error["msg"]).removeprefix("Value error, ")
        return f"“{place}”{said}" if place else said
    said = _SAY.get(error["type"], "不符合要求")
    if error["type"] == "enum":
        expected = str(error.get("ctx", {}).get("expected", "")).replace(" or ", "、")
        said = f"不在可选范围：{expected.replace(chr(39), '')}"
    return f"“{place}”{said}"


_TAGS = {"Fact", "All", "AnyOf", "NoneOf", "Some", "Piecewise"}
_FORMS = "的写法不认识：条件应有 all、any、none、some、cases、fact 或 of 之一"
_SAY = {
    "extra_forbidden": "是不认识的键，请检查拼写",
    "missing": "没有写",
    "union_tag_not_found": _FORMS,
    "union_tag_invalid": _FORMS,
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "decimal_parsing": "应为数字",
    "tuple_type": "应为列表",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "过长",
    "too_short": "不能为空",
    "too_long": "项数过多",
    "model_type": "应为“键: 值”的形式",
    "model_attributes_type": "应为“键: 值”的形式",
}
