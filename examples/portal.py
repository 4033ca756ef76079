"""A small public portal around a :class:`policylib.Library`, as a FastAPI backend.

Run it with several processes over one library::

    POLICYLIB_LIBRARY=mylibrary uvicorn --factory examples.portal:app --workers 4

The public sees released documents only. A draft is answered exactly as a document that does not
exist, and no answer carries what staff see: stages, versions, notes, names of officers.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.exceptions import HTTPException

from policylib import (
    BackendError,
    Document,
    Header,
    Hit,
    Library,
    NotFound,
    ParseError,
    RelationKind,
    Validity,
)
from policylib.text.markdown import to_html

__all__ = ["app", "make_app"]

_log = logging.getLogger(__name__)

_NOT_FOUND = "没有这份公开文件，请核对网址，或用检索查找"
_UNAVAILABLE = "文件库暂时无法使用，请稍后重试"


def _iso_day(value: object) -> object:
    """Only 2026-01-01 is a day in an address; a bare number is not."""
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_iso_day)]


class Search(BaseModel):
    """What may be asked; anything else in the address is refused, ``staff`` among it."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field("", title="检索词")
    issuers: list[str] = Field([], title="发布机构", max_length=20)
    type: list[str] = Field([], title="文件类型", max_length=20)
    kind: list[str] = Field([], title="公文种类", max_length=20)
    form: list[str] = Field([], title="文件形式", max_length=20)
    themes: list[str] = Field([], title="主题分类", max_length=20)
    tags: list[str] = Field([], title="标签", max_length=20)
    audience: list[str] = Field([], title="服务对象", max_length=20)
    validity: list[Validity] = Field([], title="时效性", max_length=20)
    released_from: Day | None = Field(None, title="发布日期起")
    released_to: Day | None = Field(None, title="发布日期止")
    on: Day | None = Field(None, title="时效性按该日计算")
    facets: list[str] = Field([], title="统计", max_length=20)
    sort: str = Field("relevance", title="排序")
    limit: int = Field(10, title="每页条数", ge=0, le=100)
    offset: int = Field(0, title="起始位置", ge=0)


class Found(BaseModel):
    """One document found; ``snippet`` is safe HTML with the matches in ``<mark>``."""

    id: str
    title: str
    doc_number: str | None
    type: str | None
    issuers: tuple[str, ...]
    released_on: str | None
    validity: str
    snippet: str
    provision: str | None

    @classmethod
    def of(cls, hit: Hit) -> Found:
        """What the public sees of a hit."""
        names = cls.model_fields.keys() - {"snippet"}
        return cls(
            snippet=hit.snippet_html(), **{name: getattr(hit, name) for name in sorted(names)}
        )


class Page(BaseModel):
    """One page of results."""

    total: int
    hits: list[Found]
    facets: Mapping[str, Mapping[str, int]]
    notice: str | None


class Related(BaseModel):
    """A relation of the document shown with another public document."""

    kind: RelationKind
    direction: str = Field(title="方向", description="“本文件对该文件”或“该文件对本文件”")
    id: str
    title: str
    provision: str | None
    effective_on: date | None


class Shown(BaseModel):
    """A public document: its header, its validity and its text on a day."""

    id: str
    header: Header
    on: date
    validity: Validity
    notice: str | None = Field(title="提示", description="转载的来源可能不是最新")
    html: str = Field(title="正文", description="安全的 HTML")
    relations: list[Related]


class Health(BaseModel):
    """How the portal stands: equal positions mean that the index is up to date."""

    documents: int = Field(title="公开文件数")
    journal: int = Field(title="办理日志位置")
    index: int = Field(title="索引位置")


class Problem(BaseModel):
    """Why a request was not answered."""

    error: str


_ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem},
    422: {"model": Problem},
    503: {"model": Problem},
}


def make_app(where: str | os.PathLike[str]) -> FastAPI:
    """A portal over the library at ``where``; the library is opened when the app starts."""

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        with Library.open(where) as library:
            running.state.library = library
            yield

    portal = FastAPI(title="政策文件库", lifespan=lifespan, responses=_ERRORS)
    _answer_errors(portal)

    # The endpoints are plain functions: FastAPI runs them in its thread pool, and one Library
    # serves all threads.

    @portal.get("/search")
    def search(request: Request, asked: Annotated[Search, Query()]) -> Page:
        """Find public documents (检索)."""
        found = _library(request).search(**asked.model_dump())
        return Page(
            total=found.total,
            hits=[Found.of(hit) for hit in found.hits],
            facets=found.facets,
            notice=found.notice,
        )

    @portal.get("/documents/{id:path}")
    def document(request: Request, id: str, on: Day | None = None) -> Shown:
        """One public document with the text in force on a day (今日 by default)."""
        library = _library(request)
        shown = library.public_document(id)
        day = on or date.today()  # noqa: DTZ011 - the portal's own day
        return Shown(
            id=shown.id,
            header=_header(shown),
            on=day,
            validity=library.validity(id, on=day),
            notice=library.repost_notice(id),
            html=to_html(library.edition(id, on=day).body),
            relations=_related(library, shown),
        )

    @portal.get("/health")
    def health(request: Request) -> Health:
        """How the portal stands; drafts are not counted."""
        library = _library(request)
        standing = library.health()
        public = library.search(limit=0).total
        return Health(documents=public, journal=standing["journal"], index=standing["index"])

    return portal


def app() -> FastAPI:
    """The portal over the library that ``POLICYLIB_LIBRARY`` names, for ``uvicorn --factory``."""
    where = os.environ.get("POLICYLIB_LIBRARY")
    if not where:
        raise RuntimeError("请用环境变量 POLICYLIB_LIBRARY 指明文件库")
    return make_app(where)


def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library


def _header(document: Document) -> Header:
    """The document without what is for staff only (办理阶段, 版本号)."""
    values = {name: getattr(document, name) for name in Header.model_fields}
    return Header.model_construct(**values)


def _related(library: Library, document: Document) -> list[Related]:
    """The relations whose other end is a public document of the library, with its title."""
    found = []
    for relation in library.public_relations(document.id):
        name = relation.object_id if relation.subject_id == document.id else relation.subject_id
        if name is None or name == document.id:
            continue
        other = library.public_document(name)
        forth = relation.subject_id == document.id
        found.append(
            Related(
                kind=relation.kind,
                direction="本文件对该文件" if forth else "该文件对本文件",
                id=other.id,
                title=other.title,
                provision=relation.provision,
                effective_on=relation.effective_on,
            )
        )
    return found


def _answer_errors(portal: FastAPI) -> None:
    """Errors as Chinese JSON. What went wrong inside is logged, never sent."""

    @portal.exception_handler(ParseError)
    def parse_error(_: Request, error: ParseError) -> JSONResponse:
        return _problem(422, str(error))

    @portal.exception_handler(RequestValidationError)
    def validation_error(_: Request, error: RequestValidationError) -> JSONResponse:
        names = dict.fromkeys(str(each["loc"][-1]) for each in error.errors())
        return _problem(422, f"请求的参数不正确：{'、'.join(names)}")

    @portal.exception_handler(NotFound)
    def not_found(request: Request, error: NotFound) -> JSONResponse:
        if "id" in request.path_params:
            return _problem(404, _NOT_FOUND)
        return unavailable(error)  # no document was asked for: the library itself is gone

    @portal.exception_handler(BackendError)
    def backend_error(_: Request, error: BackendError) -> JSONResponse:
        return unavailable(error)

    def unavailable(error: Exception) -> JSONResponse:
        _log.error("文件库无法使用", exc_info=error)
        return _problem(503, _UNAVAILABLE)

    @portal.exception_handler(HTTPException)
    def http_error(_: Request, error: HTTPException) -> JSONResponse:
        words = {404: "没有这个网址", 405: "这个网址不接受该方法"}
        return _problem(error.status_code, words.get(error.status_code, "请求无法处理"))


def _problem(status: int, words: str) -> JSONResponse:
    return JSONResponse(Problem(error=words).model_dump(), status_code=status)
