"""Subscriptions as a file (订阅文件): JSONL, a line each, read one by one; and the rules of pushing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policylib.errors import NotFound, ParseError
from policylib.files import head
from policylib.files.documentfile import decode
from policylib.model.subscription import PushRules, Subscription

__all__ = ["load_push_rules", "read_subscription", "read_subscriptions"]

_RULES = Path(__file__).resolve().parents[1] / "data" / "push" / "push.yaml"
_LARGEST = 10_000_000  # bytes of one subscription


def read_subscriptions(
    path: str | Path, *, seen: Callable[[bytes], None] | None = None
) -> Iterator[tuple[int, Subscription | ParseError]]:
    """Each subscription with the number of its line, or what is wrong with it.

    Empty lines are passed over. ``seen`` gets the bytes that were read. An error repeats nothing
    of a line. The file may be larger than memory.

    Raises:
        NotFound: there is no such file. ParseError: it cannot be read.

    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            at = 0
            while line := stream.readline(_LARGEST + 1):
                at += 1
                if seen:
                    seen(line)
                if len(line) > _LARGEST:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(_LARGEST)
                        if seen:
                            seen(line)
                    yield at, ParseError("一条订阅过长（超过10MB），请核对")
                elif line.strip():
                    yield at, _read(line)
    except FileNotFoundError:
        raise NotFound(f"找不到订阅文件“{path.name}”，请检查路径") from None
    except OSError:
        raise ParseError(f"订阅文件“{path.name}”读不出来，请核对路径和权限") from None


def _read(line: bytes) -> Subscription | ParseError:
    try:
        return read_subscription(json.loads(line.decode("utf-8-sig")))
    except ParseError as error:
        return error
    except (ValueError, RecursionError):
        return ParseError("不是正确的 JSON，请检查括号、引号和逗号，并存为 UTF-8")


def read_subscription(raw: Any) -> Subscription:
    """A subscription from a mapping.

    Raises:
        ParseError: what is wrong with it, without repeating any of it.

    """
    if isinstance(raw, Subscription):
        return raw
    if not isinstance(raw, Mapping):
        raise ParseError(
            '订阅应写成 {"id": …, "subject": …, "facts": {…}} 或 {"id": …, "tags": […]}'
        )
    try:
        if isinstance(raw.get("id"), int) and not isinstance(raw["id"], bool):
            raw = {**raw, "id": str(raw["id"])}
        found = Subscription.model_validate(raw)
        found.id.encode()
    except ValidationError as error:
        raise ParseError(_explain(error)) from None
    except UnicodeEncodeError:
        raise ParseError("“id”中含有无法保存的半个字符，请删除后重试") from None
    except (RecursionError, ValueError):
        raise ParseError("数字过长或嵌套过深，请核对") from None
    return found


def _explain(error: ValidationError) -> str:
    said = []
    for each in error.errors(include_input=False, include_url=False):
        name = str(each["loc"][0]) if each["loc"] else ""
        if name not in Subscription.model_fields:
            known = "、".join(Subscription.model_fields)
            said.append(
                str(each["msg"]).removeprefix("Value error, ")
                if not name and each["type"] == "value_error"
                else f"有不认识的键，可用的有：{known}"
            )
        else:
            said.append(f"“{name}”{_SAY.get(name, '不符合要求')}")
    return "；".join(dict.fromkeys(said))


_SAY = {
    "id": "应写编号，500字以内，不含控制字符",
    "subject": "应为 person（个人）、household（家庭）或 enterprise（经营主体）",
    "facts": "应为“事实名称: 取值”的形式，至多2000项",
    "tags": "应为标签的列表，至多200个",
    "audience": "应为文字的列表，如 老年人、视障",
    "kinds": "应为动态类型的列表：新出台、有变化、新近符合、即将开始申报、即将截止申报、应季提醒、"
    "即将失效、已失效",
    "undecided": "应为 true 或 false",
    "ahead": "应为 opens、closes、lapses 各提前几日，0 至 366",
}


# -- rules --------------------------------------------------------------------------------------


def load_push_rules(path: str | Path | None = None) -> PushRules:
    """The rules of pushing: those of the package; the keys of one's own file replace them.

    Raises:
        ParseError: no plain YAML, an unknown key, a figure or a form that cannot be.

    """
    if path is None:
        return _packaged()
    own = Path(path)
    return _validated({**_fields(_RULES), **_fields(own)}, own)


@cache
def _packaged() -> PushRules:
    return _validated(_fields(_RULES), _RULES)


def _fields(path: Path) -> dict[str, Any]:
    try:
        return head.parse(decode(path.read_bytes())[0])
    except OSError:
        raise ParseError(f"推送规则“{path.name}”读不出来，请核对路径和权限") from None
    except ParseError as error:
        raise ParseError(f"推送规则“{path.name}”：{str(error).replace('文件头', '')}") from error


def _validated(fields: Mapping[str, Any], path: Path) -> PushRules:
    try:
        return PushRules.model_validate(fields)
    except ValidationError as error:
        said = []
        for each in error.errors(include_url=False):
            keys = [str(step + 1) if isinstance(step, int) else step for step in each["loc"]]
            why = str(each["msg"]).removeprefix("Value error, ")
            said.append(
                f"“{'.'.join(keys)}”{why if each['type'] == 'value_error' else '不符合要求'}"
            )
        shown = "；".join(list(dict.fromkeys(said))[:5])
        raise ParseError(f"推送规则“{path.name}”：{shown}") from None
