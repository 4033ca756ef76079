"""How the terms of a segment lie on disk: Whoosh's codec with flat posting lists."""

from __future__ import annotations

import functools
import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policylib.search.segments.loading import (
    ListMatcher,
    compound,
    index,
    reading,
    structfile,
    whoosh,
    whoosh3,
)

__all__ = ["WHOOSH_RELEASE", "Codec", "Postings"]

#: Part of the index stamp: another release may read another format.
WHOOSH_RELEASE = f"{whoosh.versionstring()} toc {index._CURRENT_TOC_VERSION}"

Postings = tuple[Any, bytes]  # document numbers (array of H or I), impacts
_EMPTY: Postings = (array("H"), b"")
_INFO = struct.Struct("<IQ")
#: How Whoosh's hash table keeps a field's number, a slot, and the sizes of key and value.
_NUMBER, _SLOT, _SIZES = struct.Struct("!H"), struct.Struct("!Iq"), struct.Struct("!ii")
_SLOT_SIZE = _SLOT.size


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


class Codec(whoosh3.W3Codec):
    """Whoosh's codec for columns, and ours for terms and postings."""

    length_stats = False

    def new_segment(self, _storage: Any, indexname: str) -> Any:
        """A segment that is read through a memory map."""
        return _Segment(self, indexname)

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """What writes terms and postings."""
        return _FieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> Any:
        """What reads them."""
        name = segment.make_filename(self.TERMS_EXT)
        return _TermsReader(
            self,
            storage.open_file(name),
            storage.file_length(name),
            segment.open_file(storage, self.POSTS_EXT),
        )
