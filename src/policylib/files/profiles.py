"""Profiles as files (画像表): CSV and Parquet tables, and a JSON file of one profile.

Rows are read block by block, so a table may be larger than memory. The one door to PyArrow, which
is loaded only for Parquet. Values of a table are never part of an error.
"""

from __future__ import annotations

import csv
import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from policylib.errors import NotFound, ParseError

__all__ = ["BROKEN", "arrow", "count_rows", "read_blocks", "read_profile_file", "read_profiles"]

#: Columns that name a row and are no facts.
KEYS = ("编号", "id")
#: Stands in every cell of a row whose length is not that of the first one.
BROKEN: Any = (...,)
_LARGEST = 10_000_000  # bytes of one profile


def read_blocks(
    path: str | Path, *, size: int = 131_072
) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """A table block by block: the keys of the rows (编号, id, else their numbers), and its columns.

    A column is a list of texts from CSV; from Parquet a NumPy array, or codes with their words. The
    cells of a row of another length are :data:`BROKEN`, which no fact can be.

    Raises:
        ParseError: another kind of file, not readable, no header.

    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _csv_blocks(path, size)
    if suffix == ".parquet":
        return _parquet_blocks(path, size)
    raise ParseError(f"画像表“{path.name}”应为 .csv 或 .parquet 文件")


def _csv_blocks(path: Path, size: int) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from _csv_rows(csv.reader(lines), path, size)
    except OSError:
        raise ParseError(f"画像表“{path.name}”读不出来，请核对路径和权限") from None
    except (UnicodeDecodeError, csv.Error):
        raise ParseError(f"画像表“{path.name}”不是 UTF-8 编码的 CSV，请另存后重试") from None


def _csv_rows(
    rows: Iterator[list[str]], path: Path, size: int
) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    names = [name.strip() for name in next(rows, [])]
    if not names or len(set(names)) < len(names) or "" in names:
        raise ParseError(f"画像表“{path.name}”的第一行应为各列的名称，不能空白或重复")
    done = 0
    while True:
        columns: list[list[Any]] = [[] for _ in names]
        count = 0
        for count, row in enumerate(rows, 1):
            cells = row if len(row) == len(names) else [BROKEN] * len(names)
            for column, value in zip(columns, cells, strict=True):
                column.append(value or None)
            if count == size:
                break
        if not count:
            return
        yield _keyed(dict(zip(names, columns, strict=True)), done, count)
        done += count


def _keyed(columns: dict[str, Any], done: int, count: int) -> tuple[list[Any], dict[str, Any]]:
    keys = next((columns.pop(name) for name in KEYS if name in columns), None)
    return (list(range(done + 1, done + count + 1)) if keys is None else keys), columns


def _parquet_blocks(path: Path, size: int) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    parquet = arrow("pyarrow.parquet", path)
    try:
        table = parquet.ParquetFile(path)
    except (OSError, ValueError):
        raise ParseError(f"画像表“{path.name}”不是可读的 Parquet 文件") from None
    done = 0
    with table:
        for batch in table.iter_batches(batch_size=size):
            columns: dict[str, Any] = {}
            keys = None
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                if name in KEYS and keys is None:
                    keys = column.to_pylist()
                else:
                    columns[name] = _plain(column)
            found = range(done + 1, done + len(batch) + 1) if keys is None else keys
            yield list(found), columns
            done += len(batch)


def _plain(column: Any) -> Any:
    """A column as NumPy understands it: numbers with NaN, days with NaT, codes with words."""
    kind = str(column.type)
    if kind.startswith(("int", "uint", "float", "double", "half")):
        return column.to_numpy(zero_copy_only=False).astype("float64")
    if kind == "bool":
        return column.cast("int8").to_numpy(zero_copy_only=False).astype("float64")
    if kind.startswith(("date", "timestamp")):
        return column.cast("date32").to_numpy(zero_copy_only=False).astype("datetime64[D]")
    if kind in ("string", "large_string", "string_view") or kind.startswith("dictionary"):
        coded = column if kind.startswith("dictionary") else column.dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return codes.astype("int32"), coded.dictionary.to_pylist()
    return column.to_pylist()


def arrow(name: str, path: Path) -> Any:
    """A module of PyArrow, or how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ParseError(
            f"读写“{path.name}”需要 pyarrow，请安装 policylib[batch] 或改用 CSV"
        ) from None


def count_rows(path: str | Path) -> int | None:
    """How many rows a table has, for a progress bar; ``None`` when that is not cheap to tell."""
    path = Path(path)
    try:
        if path.suffix.lower() == ".parquet":
            return int(arrow("pyarrow.parquet", path).ParquetFile(path).metadata.num_rows)
        with path.open("rb") as lines:
            return max(
                0, sum(part.count(b"\n") for part in iter(lambda: lines.read(1 << 20), b"")) - 1
            )
    except (OSError, ValueError, ParseError):
        return None


def read_profile_file(path: str | Path) -> str:
    """The JSON text of one profile.

    Raises:
        NotFound: there is no such file.
        ParseError: too large for one profile, or no text; nothing of it is repeated.

    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(f"找不到画像文件“{path.name}”，请检查路径") from None
    except OSError:
        raise ParseError(f"画像文件“{path.name}”读不出来，请核对路径和权限") from None
    if len(data) > _LARGEST:
        raise ParseError(
            f"画像文件“{path.name}”超过 {_LARGEST // 1_000_000} MB，不像是一个画像；"
            "许多画像请写成 CSV 或 Parquet 表，用 match-batch 匹配"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ParseError(f"画像文件“{path.name}”不是 UTF-8 编码，请另存后重试") from None


def read_profiles(
    path: str | Path, subject: str, *, known: Callable[[str], bool] = bool
) -> Iterator[tuple[Any, Any]]:
    """Profiles one by one with their keys: a row of a table, a line of JSONL, an item of JSON.

    A line is ``{"id": …, "subject": …, "facts": {…}}``; a row is a profile of ``subject`` with the
    columns whose names are ``known``. What is no profile comes out as it is, to be refused by
    whoever judges it.

    Raises:
        ParseError: another kind of file, or it cannot be read; nothing of it is repeated.

    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        yield from _items(path)
    elif suffix in (".jsonl", ".ndjson"):
        yield from _profile_lines(path)
    else:
        for keys, columns in read_blocks(path, size=4_096):
            kept = {name: _cells(values) for name, values in columns.items() if known(name)}
            for at, key in enumerate(keys):
                facts = {name: cells[at] for name, cells in kept.items()}
                yield key, {"subject": subject, "facts": facts}


def _items(path: Path) -> Iterator[tuple[Any, Any]]:
    try:
        found = json.loads(read_profile_file(path))
    except (ValueError, RecursionError):
        raise ParseError(f"画像文件“{path.name}”不是正确的 JSON，请检查括号、引号和逗号") from None
    for at, each in enumerate(found if isinstance(found, list) else [found], 1):
        yield _named(each, at)


def _profile_lines(path: Path) -> Iterator[tuple[Any, Any]]:
    try:
        with path.open("rb") as stream:
            at = 0
            while line := stream.readline(_LARGEST + 1):
                at += 1
                if len(line) > _LARGEST:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(_LARGEST)
                    yield at, None
                elif line.strip():
                    try:
                        yield _named(json.loads(line.decode("utf-8-sig")), at)
                    except (ValueError, RecursionError):
                        yield at, None
    except OSError:
        raise ParseError(f"画像文件“{path.name}”读不出来，请核对路径和权限") from None


def _named(found: Any, at: int) -> tuple[Any, Any]:
    if not isinstance(found, dict):
        return at, None
    key = next((found.pop(name) for name in KEYS if name in found), at)
    return key, found


def _cells(values: Any) -> list[Any]:
    """A column as values that a profile may have."""
    if isinstance(values, list):
        return values
    if isinstance(values, tuple):
        words = [*values[1], None]
        return [words[code] for code in values[0].tolist()]
    if values.dtype.kind == "M":
        return [None if str(each) == "NaT" else str(each) for each in values]
    return [_number(each) for each in values.tolist()]


def _number(value: float) -> Any:
    if value != value:  # noqa: PLR0124 - NaN
        return None
    return int(value) if value.is_integer() else value
