"""Where a library lives (库的位置): a folder, or the address of a database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

from policylib.store.head import sqlite_path, sqlite_url

__all__ = ["Address"]


@dataclass(frozen=True, slots=True)
class Address:
    """The database's URL and the private folder of the search index."""

    url: str
    index: Path

    @classmethod
    def of(cls, where: str | PathLike[str], index: str | PathLike[str] | None = None) -> Address:
        """Read a folder or a URL.

        A folder holds the embedded library (``library.db``) and its index (``index/``); beside a
        file of another name lies ``NAME.index``. The index of a database server lies in ``index``,
        by default in the user's cache folder.
        """
        text = fspath(where)
        if "://" not in text:
            folder = Path(text).expanduser().absolute()
            if folder.is_file():
                return cls.of(sqlite_url(folder), index)
            return cls(sqlite_url(folder / "library.db"), Path(index or folder / "index"))
        path = sqlite_path(text)
        if index is not None:
            return cls(text, Path(index))
        if path is not None:
            name = "index" if path.name == "library.db" else f"{path.name}.index"
            return cls(text, path.parent / name)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        return cls(text, Path.home() / ".cache" / "policylib" / name)

    @property
    def beside(self) -> Path:
        """The folder for what lies beside the library; of a database server that of its index."""
        path = sqlite_path(self.url)
        return path.parent if path else self.index

    def file_identity(self) -> tuple[int, int] | None:
        """Which file the library is now; ``None`` for a database server or when there is none."""
        path = sqlite_path(self.url)
        try:
            found = path.stat() if path else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None
