"""A folder of segments (检索索引的文件夹): read without locks, written by one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from policylib.errors import BackendError
from policylib.search.segments.loading import FileStorage, columns, fields, formats, index
from policylib.search.segments.view import SegmentView, Snapshot
from policylib.search.segments.writing import KEY, Transaction, Writer

__all__ = ["Segments"]


class Segments:
    """A folder of segments. Reading is lock-free; writing takes Whoosh's lock file.

    ``KEY`` is the field that names a row; writing a row deletes older rows with the same key.
    """

    KEY = KEY

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))
        self._views: dict[str, SegmentView] = {}
        self._snapshot: Snapshot | None = None

    @classmethod
    def create(cls, folder: Path, *, terms: Iterable[str], columns_: Iterable[str]) -> Segments:
        """An empty index in ``folder``, which must exist and be private."""
        schema = fields.Schema()
        for name in (cls.KEY, *terms):
            schema.add(name, _TermField())
        for name in columns_:
            schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
        index.FileIndex.create(FileStorage(str(folder)), schema, "policy")
        return cls(folder)

    def read(self) -> Snapshot:
        """The newest generation; cheap when nothing has changed.

        Raises:
            BackendError: the files are missing or damaged.

        """
        last: Exception | None = None
        for _ in range(10):
            try:
                generation = index.TOC._latest_generation(self._storage, "policy")
                if self._snapshot and self._snapshot.generation == generation:
                    return self._snapshot
                toc = index.TOC.read(self._storage, "policy", generation)
                views = {
                    s.segid: self._views.get(s.segid) or SegmentView(self._storage, toc.schema, s)
                    for s in toc.segments
                }
            except (OSError, EOFError) as error:  # a writer has just removed what we were opening
                last = error
                continue
            except Exception as error:
                raise BackendError(f"检索索引已损坏（{type(error).__name__}）") from error
            self._views = views
            self._snapshot = Snapshot(
                generation,
                tuple(self._views.values()),
                tuple(frozenset(s.deleted_docs()) for s in toc.segments),
            )
            return self._snapshot
        raise BackendError(f"检索索引无法读取（{type(last).__name__}）") from last

    def writer(self, *, timeout: float) -> Transaction | None:
        """Begin writing; ``None`` when another writer kept the lock for ``timeout`` seconds."""
        ix = index.FileIndex(self._storage, indexname="policy")
        try:
            return Transaction(Writer(ix, timeout))
        except index.LockError:
            return None


class _TermField(fields.FieldType):
    """A field whose terms and impacts come ready-made."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.scorable = False
        self.stored = False
        self.unique = False
        self.vector = None
        self.column_type = None
        self.multitoken_query = "default"
        self.analyzer = None

    def to_bytes(self, value: Any) -> Any:
        return value

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__
