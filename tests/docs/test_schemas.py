"""The JSON Schemas: as stored, as the models say, and in Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policylib.files.documentfile import DocumentFile, FileHeader
from policylib.model.schemas import main, rendered, schemas

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas"
NAMES = sorted(schemas())
SAMPLES = sorted((ROOT / "sample_docs").rglob("*.md"))
KEYWORDS = {
    "$defs", "$id", "$ref", "$schema", "additionalProperties", "anyOf", "default", "description",
    "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength",
    "maxProperties", "maximum", "minItems", "minLength", "minimum", "pattern", "properties", "required", "title",
    "type",
}  # fmt: skip
TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it."""
    yield schema
    inside = [*schema.get("$defs", {}).values(), *schema.get("properties", {}).values()]
    inside += schema.get("anyOf", [])
    inside += [schema[key] for key in ("items", "additionalProperties") if key in schema]
    for each in inside:
        if isinstance(each, dict):
            yield from parts(each)


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_the_stored_schemas_are_the_generated_ones() -> None:
    stored = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert stored == {name: rendered(schema) for name, schema in schemas().items()}, (
        "python -m policylib.model.schemas schemas/"
    )


def test_the_module_writes_the_schemas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "schemas")]) == 0
    assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == NAMES
    assert main([]) == 2
    assert "用法" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_well_formed(name: str) -> None:
    schema = schemas()[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == name
    definitions = schema.get("$defs", {})
    used = set()
    for part in parts(schema):
        assert part.keys() <= KEYWORDS
        assert part.get("type", "null") in TYPES
        if part.get("$ref", "").startswith("#/"):
            used.add(part["$ref"].removeprefix("#/$defs/"))
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert set(part.get("required", [])) <= part["properties"].keys()
        if "enum" in part:
            assert len(part["enum"]) == len(set(part["enum"])) > 1
        if part.get("type") == "array":
            assert "items" in part
            assert "maxLength" not in part
    assert used == set(definitions)


@pytest.mark.parametrize("name", NAMES)
def test_every_model_property_and_enumeration_has_a_chinese_title(name: str) -> None:
    schema = schemas()[name]
    for part in (schema, *schema.get("$defs", {}).values()):
        assert is_chinese(part["title"])
        assert is_chinese(part["description"])
    for part in parts(schema):
        for key, value in part.get("properties", {}).items():
            assert is_chinese(value.get("title", "")), key
            assert is_chinese(value.get("description", "中")), key


def test_the_head_of_a_file_has_the_keys_that_files_take() -> None:
    found = schemas()
    keys = set(FileHeader.model_fields)
    assert found["document.schema.json"]["properties"].keys() == keys
    assert found["import-record.schema.json"]["properties"].keys() == keys | {"body"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_documents_head_fits_the_schema_and_the_model(path: Path) -> None:
    header = DocumentFile.parse(path.read_bytes(), name=path.name).header
    schema = schemas()["document.schema.json"]
    values = json.loads(header.model_dump_json(exclude_defaults=True))
    assert FileHeader.model_validate(values) == header
    values.pop("measures", None)  # a schema of their own, tests/matching/test_samples.py
    assert_fits(values, schema, schema["$defs"])


def assert_fits(value: Any, schema: dict[str, Any], definitions: dict[str, Any]) -> None:
    """As much of JSON Schema's meaning as the head of a file uses."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
        assert_fits(value, schema, definitions)
        return
    if "enum" in schema:
        assert value in schema["enum"]
    match schema["type"]:
        case "object":
            assert isinstance(value, dict)
            assert value.keys() <= schema["properties"].keys()
            assert set(schema.get("required", [])) <= value.keys()
            for key, each in value.items():
                assert_fits(each, schema["properties"][key], definitions)
        case "array":
            assert isinstance(value, list)
            assert len(value) <= schema["maxItems"]
            for each in value:
                assert_fits(each, schema["items"], definitions)
        case "string":
            assert isinstance(value, str)
            assert schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
