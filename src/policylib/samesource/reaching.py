"""Where a manifest is read from (清单来源): a web server, a folder, or a zip file carried by hand."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from policylib.errors import NotFound, ParseError
from policylib.samesource.folders import take

__all__ = ["FileReach", "Got", "Reach"]


@dataclass(frozen=True, slots=True)
class Got:
    """What came: the bytes, ``None`` when they are the same as before; and the server's ETag."""

    data: bytes | None
    etag: str | None = None


class Reach(Protocol):
    """Reads the files of one manifest."""

    def get(self, name: str, *, most: int, etag: str | None = None) -> Got:
        """The file ``name``, at most ``most`` bytes; not again when it still has ``etag``.

        Raises:
            NotFound: there is no such file.
            BackendError: it cannot be had now.
            ParseError: it is larger than ``most``.

        """
        ...


@dataclass(frozen=True, slots=True)
class FileReach:
    """A manifest in a folder, or in a zip file with the folder's content."""

    where: Path

    def get(self, name: str, *, most: int, etag: str | None = None) -> Got:  # noqa: ARG002
        """See :class:`Reach`."""
        if self.where.is_dir():
            file = self.where / name
            data = take(file, most)
            if data is None and file.is_file():
                raise ParseError(f"“{name}”比清单写明的大，不读取")
        else:
            data = self._in_zip(name, most)
        if data is None:
            raise NotFound(f"“{self.where.name}”里没有“{name}”")
        return Got(data)

    def _in_zip(self, name: str, most: int) -> bytes | None:
        try:
            with zipfile.ZipFile(self.where) as archive:
                tops = [n for n in archive.namelist() if n.rpartition("/")[2] == "manifest.json"]
                top = min(tops, key=len).removesuffix("manifest.json") if tops else ""
                with archive.open(top + name) as stream:
                    data = stream.read(most + 1)
        except KeyError:
            return None
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
            found = f"读不出“{self.where.name}”，应为清单的文件夹或 zip 文件"
            raise NotFound(found) from error
        except Exception as error:  # zlib and lzma have errors of their own
            raise ParseError(f"“{self.where.name}”已损坏") from error
        if len(data) > most:
            raise ParseError(f"“{name}”比清单写明的大，不读取")
        return data
