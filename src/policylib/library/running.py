"""One run at a time, and a line of each (自动办理的先后与记录), beside the library.

The lock spares work; what is done does not depend on it. It is the system's own, so that it ends
with the process that holds it, however that ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any

from policylib.disk import locked
from policylib.library.address import Address

__all__ = ["alone", "note_run", "run_folder"]

LOCK, LOG = "run.lock", "run.log"


def run_folder(where: str | PathLike[str]) -> Path:
    """The folder for the lock and the log: the library's, or the index's of a database server."""
    return Address.of(where).beside


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether no other run is going on this machine; until the block ends none begins.

    Where nothing can be written there is no lock, and the answer is yes.
    """
    with ExitStack() as stack:
        try:
            free = stack.enter_context(locked(folder / LOCK))
        except OSError:
            free = True
        yield free


def note_run(folder: Path, values: Mapping[str, Any]) -> None:
    """Append a line of JSON to the log; a log that cannot be written stops nobody."""
    line = json.dumps(values, ensure_ascii=False, default=str) + "\n"
    with suppress(OSError):
        handle = os.open(folder / LOG, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode("utf-8", "backslashreplace"))
        finally:
            os.close(handle)
