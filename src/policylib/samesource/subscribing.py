"""Pulling a manifest (订阅同源清单): only what is new, and nothing that is not proven.

What is held changes in one step, when a whole new version has been proven; whatever fails before
leaves the last good one. Segments that came before a break are kept and not fetched again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from policylib.errors import BackendError, NotFound, ParseError, Refused
from policylib.model.document import Value
from policylib.samesource.folders import alone, put, take
from policylib.samesource.keyring import Signature, parse_handovers, parse_signatures, reaches
from policylib.samesource.manifest import (
    LARGEST,
    Entry,
    Root,
    digest_of,
    parse_root,
    parse_segment,
    segment_name,
)
from policylib.samesource.publishing import KEYS, PURPOSE, ROOT, SIGNATURES
from policylib.samesource.reaching import Got, Reach
from policylib.samesource.signing import fingerprint, verify

__all__ = ["STALE", "Pulled", "State", "load_state", "pull", "read_entries"]

_SKEW = timedelta(hours=24)
#: A manifest that is older is not trusted silently: publishers sign anew every week.
STALE = timedelta(days=30)
_SMALL = 1_000_000
_STATE = "state.json"


class State(Value):
    """What a subscriber holds of one manifest (订阅状态): proven, with the key it trusts."""

    address: str
    authority: str
    version: int
    key: str
    root: str
    etag: str | None = None
    pulled_at: AwareDatetime

    @property
    def digest(self) -> str:
        """SHA-256 of the root's bytes."""
        return digest_of(self.root.encode())

    def parsed(self) -> Root:
        """The root as a value."""
        return parse_root(self.root.encode())


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did (拉取结果): the ids by what became of them, and what to look at."""

    address: str
    authority: str
    version: int
    before: int | None
    documents: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    fetched: int = 0
    bytes: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Proven:
    """A root with the key that signed it."""

    data: bytes
    root: Root
    key: str
    etag: str | None


def load_state(folder: Path) -> State | None:
    """What is held in a folder, ``None`` before the first pull.

    Raises:
        BackendError: the state is damaged; pulling anew with the fingerprint mends it.

    """
    data = take(folder / _STATE, 2 * LARGEST)
    if data is None:
        return None
    try:
        return State.model_validate_json(data)
    except ValidationError as error:
        raise BackendError(
            f"订阅状态“{folder.name}/{_STATE}”已损坏，请删除该文件后用 --pin 指纹 重新拉取"
        ) from error


def read_entries(folder: Path, state: State, buckets: Iterable[int] | None = None) -> list[Entry]:
    """The entries held, all or those of some segments.

    Raises:
        BackendError: a segment is missing or damaged; a new pull fetches it again.

    """
    root = state.parsed()
    wanted = None if buckets is None else set(buckets)
    found: list[Entry] = []
    for segment in root.segments:
        if wanted is None or segment.bucket in wanted:
            data = take(folder / segment_name(segment.sha256), LARGEST) or b""
            try:
                found += parse_segment(data, segment, root.bits)
            except ParseError as error:
                raise BackendError(f"订阅内容不完整，请重新 sources pull：{error}") from error
    return found


def pull(
    folder: Path,
    reach: Reach,
    *,
    address: str,
    now: datetime,
    authority: str | None = None,
    pins: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Pulled:
    """Bring what a folder holds up to the manifest that ``reach`` reads.

    ``authority`` is whose manifest it must be, where that is known; ``pins`` are fingerprints that are
    trusted besides the key held. ``progress`` is told of segments (done, in all).

    Raises:
        Refused: not signed by a trusted key, an older version, changed bytes, a missing file; what
            is held stays.
        BackendError: it cannot be read now; what is held stays.
        Conflict: another pull is going on.

    """
    with alone(folder, "拉取同一份清单"):
        held = load_state(folder)
        proven = _proven(reach, held, authority, set(pins), complete=_complete(folder, held))
        if proven is None and held is not None:
            return _same(held, now)
        assert proven is not None  # noqa: S101 - only a held manifest can be unchanged
        _newer(proven, held)
        fetched, size = _fetch(folder, reach, proven.root, progress)
        state = State(
            address=address, authority=proven.root.authority, version=proven.root.version,
            key=proven.key, root=proven.data.decode(), etag=proven.etag, pulled_at=now,
        )  # fmt: skip
        added, changed, removed = _differences(folder, held, state)
        put(folder / _STATE, state.model_dump_json().encode())
        _forget(folder, state)
        return Pulled(
            address, state.authority, state.version, held.version if held else None,
            proven.root.count, added, changed, removed, fetched, size + len(proven.data),
            _notices(proven.root, now),
        )  # fmt: skip


def _same(held: State, now: datetime) -> Pulled:
    root = held.parsed()
    return Pulled(
        held.address, held.authority, held.version, held.version, root.count,
        notices=_notices(root, now),
    )  # fmt: skip


def _complete(folder: Path, held: State | None) -> bool:
    if held is None:
        return False
    return all((folder / segment_name(s.sha256)).is_file() for s in held.parsed().segments)


def _proven(
    reach: Reach, held: State | None, authority: str | None, pins: set[str], *, complete: bool
) -> _Proven | None:
    """The root with a good signature of a trusted key; ``None`` when the server has nothing new."""
    etag = held.etag if held and complete else None
    for attempt in (1, 2):  # the publisher may be between two files
        got = _get(reach, ROOT, LARGEST, etag if attempt == 1 else None)
        if got.data is None:
            return None
        lines = _lines(_get(reach, SIGNATURES, _SMALL).data or b"")
        mine = [line for line in lines if line.sha256 == digest_of(got.data)]
        if mine:
            break
    else:
        raise Refused("清单与签名不符：清单可能被改动，或者正在更新；保留原有内容，请稍后再试")
    key = _trusted(reach, mine[0], held, authority, pins)
    if not verify(key, mine[0].signature, PURPOSE, got.data):
        raise Refused("清单的签名不正确，可能被改动；保留原有内容，请向发布机关核实")
    try:
        root = parse_root(got.data)
    except ParseError as error:
        raise Refused(f"{error}；保留原有内容") from error
    expected = held.authority if held else authority
    if expected is not None and root.authority != expected:
        raise Refused(f"这是“{root.authority}”的清单，不是“{expected}”的，不予采用")
    return _Proven(got.data, root, key, got.etag)


def _lines(data: bytes) -> tuple[Signature, ...]:
    """The signatures in ``manifest.sig``; a damaged file is a refusal."""
    try:
        return parse_signatures(data)
    except ParseError as error:
        raise Refused(f"{error}；保留原有内容，请稍后再试") from error


def _get(reach: Reach, name: str, most: int, etag: str | None = None) -> Got:
    try:
        return reach.get(name, most=most, etag=etag)
    except (NotFound, ParseError) as error:
        raise Refused(f"清单缺少文件或文件不对（{name}）：{error}；保留原有内容") from error


def _trusted(
    reach: Reach, line: Signature, held: State | None, authority: str | None, pins: set[str]
) -> str:
    """The key of a signature, if it is the one held, is pinned, or follows the one held."""
    try:
        print_ = fingerprint(line.key)
    except ParseError as error:
        raise Refused(f"{error}；保留原有内容") from error
    if print_ in pins or (held and line.key == held.key):
        return line.key
    name = held.authority if held else authority
    if held is None:
        said = f"名录中“{name}”的指纹与此不同" if pins else "还没有信任这个公钥"
        raise Refused(
            f"{said}：清单由指纹为 {print_} 的公钥签名。请向发布机关电话核对指纹，"
            f"一致的，用 --pin {print_} 再拉取一次"
        )
    try:
        handovers = parse_handovers(_get(reach, KEYS, _SMALL).data or b"")
    except (ParseError, Refused):
        handovers = ()
    if reaches(handovers, held.authority, held.key, line.key):
        return line.key
    raise Refused(
        f"清单由陌生的公钥（指纹 {print_}）签名，没有原公钥（指纹 {fingerprint(held.key)}）的更替签名；"
        f"保留原有内容。确是发布机关更换公钥的，核对指纹后用 --pin {print_} 再拉取一次"
    )


def _newer(proven: _Proven, held: State | None) -> None:
    """Refuse what is older than what is held: an old manifest replayed (重放)."""
    if held is None:
        return
    if proven.root.version < held.version:
        raise Refused(
            f"这是旧清单（第{proven.root.version}版，已有第{held.version}版），可能是重放；保留原有内容"
        )
    if proven.root.version == held.version and digest_of(proven.data) != held.digest:
        raise Refused(f"第{held.version}版清单有两种内容，不予采用；请向发布机关核实，保留原有内容")


def _fetch(
    folder: Path, reach: Reach, root: Root, progress: Callable[[int, int], None] | None
) -> tuple[int, int]:
    """Get the segments that are not held; each is proven before it is kept."""
    fetched = size = 0
    for done, segment in enumerate(root.segments, 1):
        file = folder / segment_name(segment.sha256)
        data = take(file, LARGEST)
        if data is None or digest_of(data) != segment.sha256:
            data = _get(reach, segment_name(segment.sha256), segment.size).data or b""
            try:
                parse_segment(data, segment, root.bits)
            except ParseError as error:
                raise Refused(f"{error}；保留原有内容，请稍后再试") from error
            put(file, data)
            fetched, size = fetched + 1, size + len(data)
        if progress:
            progress(done, len(root.segments))
    return fetched, size


def _differences(
    folder: Path, held: State | None, new: State
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Ids added, changed and removed, read from the segments that differ."""
    before = {s.sha256: s.bucket for s in held.parsed().segments} if held else {}
    after = {s.sha256: s.bucket for s in new.parsed().segments}
    ours = {bucket for digest, bucket in after.items() if digest not in before}
    theirs = {bucket for digest, bucket in before.items() if digest not in after}
    new_ones = {entry.id: entry for entry in read_entries(folder, new, ours)}
    old_ones: dict[str, Entry] = {}
    if held is not None:
        try:
            old_ones = {entry.id: entry for entry in read_entries(folder, held, theirs)}
        except BackendError:  # damaged before; all of it counts as new
            old_ones = {}
    changed = [id for id in new_ones if id in old_ones and new_ones[id] != old_ones[id]]
    added = [id for id in new_ones if id not in old_ones]
    removed = [id for id in old_ones if id not in new_ones]
    return tuple(sorted(added)), tuple(sorted(changed)), tuple(sorted(removed))


def _forget(folder: Path, state: State) -> None:
    kept = {segment.sha256 for segment in state.parsed().segments}
    for file in (folder / "segments").glob("*.jsonl"):
        if file.stem not in kept:
            file.unlink(missing_ok=True)


def _notices(root: Root, now: datetime) -> tuple[str, ...]:
    """What does not stop a pull: the clocks differ, or nothing has come for long."""
    made = root.made_at
    if made - now > _SKEW:
        said = f"清单的制作时间（{made:%Y-%m-%d %H:%M}）晚于本机时间，请核对两边的时钟"
        return (said,)
    if now - made > STALE:
        return (f"清单已有{(now - made).days}天没有更新，请确认发布机关仍在发布",)
    return ()
