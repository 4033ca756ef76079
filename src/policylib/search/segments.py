"""Postings and columns on disk: the one door to Whoosh.

Whoosh gives segments, the table of contents that makes a commit atomic, the write lock, the term
hash table and per-document columns. Its own posting lists cost several Python calls a posting, so
a codec of ours (Whoosh's extension point) keeps a posting list as two flat arrays: document
numbers and one-byte impacts. They are written, read and merged in bulk
(docs/decisions/0003-bulk-postings.md has the measurement).
"""

from __future__ import annotations

import functools
import struct
import sys
import types
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policylib.errors import BackendError


def _without(name: str, **names: Any) -> bool:
    """Stand in for module ``name`` while Whoosh is imported; whether that was needed."""
    if name in sys.modules:
        return False
    module = types.ModuleType(name)
    vars(module).update(names)
    sys.modules[name] = module
    return True


# Whoosh wants two names that it does not need here: cached_property from a package that loads all
# of asyncio, and urlretrieve, which loads http, ssl and email. Together they are a quarter of a
# command line search, so stand-ins take their places for the moment of the import.
_STANDINS = [
    name
    for name, needed in (
        ("cached_property", _without("cached_property", cached_property=functools.cached_property)),
        ("urllib.request", _without("urllib.request", urlretrieve=None)),
    )
    if needed
]

import whoosh  # noqa: E402
from whoosh import columns, fields, formats, index, reading, writing  # noqa: E402
from whoosh.codec import whoosh3  # noqa: E402
from whoosh.filedb import compound, structfile  # noqa: E402
from whoosh.filedb.filestore import FileStorage  # noqa: E402
from whoosh.matching import ListMatcher  # noqa: E402

for _name in _STANDINS:
    del sys.modules[_name]

__all__ = ["WHOOSH_RELEASE", "Postings", "Row", "SegmentView", "Segments", "Snapshot"]

#: Part of the index stamp: another release may read another format.
WHOOSH_RELEASE = f"{whoosh.versionstring()} toc {index._CURRENT_TOC_VERSION}"

#: Segments below so many documents are joined, with all smaller ones, when there are more than so
#: many of them: every look-up costs once a segment. Larger ones are joined only when there are more
#: than MAX_SEGMENTS in all, for to join takes memory with what is joined.
TIERS = ((200, 8), (2_000, 6))
MAX_SEGMENTS = 24

Postings = tuple[Any, bytes]  # document numbers (array of H or I), impacts
_EMPTY: Postings = (array("H"), b"")
_INFO = struct.Struct("<IQ")
#: How Whoosh's hash table keeps a field's number, a slot, and the sizes of key and value.
_NUMBER, _SLOT, _SIZES = struct.Struct("!H"), struct.Struct("!Iq"), struct.Struct("!ii")
_SLOT_SIZE = _SLOT.size


@dataclass(frozen=True, slots=True)
class Row:
    """One document to write: terms with impacts (1-255) by field, and column values."""

    key: str
    terms: Mapping[str, Mapping[bytes, int]]
    columns: Mapping[str, bytes]


class _Info(reading.TermInfo):
    """Where a term's postings lie."""

    def __init__(self, df: int, offset: int) -> None:
        super().__init__(weight=df, df=df)
        self.offset = offset

    def to_bytes(self) -> bytes:
        return _INFO.pack(self.doc_frequency(), self.offset)

    @classmethod
    def from_bytes(cls, data: bytes) -> _Info:
        return cls(*_INFO.unpack(data))


class _FieldWriter(whoosh3.W3FieldWriter):
    def add_postings(self, _schema: Any, _lengths: Any, groups: Iterable[Any]) -> None:
        """Write ``(field, term, ids, impacts)`` groups, which come sorted."""
        fieldmap, tindex, postfile = self._fieldmap, self._tindex, self._postfile
        for fieldname, term, ids, impacts in groups:
            number = fieldmap.setdefault(fieldname, len(fieldmap))
            offset = postfile.tell()
            if ids[-1] < 0x10000:
                ids = array("H", ids)  # noqa: PLW2901 - the narrow form of the same list
            if sys.byteorder == "big":
                ids.byteswap()
            postfile.write(ids.tobytes())
            postfile.write(bytes(impacts))
            info = _Info(len(impacts), offset)
            tindex.add(struct.pack("!H", number) + term, info.to_bytes() + bytes([ids.itemsize]))


@functools.lru_cache(maxsize=8_192)
def _hash(hashing: Callable[[bytes], int], key: bytes) -> int:
    """A term is looked up in every segment, but hashed once."""
    return hashing(key)


class _TermsReader(whoosh3.W3TermsReader):
    def __init__(self, codec: Any, dbfile: Any, length: int, postfile: Any) -> None:
        super().__init__(codec, dbfile, length, postfile)
        self._numbers = {name: _NUMBER.pack(number) for name, number in self._fieldmap.items()}
        self._whole = dbfile.whole if isinstance(dbfile, _View) else None

    def postings(self, fieldname: str, term: bytes) -> Postings:
        value = self._value(fieldname, term)
        return _EMPTY if value is None else self._read(value)

    def df(self, fieldname: str, term: bytes) -> int:
        value = self._value(fieldname, term)
        return 0 if value is None else int(_INFO.unpack_from(value)[0])

    def _value(self, fieldname: str, term: bytes) -> bytes | None:
        """What is kept of a term; Whoosh's own look-up, without its call for every few bytes."""
        if (number := self._numbers.get(fieldname)) is None:
            return None
        key, tindex, buffer = number + term, self._tindex, self._whole
        if buffer is None:
            found: bytes | None = tindex.get(key)
            return found
        hashed = _hash(tindex.hashfn, key)
        start, slots = tindex.tables[hashed & 255]
        place = (hashed >> 8) % slots if slots else 0
        for _ in range(slots):
            there, at = _SLOT.unpack_from(buffer, start + place * _SLOT_SIZE)
            if not at:
                return None
            if there == hashed:
                key_size, size = _SIZES.unpack_from(buffer, at)
                at += _SIZES.size
                if key_size == len(key) and buffer[at : at + key_size] == key:
                    return bytes(buffer[at + key_size : at + key_size + size])
            place = place + 1 if place + 1 < slots else 0
        return None

    def groups(self) -> Iterator[tuple[str, bytes, Any, bytes]]:
        for key, value in self._tindex.items():
            fieldname, term = self._keydecoder(key)
            yield (fieldname, term, *self._read(value))

    def _read(self, value: bytes) -> Postings:
        df, offset = _INFO.unpack_from(value)
        ids = array("H" if value[_INFO.size] == 2 else "I")
        size = df * ids.itemsize
        ids.frombytes(self._postfile.get(offset, size))
        if sys.byteorder == "big":
            ids.byteswap()
        return ids, bytes(self._postfile.get(offset + size, df))

    def term_info(self, fieldname: str, term: bytes) -> _Info:
        try:
            return _Info.from_bytes(self._tindex[self._keycoder(fieldname, term)][: _INFO.size])
        except KeyError:
            raise reading.TermNotFound(f"No term {fieldname}:{term!r}") from None

    def matcher(self, fieldname: str, term: bytes, _format: Any, scorer: Any = None) -> Any:
        ids, impacts = self.postings(fieldname, term)
        return ListMatcher(list(ids), list(impacts), scorer=scorer, term=(fieldname, term))


class _Cursor:
    """Reads a buffer from a place on, without copying the whole of it as BytesIO does."""

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._buffer) if size < 0 else self._at + size
        found = bytes(self._buffer[self._at : end])
        self._at += len(found)
        return found

    def readline(self) -> bytes:
        rest = bytes(self._buffer[self._at : self._at + 4096])
        return self.read(rest.find(b"\n") + 1 or len(rest))

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, len(self._buffer))[whence]
        return self._at

    def tell(self) -> int:
        return self._at


class _View(structfile.BufferFile):
    """A part of a memory map as Whoosh's kind of file; the bytes stay on disk until read."""

    def __init__(self, buffer: memoryview, name: str) -> None:
        self._buf, self._name, self.file = buffer, name, _Cursor(buffer)
        self.onclose, self.is_real, self.is_closed = None, False, False

    @property
    def whole(self) -> memoryview:
        """All its bytes, where a look-up need not ask for a few at a time."""
        return self._buf

    def subset(self, position: int, length: int, name: str | None = None) -> _View:
        return _View(self._buf[position : position + length], name or self._name)


class _Compound(compound.CompoundStorage):
    def open_file(self, name: str, *_args: Any, **_kwargs: Any) -> Any:
        if not self._source:
            return super().open_file(name)
        offset, length = self.range(name)
        return _View(memoryview(self._source)[offset : offset + length], name)


class _Segment(whoosh3.W3Segment):
    def open_compound_file(self, storage: Any) -> Any:
        file = storage.open_file(self.make_filename(self.COMPOUND_EXT))
        return _Compound(file, use_mmap=storage.supports_mmap)


class _Codec(whoosh3.W3Codec):
    length_stats = False

    def new_segment(self, _storage: Any, indexname: str) -> Any:
        return _Segment(self, indexname)

    def field_writer(self, storage: Any, segment: Any) -> Any:
        return _FieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> Any:
        name = segment.make_filename(self.TERMS_EXT)
        return _TermsReader(
            self,
            storage.open_file(name),
            storage.file_length(name),
            segment.open_file(storage, self.POSTS_EXT),
        )


class _Pool:
    """Postings of the segment being written: field, term -> growing arrays."""

    def __init__(self) -> None:
        self.terms: dict[str, dict[bytes, tuple[Any, bytearray]]] = {}

    def extend(self, fieldname: str, term: bytes, ids: Iterable[int], impacts: bytes) -> None:
        bucket = self.terms.setdefault(fieldname, {})
        if (found := bucket.get(term)) is None:
            found = bucket[term] = (array("I"), bytearray())
        found[0].extend(ids)
        found[1].extend(impacts)

    def iter_postings(self) -> Iterator[tuple[str, bytes, Any, bytearray]]:
        for fieldname in sorted(self.terms):
            bucket = self.terms[fieldname]
            for term in sorted(bucket):
                yield (fieldname, term, *bucket[term])

    def cleanup(self) -> None:
        self.terms = {}


class _Writer(writing.SegmentWriter):
    """Whoosh's segment writer with our pool; joining segments moves whole posting lists."""

    def __init__(self, ix: Any, timeout: float) -> None:
        super().__init__(ix, timeout=timeout, codec=_Codec())
        self.pool = _Pool()

    def add_row(self, row: Row) -> None:
        doc, out, schema = self.docnum, self.perdocwriter, self.schema
        out.start_doc(doc)
        for fieldname, terms in row.terms.items():
            bucket = self.pool.terms.setdefault(fieldname, {})
            get = bucket.get
            for term, impact in terms.items():
                found = get(term)
                if found is None:
                    found = bucket[term] = (array("I"), bytearray())
                found[0].append(doc)
                found[1].append(impact)
        for name, value in row.columns.items():
            out.add_column_value(name, schema[name].column_type, value)
        out.finish_doc()
        self._added = True
        self.docnum += 1

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Any) -> None:
        for fieldname, term, ids, impacts in reader._terms.groups():
            if docmap is None:
                self.pool.extend(fieldname, term, [startdoc + doc for doc in ids], impacts)
                continue
            kept = [
                (docmap[doc], impact)
                for doc, impact in zip(ids, impacts, strict=True)
                if doc in docmap
            ]
            if kept:
                new, weights = zip(*kept, strict=True)
                self.pool.extend(fieldname, term, new, bytes(weights))


def _join_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge policy: join the small segments when there are many, never touch one large segment."""
    small: list[Any] = []
    for size, most in TIERS:
        below = [s for s in segments if s.doc_count_all() - s.deleted_count() < size]
        small = below if len(below) > most else small
    if len(segments) - len(small) >= MAX_SEGMENTS:
        by_size = sorted(segments, key=lambda s: s.doc_count_all())
        small = by_size[: len(segments) // 2]
    for segment in small:
        reader = reading.SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [s for s in segments if s not in small]


class SegmentView:
    """One segment opened for reading: posting lists and columns by document number."""

    def __init__(self, storage: Any, schema: Any, segment: Any) -> None:
        self._reader = reading.SegmentReader(storage, schema, segment)
        self._schema = schema
        self._columns: dict[str, Any] = {}
        self.name: str = segment.segid
        self.size: int = segment.doc_count_all()

    def postings(self, fieldname: str, term: bytes) -> Postings:
        """Document numbers in rising order and their impacts; both empty for an unknown term."""
        found: Postings = self._reader._terms.postings(fieldname, term)
        return found

    def frequency(self, fieldname: str, term: bytes) -> int:
        """In how many documents the term occurs."""
        count: int = self._reader._terms.df(fieldname, term)
        return count

    def terms(self, fieldname: str, prefix: bytes) -> Iterator[tuple[bytes, Any]]:
        """Terms that begin with ``prefix``, each with its document numbers."""
        terms = self._reader._terms
        for name, term in terms.terms_from(fieldname, prefix):
            if name != fieldname or not term.startswith(prefix):
                return
            yield term, terms.postings(fieldname, term)[0]

    def column(self, name: str) -> Any:
        """A sequence of bytes by document number."""
        if name not in self._columns:
            self._columns[name] = self._reader.column_reader(name, self._schema[name].column_type)
        return self._columns[name]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index at one generation: views and, for each, the numbers that are deleted."""

    generation: int
    views: tuple[SegmentView, ...]
    deleted: tuple[frozenset[int], ...]


class Segments:
    """A folder of segments. Reading is lock-free; writing takes Whoosh's lock file.

    ``keys`` is the field that names a row; writing a row deletes older rows with the same key.
    """

    KEY = "key"

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
            return Transaction(_Writer(ix, timeout))
        except index.LockError:
            return None


class Transaction:
    """Rows added and deleted together; nothing is seen before :meth:`commit`."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._rows: dict[str, int] = {}
        self._gone: set[str] = set()

    def put(self, row: Row) -> None:
        """Add ``row`` in place of any older row with its key."""
        if (older := self._rows.get(row.key)) is not None:
            self._writer.newsegment.delete_document(older)
        self._rows[row.key] = self._writer.docnum
        self._writer.add_row(
            Row(row.key, {**row.terms, Segments.KEY: {row.key.encode(): 1}}, row.columns)
        )
        self._gone.add(row.key)

    def delete(self, key: str) -> None:
        """Remove the row named ``key``, if there is one."""
        self._gone.add(key)

    def commit(self) -> None:
        """Make it all visible at once."""
        writer = self._writer
        for segment in writer.segments:
            if not self._gone:
                break
            reader = _terms_of(writer.storage, segment)
            for key in self._gone:
                for doc in reader.postings(Segments.KEY, key.encode())[0]:
                    segment.delete_document(doc)
            reader.close()
        writer.commit(mergetype=_join_small)

    def cancel(self) -> None:
        """Forget it all."""
        self._writer.cancel()


def _terms_of(storage: Any, segment: Any) -> Any:
    """The terms of a segment, without opening its columns."""
    files = segment.open_compound_file(storage) if segment.is_compound() else storage
    return segment.codec().terms_reader(files, segment)


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
