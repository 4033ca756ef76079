"""Results of a batch as a file (匹配结果文件): CSV, JSONL or Parquet, private and new."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

from policylib import disk
from policylib.errors import ParseError
from policylib.files.profiles import arrow

__all__ = ["ResultWriter", "usable"]

_COLUMNS = ("profile", "document", "measure", "answer")


_EXISTS = "结果文件“{}”已经存在，请换一个名称"


def usable(path: Path) -> None:
    """Look at where results are to go, before anything is worked out.

    Raises:
        ParseError: another kind of file, it exists, or there is no such folder.

    """
    if path.suffix.lower() not in (".csv", ".jsonl", ".parquet"):
        raise ParseError(f"结果“{path.name}”应写成 .csv、.jsonl 或 .parquet 文件")
    if path.exists():
        raise ParseError(_EXISTS.format(path.name))
    if not path.parent.is_dir():
        raise ParseError(f"没有文件夹“{path.parent.name}”，请先新建文件夹或检查路径")


class ResultWriter:
    """Writes the results of a batch to a new private file: counts, or a row for each match.

    Without a path nothing is written. A context manager; after an error there is no file.

    Raises:
        ParseError: another kind of file, or it exists.

    """

    def __init__(self, path: Path | None, *, ids: bool) -> None:
        self._path, self._ids = path, ids
        self._kind = path.suffix.lower() if path else ""
        self._keys: Any = ()
        self._parquet: Any = None
        if path is None:
            return
        usable(path)
        if self._kind == ".parquet":
            self._pa, self._pq = arrow("pyarrow", path), arrow("pyarrow.parquet", path)
        try:
            self._raw = disk.new_file(path)
        except FileExistsError:
            raise ParseError(_EXISTS.format(path.name)) from None
        self._text = io.TextIOWrapper(
            self._raw,
            "utf-8-sig" if self._kind == ".csv" else "utf-8",
            newline="",
            write_through=False,
        )
        if self._kind == ".csv" and ids:
            csv.writer(self._text).writerow(_COLUMNS)

    def __enter__(self) -> ResultWriter:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._path is None:
            return
        if self._parquet is not None:
            self._parquet.close()
        elif self._kind == ".parquet" and kind is None and self._ids:
            self._table(self._keyed_schema()).close()
        if self._kind != ".parquet":
            self._text.flush()
        self._raw.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)

    def take(self, keys: Sequence[Any]) -> None:
        """The keys of the block that rows are going to be of."""
        words = [str(key) for key in keys]
        self._keys = self._pa.array(words) if self._kind == ".parquet" else words

    def put_rows(self, document: str, measure: str, answer: str, places: Any) -> None:
        """A row for each of the places in the block."""
        if self._kind == ".parquet":
            schema = self._keyed_schema()
            keys = self._keys.take(self._pa.array(places))
            zeros = self._pa.array(places * 0)
            same = [
                self._pa.DictionaryArray.from_arrays(zeros, [word])
                for word in (document, measure, answer)
            ]
            batch = self._pa.RecordBatch.from_arrays([keys, *same], schema=schema)
            self._table(schema).write_batch(batch)
            return
        keys = [self._keys[at] for at in places.tolist()]
        if self._kind == ".csv":
            rest = repeat((document, measure, answer))
            csv.writer(self._text).writerows(
                (key, *more) for key, more in zip(keys, rest, strict=False)
            )
            return
        more = json.dumps({"document": document, "measure": measure, "answer": answer},
                          ensure_ascii=False)[1:]  # fmt: skip
        self._text.writelines(
            f'{{"profile": {json.dumps(key, ensure_ascii=False)}, {more}\n' for key in keys
        )

    def put_counts(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """A row for each measure."""
        if self._path is None:
            return
        names = list(rows[0]) if rows else ["document", "measure", "title"]
        if self._kind == ".csv":
            writer = csv.DictWriter(self._text, names)
            writer.writeheader()
            writer.writerows(rows)
        elif self._kind == ".jsonl":
            self._text.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            table = self._pa.table({name: [row[name] for row in rows] for name in names})
            self._table(table.schema).write_table(table)

    def _keyed_schema(self) -> Any:
        word, same = self._pa.string(), self._pa.dictionary(self._pa.int32(), self._pa.string())
        return self._pa.schema([(name, word if name == "profile" else same) for name in _COLUMNS])

    def _table(self, schema: Any) -> Any:
        if self._parquet is None:
            self._parquet = self._pq.ParquetWriter(self._raw, schema, compression="zstd")
        return self._parquet
