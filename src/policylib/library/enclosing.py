"""What a backup takes along besides the database (随库备份): registry, subscriptions, the last version.

The private key stays out unless it is asked for, see docs/decisions. What can be made again (audits) and
what belongs to a process (locks) stays out too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from policylib.errors import BackendError, Conflict
from policylib.library.sources import REGISTRY
from policylib.samesource.folders import put, take
from policylib.samesource.manifest import LARGEST, segment_name
from policylib.samesource.subscribing import load_state

__all__ = ["KEY", "gather", "put_back"]

KEY = "key.pem"
_PLAIN = (REGISTRY, "keys.json", "published.json")
_MOST = 2 * LARGEST
_KNOWN = re.compile(
    r"(?:authorities\.yaml|keys\.json|published\.json|key\.pem"
    r"|subscriptions/[0-9a-f]{16}/(?:state\.json|segments/[0-9a-f]{64}\.jsonl))\Z"
)
_ATTEMPTS = 5


def gather(folder: Path, *, key: bool) -> dict[str, bytes]:
    """The files of the sources folder that a backup takes along, by their paths in it.

    Each subscription is one good state, whoever pulls meanwhile.

    Raises:
        BackendError: a file cannot be read, or a subscription is damaged.
        Conflict: somebody pulled all the time.

    """
    names = (*_PLAIN, KEY) if key else _PLAIN
    found = {name: data for name in names if (data := take(folder / name, _MOST)) is not None}
    for state in sorted((folder / "subscriptions").glob("*/state.json")):
        found |= _subscription(folder, state.parent)
    return found


def _subscription(folder: Path, held: Path) -> dict[str, bytes]:
    place = held.relative_to(folder).as_posix()
    for _ in range(_ATTEMPTS):
        state = load_state(held)
        data = take(held / "state.json", _MOST)
        if state is None or data is None:
            return {}
        names = [segment_name(segment.sha256) for segment in state.parsed().segments]
        read = {name: take(held / name, LARGEST) for name in names}
        if take(held / "state.json", _MOST) == data:
            lost = [name for name, part in read.items() if part is None]
            if lost:
                raise BackendError(
                    f"“{state.authority}”的订阅内容缺少分段，请先 sources pull 再备份"
                )
            kept = {name: part for name, part in read.items() if part is not None}
            return {f"{place}/{name}": part for name, part in {**kept, "state.json": data}.items()}
    raise Conflict("正在拉取清单，请稍后再备份")


def put_back(folder: Path, files: Mapping[str, bytes], *, dry: bool = False) -> None:
    """Write the files of a backup back; ``dry`` only looks whether they may be.

    Raises:
        BackendError: one is there already and differs, or the backup has a file of no known kind.

    """
    for name, data in files.items():
        if not _KNOWN.match(name):
            raise BackendError("备份中有不认识的附带文件，没有采用；请核对备份的来源")
        there = take(folder / name, _MOST)
        if there is not None and there != data:
            raise BackendError(
                f"恢复的位置已有同源资料“{name}”，内容不同，不覆盖；请恢复到一个新位置"
            )
    if dry:
        return
    last = sorted(
        files, key=lambda name: name.endswith("state.json")
    )  # its segments are there then
    for name in last:
        put(folder / name, files[name])
