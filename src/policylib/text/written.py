"""The base of every value with one written form: parse, str, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

__all__ = ["Written"]


class Written:
    """A value that people write in one official way (有固定书写形式的值).

    A subclass is a frozen dataclass with a classmethod :meth:`parse`, which takes what people
    really write, and a ``__str__``, which gives the official form. In pydantic models it reads
    from a string and is written as one, in JSON and in JSON Schema alike. pydantic is imported
    only when a model asks.
    """

    __slots__ = ()
    #: Title and description of the value in JSON Schema, in Chinese.
    schema_title: ClassVar[str] = ""
    schema_description: ClassVar[str] = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``text``; raise :class:`~policylib.errors.ParseError` with a Chinese reason."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415 - the text layer stays light

        def read(value: Any) -> Any:
            if isinstance(value, cls):
                return value
            if isinstance(value, str):
                return cls.parse(value)
            raise ValueError("应为文字")

        return core_schema.no_info_plain_validator_function(
            read,
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string"}
        if cls.schema_title:
            schema["title"] = cls.schema_title
        if cls.schema_description:
            schema["description"] = cls.schema_description
        return schema
