"""JSON Schemas of measures, conditions and profiles (事项、条件和画像的数据模式)."""

from __future__ import annotations

from typing import Any

from policylib.model.condition import All, AnyOf, Fact, NoneOf, Piecewise, Some
from policylib.model.document import Value
from policylib.model.measure import Measure
from policylib.model.profile import Profile
from policylib.model.subscription import PushRules, Subscription
from policylib.model.term import TERM_KINDS, Constant

__all__ = [
    "WORDS",
    "condition_schema",
    "measure_schema",
    "profile_schema",
    "push_rules_schema",
    "subscription_schema",
]

Schema = dict[str, Any]

#: Chinese title and description of each model and enumeration.
WORDS: dict[str, tuple[str, str]] = {
    "Ahead": ("提前天数", "各类动态提前几日推送，不写的按推送规则"),
    "Age": ("周岁", "某日已满的周岁：出生日期和哪一天，不写的为判断日"),
    "All": ("同时符合", "所列条件都应符合"),
    "Amount": ("金额规则", "多少钱：定额、比例、差额、封顶和分档都写成“量”"),
    "AnyOf": ("符合之一", "所列条件符合一项即可"),
    "Calculation": ("运算", "各项的和、差、积、商、最小或最大；除以零为未知"),
    "CalendarDay": ("期初期末", "所在年、季、月的第一天或最后一天"),
    "Case": ("一种情形", "when 成立时，应符合 then"),
    "Choice": ("分段取值", "取第一个条件成立的一段；都不成立又没有 otherwise 的为未知"),
    "Condition": ("申报条件", "对事实的判断，可以组合；事实不全时为待核实"),
    "Constant": ("常量", "数字（可带单位，如 300万元、5.5%）、日期、文字、true 或 false"),
    "DayPart": ("日期部分", "日期的年份、月份、日或月日（7月1日为 701）"),
    "Delivery": ("兑现方式", "怎样到申报人手里"),
    "Edge": ("期初期末日", "某日所在年、季、月的第一天或最后一天；offset 为 -1 的取上一个"),
    "Elapsed": ("期间", "从一天到另一天满几年、几个月或几日"),
    "Fact": ("事实条件", "一个事实或量的判断；写了的各个界限都应符合"),
    "FactValue": ("事实值", "事实的取值，直接写事实名称"),
    "Measure": ("事项", "文件给予或要求的一件事：给谁、多少、什么时候、到哪里办"),
    "MeasureKind": ("事项类型", "事项属于哪一类"),
    "Members": ("成员汇总", "符合条件的成员有几个，或者各成员某个量的合计、最小、最大"),
    "InterpretationForm": ("解读形式", "解读材料的形式"),
    "NewsKind": ("动态类型", "一条消息告知的是哪一类动态"),
    "NoneOf": ("除外情形", "所列条件都不应成立"),
    "Operation": ("运算方式", "怎样把各项合成一个数"),
    "Outcome": ("一段", "when 成立时，取 then"),
    "ParameterValue": ("参数值", "词表中按地区和日期的标准，如 低保标准"),
    "Part": ("日期的哪一部分", "年份、月份、日或月日"),
    "Piecewise": ("分情形", "按第一个成立的情形判断；都不成立又没有 otherwise 的不符合"),
    "Profile": ("画像", "一个人、一个家庭或一家经营主体的情况，用后即弃"),
    "PushRules": ("推送规则", "对所有订阅人相同的提前天数、时间标签和推送形式"),
    "RenditionRule": ("推送形式", "有某种阅读需要的，依次找哪些形式的解读"),
    "Rounded": ("取整", "按步长取整"),
    "Rounding": ("取整方式", "四舍五入、进位或舍去"),
    "Row": ("一档", "各列的取值（一个、几个或 * 表示不论）和该档的标准"),
    "Season": ("时间标签", "每年从哪天到哪天，以及文件上的哪些标签与它有关"),
    "Sharing": ("享受规则", "同一组的事项怎样享受"),
    "Shifted": ("推算日", "某日之后（或之前）一段期间的那一天"),
    "Some": ("符合若干项", "所列条件至少符合几项"),
    "Stacking": ("叠加规则", "与同一组其他事项能否同时享受"),
    "Subject": ("对象类别", "person 个人、household 家庭、enterprise 经营主体"),
    "Subscription": ("订阅", "谁想知道哪些动态：按画像、按标签，或两者都写；订阅文件一行一条"),
    "Table": ("分档表", "按各列取值查标准，取第一行符合的"),
    "Take": ("汇总方式", "个数、合计、最小或最大"),
    "Term": ("量", "数字、日期或文字：常量、事实名称，或者由它们算出的量"),
    "TimeUnit": ("计时单位", "年、月或日"),
    "Window": ("申报窗口", "从哪天到哪天，或者每年从哪天到哪天可以申报"),
}

_CONDITIONS = (All, AnyOf, NoneOf, Some, Piecewise, Fact)
_SCALARS: tuple[Schema, ...] = ({"type": "string"}, {"type": "number"}, {"type": "boolean"})


def measure_schema() -> Schema:
    """The schema of a measure, as in the head of a file and in JSON."""
    return _titled(_of(Measure), "Measure")


def condition_schema() -> Schema:
    """The schema of a condition."""
    definitions = _of(Measure)["$defs"]
    needed: dict[str, Schema] = {}
    _collect("Condition", definitions, needed)
    return _titled({"$ref": "#/$defs/Condition", "$defs": needed}, "Condition")


def profile_schema() -> Schema:
    """The schema of a profile."""
    return _titled(_of(Profile), "Profile")


def subscription_schema() -> Schema:
    """The schema of a line of a file of subscriptions."""
    return _titled(_of(Subscription), "Subscription")


def push_rules_schema() -> Schema:
    """The schema of a file of rules for pushing."""
    return _titled(_of(PushRules), "PushRules")


def _titled(schema: Schema, name: str) -> Schema:
    title, description = WORDS[name]
    return {**schema, "title": title, "description": description}


def _of(model: type[Value]) -> Schema:
    raw = model.model_json_schema()
    schema: Schema = _folded(raw)
    definitions = schema.get("$defs", {})
    if model is Measure:
        definitions["Constant"] = {"anyOf": [*_SCALARS, definitions["Constant"]]}
        definitions["FactValue"] = {"anyOf": [{"type": "string"}, definitions["FactValue"]]}
        definitions["Term"] = {"anyOf": [_ref(each) for each in TERM_KINDS.values()]}
        definitions["Condition"] = {"anyOf": [_ref(each) for each in _CONDITIONS]}
    schema["$defs"] = {name: _titled(part, name) for name, part in definitions.items()}
    return schema


def _ref(model: type[Value]) -> Schema:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _folded(schema: Any) -> Any:
    """The schema with the alternatives of terms and conditions named once."""
    if isinstance(schema, list):
        return [_folded(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _folded(value) for key, value in schema.items()}
    if "oneOf" in found:
        kinds = {each.get("$ref") for each in found.pop("oneOf")}
        found["$ref"] = f"#/$defs/{'Term' if _ref(Constant)['$ref'] in kinds else 'Condition'}"
    if found.get("type") == "array" and "maxLength" in found:
        found["maxItems"] = found.pop("maxLength")
    if found.get("additionalProperties") is True:
        del found["additionalProperties"]
    return found


def _collect(name: str, definitions: dict[str, Schema], found: dict[str, Schema]) -> None:
    """A definition and all that it refers to."""
    if name in found:
        return
    found[name] = definitions[name]
    for each in _refs(definitions[name]):
        _collect(each, definitions, found)


def _refs(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
        return own + [each for value in schema.values() for each in _refs(value)]
    if isinstance(schema, list):
        return [each for value in schema for each in _refs(value)]
    return []
