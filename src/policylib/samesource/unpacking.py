"""Unpacking what a server packed (解压), never beyond a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from policylib.errors import ParseError

__all__ = ["Unpacker"]

_MEMBERS = 100
_GZIP = b"\x1f\x8b"


class Unpacker:
    """Unpacks gzip and deflate piece by piece (解压器).

    Raises:
        ParseError: the content is damaged, or longer than ``most`` bytes when unpacked.

    """

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._stream = zlib.decompressobj(47)  # a gzip or a zlib head
        self._begun = False
        self._members = 1

    @property
    def done(self) -> bool:
        """Whether the content has come to its end."""
        return self._stream.eof

    def more(self, data: bytes) -> Iterator[bytes]:
        """What the next packed bytes give."""
        while data:
            if self._stream.eof and not self._next(data):
                return
            try:
                out = self._stream.decompress(data, self._left + 1)
            except zlib.error:
                if self._begun:
                    raise ParseError("压缩内容已损坏") from None
                self._begun, self._stream = True, zlib.decompressobj(-15)  # deflate without a head
                continue
            self._begun = True
            self._left -= len(out)
            if self._left < 0:
                raise ParseError(f"压缩内容展开后超过上限{self._most}字节，已停止")
            data = self._stream.unconsumed_tail or self._stream.unused_data
            if out:
                yield out

    def _next(self, data: bytes) -> bool:
        """Go on to the next of several gzip members; other bytes after the end do not count."""
        self._members += 1
        if not data.startswith(_GZIP):
            return False
        if self._members > _MEMBERS:
            raise ParseError("压缩内容分段过多，已停止")
        self._stream = zlib.decompressobj(47)
        return True
