"""What has been pushed (推送台账): keyed digests, and runs whose output is there whole or not at all.

An SQLite file of its own, beside the library: it belongs to the machine that sends, and neither the
journal nor a backup of the library must hold it. A run writes its output under another name. Then
one transaction keeps the digests of its messages and says that the output is ready; only then does
the output get its name. Whatever breaks off before that transaction has told nobody anything;
whatever breaks off after it is finished by the next run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from policylib import disk
from policylib.errors import BackendError

__all__ = ["Outbox", "Run"]

_WAIT = 30
_ASKED = 500  # digests looked up at once
_CACHE = 65_536  # KiB
_MEMORY = Path(":memory:")
_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, since TEXT NOT NULL, on_day TEXT NOT NULL,
    part BLOB NOT NULL, goal BLOB NOT NULL, state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS told (digest BLOB PRIMARY KEY, run INTEGER NOT NULL) WITHOUT ROWID;
"""
_WRITING, _READY, _SENT = "writing", "ready", "sent"


@dataclass(slots=True)
class Run:
    """One run while its output is written (一次推送): what is new is kept as it is asked for."""

    number: int
    part: Path
    goal: Path
    _connection: sqlite3.Connection

    def fresh(self, digests: Sequence[bytes]) -> set[bytes]:
        """Those of some messages that have not been told; from now on they have."""
        found = set(digests) - _known(self._connection, digests)
        self._connection.executemany(
            "INSERT INTO told VALUES (?, ?)", [(each, self.number) for each in found]
        )
        return found


def _known(connection: sqlite3.Connection, digests: Sequence[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for start in range(0, len(digests), _ASKED):
        some = digests[start : start + _ASKED]
        marks = ",".join("?" * len(some))
        rows = connection.execute(f"SELECT digest FROM told WHERE digest IN ({marks})", some)  # noqa: S608 - question marks
        found.update(row[0] for row in rows)
    return found


class Outbox:
    """The ledger of what was pushed; one writer at a time, which is for the caller to see to.

    Raises:
        BackendError: the file is damaged, or cannot be read or written.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._faults():
            if path != _MEMORY and not path.exists():
                disk.touch(path)
            self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute(f"PRAGMA cache_size=-{_CACHE}")
            self._connection.executescript(_TABLES)

    @classmethod
    def reading(cls, path: Path) -> Self:
        """The ledger to be asked only; where there is none, an empty one in memory."""
        if not path.exists():
            return cls(_MEMORY)
        found = cls.__new__(cls)
        found._path = path
        with found._faults():
            address = f"{path.as_uri()}?mode=ro"
            found._connection = sqlite3.connect(address, timeout=_WAIT, uri=True)
            found._connection.execute("SELECT count(*) FROM runs")
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def settle(self) -> int:
        """Finish or undo what a run that broke off has left; how many outputs got their name."""
        finished = 0
        with self._faults():
            rows = self._connection.execute(
                "SELECT id, part, goal, state FROM runs WHERE state != ? ORDER BY id", (_SENT,)
            ).fetchall()
            for number, part, goal, state in rows:
                paths = Path(os.fsdecode(part)), Path(os.fsdecode(goal))
                if state == _WRITING:
                    self._undo(number, paths[0])
                else:
                    finished += self._finish(number, *paths)
        return finished

    def last(self, on: date) -> date | None:
        """The day of the last run that was not for a later day than ``on``."""
        with self._faults():
            found = self._connection.execute(
                "SELECT max(on_day) FROM runs WHERE state = ? AND on_day <= ?",
                (_SENT, on.isoformat()),
            ).fetchone()
        return date.fromisoformat(found[0]) if found[0] else None

    def fresh(self, digests: Sequence[bytes]) -> set[bytes]:
        """Those of some messages that have not been told; nothing is kept."""
        with self._faults():
            return set(digests) - _known(self._connection, digests)

    @contextmanager
    def run(self, folder: Path, *, since: date, on: date) -> Iterator[Run]:
        """A run that writes to :attr:`Run.part`; when the block ends its output gets its name.

        After an error nothing has been told, and there is no output.
        """
        with self._faults():
            run = self._begin(folder, since, on)
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield run
                disk.flush(run.part)
                self._connection.execute(
                    "UPDATE runs SET state = ? WHERE id = ?", (_READY, run.number)
                )
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                self._undo(run.number, run.part)
                raise
            self._finish(run.number, run.part, run.goal)

    # -- inside ---------------------------------------------------------------------------------

    def _begin(self, folder: Path, since: date, on: date) -> Run:
        found = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM runs").fetchone()
        number = int(found[0])
        goal = folder / f"push-{on.isoformat()}-{number:04}.jsonl"
        while os.path.lexists(goal):  # of a library whose ledger was lost
            number += 1
            goal = folder / f"push-{on.isoformat()}-{number:04}.jsonl"
        part = folder / f".{goal.name}.part"
        self._connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)",
            (
                number,
                since.isoformat(),
                on.isoformat(),
                os.fsencode(part),
                os.fsencode(goal),
                _WRITING,
            ),
        )
        return Run(number, part, goal, self._connection)

    def _undo(self, number: int, part: Path) -> None:
        """Forget a run and its output, unless the output is ready."""
        done = self._connection.execute(
            "DELETE FROM runs WHERE id = ? AND state = ?", (number, _WRITING)
        )
        if done.rowcount == 1:
            part.unlink(missing_ok=True)

    def _finish(self, number: int, part: Path, goal: Path) -> int:
        """Give an output its name, unless it has it: only one of the two names is there."""
        renamed = part.exists()
        if renamed:
            part.rename(goal)
            disk.flush(goal.parent)
        self._connection.execute("UPDATE runs SET state = ? WHERE id = ?", (_SENT, number))
        return int(renamed)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise BackendError(
                f"推送台账“{self._path.name}”读写失败；"
                f"请检查磁盘和权限，损坏的请移走后用 --since 指明起始日：{error}"
            ) from error
        except OSError as error:
            raise BackendError(
                f"无法写入推送结果或台账，请检查磁盘空间和文件夹的权限，再运行一次即可：{error.strerror}"
            ) from error
