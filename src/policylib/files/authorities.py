"""The authority registry as a YAML file (权威来源名录文件): which organ's library answers for what.

The file has two keys. ``own`` names the authorities that this library is; ``authorities`` lists all::

    own: [青石镇人民政府]
    authorities:
      - name: 青山县人民政府
        covers:                                   # each line fits by itself
          - issuers: [青山县人民政府, 青山县人民政府办公室]
          - agency_codes: [青政, 青政办]            # 文号的机关代字
            since: 2005-01-01                     # of documents written from that day on
          - {regions: [青山县], levels: [县]}       # region and level together
        addresses: [https://www.qingshan.example.gov.cn/zcwjk/]
        page: https://www.qingshan.example.gov.cn/zcwjk/{id}.html
        manifest: https://www.qingshan.example.gov.cn/zcwjk/tongyuan/
        keys: [3f2a…]                             # 40 hex digits, by policylib sources keys
        valid_from: 2005-01-01
        valid_to: 2025-06-30
        successor: 青山市人民政府                   # asked after that day

The keys are those of :class:`policylib.model.authority.Authority` and ``Claim``.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policylib.errors import ParseError
from policylib.files import head
from policylib.files.documentfile import decode
from policylib.model.authority import Authorities, Authority

__all__ = ["parse_authorities", "read_authorities"]

_MOST = 2_000


def read_authorities(path: str | PathLike[str]) -> Authorities:
    """The registry in a file.

    Raises:
        ParseError: the file cannot be read, or is not a registry; in Chinese, with its name.

    """
    file = Path(path)
    try:
        return parse_authorities(decode(file.read_bytes())[0])
    except OSError as error:
        raise ParseError(f"权威来源名录“{file.name}”读不出来，请核对路径和权限") from error
    except ParseError as error:
        raise ParseError(f"权威来源名录“{file.name}”：{error}") from None


def parse_authorities(text: str) -> Authorities:
    """The registry in a text; see the module's text for its form.

    Raises:
        ParseError: not YAML, unknown keys, wrong values.

    """
    try:
        fields = head.parse(text)
    except ParseError as error:
        raise ParseError(str(error).replace("文件头", "")) from None
    if unknown := [key for key in fields if key not in ("own", "authorities")]:
        raise ParseError(f"不认识的键“{unknown[0][:40]}”，可用的有：authorities、own")
    own, listed = fields.get("own") or [], fields.get("authorities") or []
    own = [own] if isinstance(own, str) else own
    if not isinstance(listed, list) or not isinstance(own, list):
        raise ParseError("authorities 和 own 应为列表")
    if not all(isinstance(name, str) for name in own):
        raise ParseError("own 应为机关全称的列表")
    if len(listed) > _MOST:
        raise ParseError(f"权威来源超过 {_MOST} 个，请分开")
    return Authorities([_authority(each, place) for place, each in enumerate(listed)], own)


def _authority(fields: Any, place: int) -> Authority:
    if not isinstance(fields, Mapping):
        raise ParseError(f"第{place + 1}项应为“键: 值”的形式，例如 name: 青山县人民政府")
    given = {key: value for key, value in fields.items() if value is not None}
    name = str(given.get("name") or f"第{place + 1}项")[:40]
    try:
        return Authority.model_validate(given)
    except ValidationError as error:
        said = "；".join(dict.fromkeys(_explain(each) for each in error.errors(include_url=False)))
        raise ParseError(f"“{name}”{said[:300]}") from None


def _explain(error: Mapping[str, Any]) -> str:
    keys = [str(step) for step in error["loc"] if isinstance(step, str)]
    said = _SAY.get(error["type"])
    if error["type"] == "value_error":
        said = str(error["msg"]).removeprefix("Value error, ")
    return f"的“{'.'.join(keys)}”{said or '不符合要求'}"


_SAY = {
    "extra_forbidden": "是不认识的键，请检查拼写",
    "missing": "没有写",
    "enum": "不在可选范围，层级有：国家、省、市、县、乡镇",
    "tuple_type": "应为列表",
    "model_type": "应为“键: 值”的形式",
    "string_type": "应为文字",
    "too_short": "不能为空",
}
