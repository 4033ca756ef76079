"""JSON Schemas of what goes in and out (数据模式): made from the models, stored in ``schemas/``.

``python -m policylib.model.schemas schemas/`` writes them; a test fails when the stored ones
differ. Dates and lists are given in their recommended form; reading a file is more lenient
(``2024年7月1日`` is taken as a day).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from policylib.model.document import Document, Edition, Header, Value
from policylib.model.event import Event
from policylib.model.finding import Finding
from policylib.model.measure_schema import (
    condition_schema,
    measure_schema,
    profile_schema,
    push_rules_schema,
    subscription_schema,
)
from policylib.model.measures import MOST
from policylib.model.organ import Organ
from policylib.model.relation import Declaration, Relation

__all__ = ["main", "schemas"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

#: Where the schema of one measure stands.
_MEASURE = {"$ref": "measure.schema.json"}


class _Words(NamedTuple):
    """The Chinese title and description of a model or an enumeration."""

    title: str
    description: str


#: The models themselves speak English to programmers; a schema speaks Chinese to officers.
_WORDS = {
    "Act": _Words("办理动作", "工作人员对文件所做的办理"),
    "Channel": _Words("征集渠道", "公众提出意见的渠道"),
    "Declaration": _Words("登记的关系", "文件头中写明的与另一份文件的关系"),
    "Disclosure": _Words("公开属性", "拟制文件时确定的公开方式"),
    "Disposition": _Words("采纳情况", "对一条意见的处理结果"),
    "Document": _Words("政策文件", "库内的一份文件：文件头、标识、办理阶段和版本号"),
    "DocumentClass": _Words("文件类别", "文件在法律上的类别，决定制定程序"),
    "DocumentType": _Words("文件类型", "文件在一项政策中的角色"),
    "Edition": _Words("文本版本", "一份文件自某日起的文本"),
    "Event": _Words("办理记录", "办理日志中的一条：谁在何时对哪份文件做了什么，摘要逐条相连"),
    "Finding": _Words("检查发现", "一处需要整改的问题：检查项、位置、问题和整改办法"),
    "InterpretationForm": _Words("解读形式", "解读材料的形式"),
    "Interpreter": _Words("解读主体", "由谁解读"),
    "Opinion": _Words("意见", "一条意见和对它的处理"),
    "Organ": _Words("机关", "机关名录中的一个机关"),
    "OrganLevel": _Words("机关层级", "机关所属的政府层级"),
    "Origin": _Words("关系来源", "关系由文件登记、由程序提取或经人工确认"),
    "Relation": _Words("文件关系", "两份文件之间的关系，读作“本文件 关系 目标文件”"),
    "RelationKind": _Words("关系种类", "本文件对目标文件的作用"),
    "Role": _Words("办理角色", "工作人员办理时的身份"),
    "Severity": _Words("严重程度", "错误阻止公布，警告和提示不阻止"),
    "Stage": _Words("办理阶段", "文件最近完成的一个环节"),
}

#: What a model of the library is called as a file.
_MODELS: dict[str, type[Value]] = {
    "library-document": Document,
    "edition": Edition,
    "relation": Relation,
    "event": Event,
    "finding": Finding,
}


def schemas() -> dict[str, Schema]:
    """All schemas (draft 2020-12) by file name.

    >>> sorted(schemas())[:2]
    ['condition.schema.json', 'document.schema.json']
    """
    found = {name: _of(model) for name, model in _MODELS.items()}
    found["edition"]["properties"]["measures"]["items"] = _MEASURE
    found["document"] = _file_header()
    found["import-record"] = _import_record()
    found["organs"] = _authority_file()
    found |= {
        "measure": measure_schema(),
        "condition": condition_schema(),
        "profile": profile_schema(),
        "subscription": subscription_schema(),
        "push-rules": push_rules_schema(),
    }
    return {
        f"{name}.schema.json": {"$schema": _DRAFT, "$id": f"{name}.schema.json", **schema}
        for name, schema in found.items()
    }


def _of(model: type[Value]) -> Schema:
    schema = _mended(model.model_json_schema())
    for name, part in schema.get("$defs", {}).items():
        part.update(_WORDS[name]._asdict())
    return {**schema, **_WORDS[model.__name__]._asdict()}


def _file_header() -> Schema:
    """The head of a document file: the header, an optional id, and declared relations."""
    header, document = _mended(Header.model_json_schema()), Document.model_json_schema()
    declaration = _of(Declaration)
    definitions = header.get("$defs", {}) | declaration.pop("$defs", {})
    for name, part in definitions.items():
        part.update(_WORDS[name]._asdict())
    identifier = {
        **document["properties"]["id"],
        "description": "库内唯一，原样保留；不写的按文号、索引号或标题生成",
    }
    relations = {
        "type": "array",
        "title": "文件关系",
        "description": "本文件对其他文件的依据、修改、废止、解读等",
        "items": {"$ref": "#/$defs/Declaration"},
        "maxItems": 1_000,
        "default": [],
    }
    measures = {
        "type": "array",
        "title": "事项",
        "description": "正文规定的事项：给谁、多少、什么时候、到哪里办",
        "items": _MEASURE,
        "maxItems": MOST,
        "default": [],
    }
    properties = {
        "id": identifier,
        **header["properties"],
        "relations": relations,
        "measures": measures,
    }
    title = properties["title"]
    title["description"] += "；不写的取正文的“# 标题”"
    return {
        "type": "object",
        "title": "文件头",
        "description": "Markdown 文件开头两行“---”之间的 YAML",
        "additionalProperties": False,
        "properties": properties,
        "$defs": {**definitions, "Declaration": declaration},
    }


def _import_record() -> Schema:
    """One line of a JSONL file: the same keys, and the body."""
    header = _file_header()
    header["properties"]["title"]["description"] = "文件全称，可带栏目前缀【…】"
    body = {
        "type": "string",
        "title": "正文",
        "description": "Markdown 文本，原样保留，不能为空",
        "minLength": 1,
    }
    return {
        **header,
        "title": "导入记录",
        "description": "JSONL 文件的一行：文件头的各键，加上正文",
        "properties": {**header["properties"], "body": body},
        "required": ["title", "body"],
    }


def _authority_file() -> Schema:
    organ = _of(Organ)
    definitions = organ.pop("$defs", {})
    return {
        "type": "array",
        "title": "机关名录",
        "description": "YAML 列表，一项一个机关",
        "items": {"$ref": "#/$defs/Organ"},
        "$defs": {**definitions, "Organ": organ},
    }


def _mended(schema: Any) -> Any:
    """The schema with the longest length of a list named as JSON Schema names it."""
    if isinstance(schema, list):
        return [_mended(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    mended = {key: _mended(value) for key, value in schema.items()}
    if mended.get("type") == "array" and "maxLength" in mended:
        mended["maxItems"] = mended.pop("maxLength")
    return mended


def main(argv: Sequence[str]) -> int:
    """Write the schemas into the folder that ``argv`` names; returns the exit code."""
    if len(argv) != 1:
        sys.stderr.write("用法：python -m policylib.model.schemas schemas/\n")
        return 2
    folder = Path(argv[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(rendered(schema), encoding="utf-8", newline="\n")
    return 0


def rendered(schema: Schema) -> str:
    """A schema as it is stored: sorted keys, a newline at the end."""
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
