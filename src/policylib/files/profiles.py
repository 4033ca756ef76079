"""Tables of profiles and of results (画像表): CSV and Parquet in, CSV, Parquet and JSONL out.

Rows are read block by block, so a table may be larger than memory. The one door to PyArrow, which
is loaded only for Parquet. Values of a table are never part of an error.
"""

from __future__ import annotations

import csv
import importlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from policylib.errors import ParseError

__all__ = ["read_blocks", "write_results"]

#: Columns that name a row and are no facts.
KEYS = ("编号", "id")
_COLUMNS = ("profile", "document", "measure", "answer")
_LONGEST = 1_000_000


def read_blocks(
    path: str | Path, *, size: int = 131_072
) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """A table block by block: the keys of the rows (编号, id, else their numbers), and its columns.

    A column is a list of texts from CSV; from Parquet a NumPy array, or codes with their words.

    Raises:
        ParseError: another kind of file, not readable, no header, rows of unequal length.

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
            if len(row) != len(names):
                raise ParseError(f"画像表“{path.name}”第{done + count + 1}行的列数与表头不同")
            for column, value in zip(columns, row, strict=True):
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
    parquet = _arrow("pyarrow.parquet", path)
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


def _arrow(name: str, path: Path) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ParseError(
            f"读写“{path.name}”需要 pyarrow，请安装 policylib[batch] 或改用 CSV"
        ) from None


def write_results(path: str | Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write results, one row a profile and measure: profile, document, measure, answer.

    Returns how many rows there were. A file that exists is refused.

    Raises:
        ParseError: another kind of file, or it exists.

    """
    path = Path(path)
    writers = {".csv": _write_csv, ".jsonl": _write_lines, ".parquet": _write_parquet}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ParseError(f"结果“{path.name}”应写成 .csv、.jsonl 或 .parquet 文件")
    if path.exists():
        raise ParseError(f"结果文件“{path.name}”已经存在，请换一个名称")
    return writer(path, rows)


def _write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("x", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, _COLUMNS)
        writer.writeheader()
        for count, row in enumerate(rows, 1):  # noqa: B007 - counted on
            writer.writerow({name: row[name] for name in _COLUMNS})
    return count


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("x", encoding="utf-8") as lines:
        for count, row in enumerate(rows, 1):  # noqa: B007 - counted on
            lines.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
    return count


def _write_parquet(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    arrow, parquet = _arrow("pyarrow", path), _arrow("pyarrow.parquet", path)
    count, kept = 0, []
    schema = arrow.schema([(name, arrow.string()) for name in _COLUMNS])
    with parquet.ParquetWriter(path, schema) as writer:
        for count, row in enumerate(rows, 1):  # noqa: B007 - counted on
            kept.append({name: str(row[name]) for name in _COLUMNS})
            if len(kept) >= _LONGEST // 4:
                writer.write_table(arrow.Table.from_pylist(kept, schema=schema))
                kept = []
        writer.write_table(arrow.Table.from_pylist(kept, schema=schema))
    return count
