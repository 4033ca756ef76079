"""A process that records without end and says what it was told is safe; made to be killed."""

from __future__ import annotations

import sys

from tests.store.county import change, document, revised

from policylib.model.vocabulary import Act
from policylib.store import open_store


def main(url: str, prefix: str) -> None:
    store = open_store(url)
    for turn in range(1_000_000):
        batch = [document(f"{prefix}-{turn}-{part}") for part in range(3)]
        store.record([change(each, f"{each.id}\n" * 400) for each in batch])
        store.record([change(revised(batch[0]), "第二版\n" * 400, act=Act.REVISE, number=2)])
        sys.stdout.write(f"{prefix}-{turn}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
