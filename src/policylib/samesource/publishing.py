"""Publishing a manifest (发布同源清单) as static files: segments first, the root last.

``manifest.sig`` keeps the signature of the root before beside that of the new one, so that whoever
reads between two writes finds a pair that fits. Files that do not change are not written again; a
web server's ETags for them stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from policylib.errors import ParseError
from policylib.samesource.feed import atom
from policylib.samesource.folders import PUBLIC, put, take
from policylib.samesource.keyring import Handover, Signature, parse_signatures
from policylib.samesource.manifest import (
    LARGEST,
    Entry,
    Manifest,
    Root,
    build,
    digest_of,
    parse_root,
    segment_name,
)
from policylib.samesource.signing import Signer, fingerprint

__all__ = ["FEED", "KEYS", "PURPOSE", "ROOT", "SIGNATURES", "Published", "publish"]

ROOT, SIGNATURES, KEYS, FEED = "manifest.json", "manifest.sig", "keys.json", "feed.atom"
#: What the signature of a root is for.
PURPOSE = "manifest 1"
_FRESH = timedelta(days=7)  # after that an unchanged manifest is signed anew


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did (发布结果)."""

    folder: str
    authority: str
    version: int
    documents: int
    changed: bool
    segments_written: int
    bytes_written: int
    fingerprint: str


def publish(
    folder: Path,
    entries: Iterable[Entry],
    *,
    authority: str,
    address: str | None,
    signer: Signer,
    handovers: Sequence[Handover],
    at: datetime,
    floor: int = 0,
) -> Published:
    """Write the manifest of ``entries`` into a folder that a web server serves.

    ``floor`` is the highest version that was ever published; the new one is above it and above
    what lies in the folder. Nothing is written when nothing changed within a week.

    Raises:
        ParseError: the entries cannot be published.
        BackendError: the folder cannot be written to.

    """
    every = list(entries)
    old, old_digest = _held(folder)
    version = max(floor, old.version if old else 0) + 1
    made = build(
        every, authority=authority, address=address, version=version, made_at=at,
        previous=old_digest,
    )  # fmt: skip
    if old and old.version >= floor and _same(old, made.root, at) and _whole(folder, made, signer):
        return Published(
            str(folder), authority, old.version, old.count, False, 0, 0, fingerprint(signer.public)
        )
    written, size = _segments(folder, made)
    size += _changed(folder / FEED, atom(every, authority=authority, address=address, on=at.date()))
    size += _changed(folder / KEYS, _keys(handovers))
    lines = [_signed(made, signer), *_old_lines(folder, old_digest)]
    put(folder / SIGNATURES, "".join(f"{line}\n" for line in lines).encode(), mode=PUBLIC)
    put(folder / ROOT, made.data, mode=PUBLIC)
    _forget(folder, made.root, old)
    size += len(made.data)
    return Published(
        str(folder), authority, version, made.root.count, True, written, size,
        fingerprint(signer.public),
    )  # fmt: skip


def _held(folder: Path) -> tuple[Root | None, str | None]:
    """The root in the folder; what cannot be read counts as nothing."""
    data = take(folder / ROOT, LARGEST)
    try:
        return (parse_root(data), digest_of(data)) if data else (None, None)
    except ParseError:
        return None, None


def _same(old: Root, new: Root, at: datetime) -> bool:
    volatile = {"version", "made_at", "previous"}
    fresh = timedelta(0) <= at - old.made_at < _FRESH
    return fresh and old.model_dump(exclude=volatile) == new.model_dump(exclude=volatile)


def _whole(folder: Path, made: Manifest, signer: Signer) -> bool:
    """Whether all files are there and the root is signed with the key of now."""
    digest = _held(folder)[1]
    data = take(folder / SIGNATURES, LARGEST) or b""
    try:
        signed = any(s.sha256 == digest and s.key == signer.public for s in parse_signatures(data))
    except ParseError:
        return False
    return signed and all(_there(folder / segment_name(name), data) for name, data in _items(made))


def _items(made: Manifest) -> Iterable[tuple[str, bytes]]:
    return made.segments.items()


def _there(file: Path, data: bytes) -> bool:
    return take(file, len(data)) == data


def _segments(folder: Path, made: Manifest) -> tuple[int, int]:
    written = [
        len(data)
        for name, data in made.segments.items()
        if _changed(folder / segment_name(name), data)
    ]
    return len(written), sum(written)


def _changed(file: Path, data: bytes) -> int:
    """Write a file unless it is so already; returns the bytes written."""
    if _there(file, data):
        return 0
    put(file, data, mode=PUBLIC)
    return len(data)


def _keys(handovers: Sequence[Handover]) -> bytes:
    said = [each.model_dump(mode="json") for each in handovers]
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _signed(made: Manifest, signer: Signer) -> str:
    signature = Signature(
        sha256=made.digest, key=signer.public, signature=signer.sign(PURPOSE, made.data)
    )
    return signature.model_dump_json()


def _old_lines(folder: Path, old: str | None) -> list[str]:
    data = take(folder / SIGNATURES, LARGEST) or b""
    try:
        return [s.model_dump_json() for s in parse_signatures(data) if s.sha256 == old][:1]
    except ParseError:
        return []


def _forget(folder: Path, new: Root, old: Root | None) -> None:
    """Remove segments that neither this root nor the one before it names."""
    roots = (new, old) if old else (new,)
    kept = {Path(segment_name(s.sha256)).name for root in roots for s in root.segments}
    for file in (folder / "segments").glob("*.jsonl"):
        if file.name not in kept and len(file.stem) == 64:
            file.unlink(missing_ok=True)
