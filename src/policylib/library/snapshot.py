"""Another library as it is now, verified, to be read at leisure (另一库的快照)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from os import PathLike
from pathlib import Path

from policylib.errors import BackendError, NotFound, Refused
from policylib.library.address import Address
from policylib.store.backup import restore
from policylib.store.head import sqlite_path, sqlite_url
from policylib.store.sql import SqlStore

__all__ = ["snapshot"]


@contextmanager
def snapshot(where: str | PathLike[str], *, besides: Address) -> Iterator[tuple[str, SqlStore]]:
    """A library's name and a store that reads it; of an SQLite library a copy, gone at the end.

    Raises:
        NotFound: there is none at ``where``.
        Refused: it is the one ``besides``, or its journal or state does not verify.

    """
    address = Address.of(where)
    path = sqlite_path(address.url)
    if address.url == besides.url or _same(path, sqlite_path(besides.url)):
        raise Refused("要并入的就是本库，请写另一个文件库的位置")
    if path is None:
        with closing(SqlStore.open(address.url)) as store:
            _demand_sound(store)
            yield address.url.rpartition("/")[2].partition("?")[0] or "文件库", store
        return
    if not path.is_file():
        raise NotFound(f"“{path.parent}”里没有文件库，请核对路径")
    name = path.parent.name if path.name == "library.db" else path.name
    with tempfile.TemporaryDirectory(prefix="policylib-") as folder:
        copy = sqlite_url(Path(folder) / "library.db")
        try:
            restore(path, copy)
        except BackendError as error:
            raise Refused(f"要并入的文件库不完整，没有合并：{error}") from error
        with closing(SqlStore.open(copy)) as store:
            yield name, store


def _same(one: Path | None, other: Path | None) -> bool:
    return bool(one and other and one.exists() and other.exists() and one.samefile(other))


def _demand_sound(store: SqlStore) -> None:
    if problems := store.verify():
        raise Refused(f"要并入的文件库核验未通过，没有合并：{'；'.join(problems[:3])}")
