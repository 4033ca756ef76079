"""What stays of a batch (批量匹配留痕): who, why, when, how many, and a keyed digest; no profile.

The digest tells whether two runs had the same table, and only to whoever holds the key: without it
nobody can try out tables until the digest fits. The key lies beside the library and leaves it in no
backup.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from policylib.errors import BackendError, Refused
from policylib.files.saving import save_new
from policylib.library.address import Address
from policylib.model.event import Record
from policylib.model.vocabulary import Act, Role, Stage
from policylib.store.sql import ORGANS, SqlStore

if TYPE_CHECKING:
    from policylib.library.batching import BatchSummary
    from policylib.library.reaching import Impacted

__all__ = ["KEY", "Audit", "library_key"]

#: The file of the key, beside the library.
KEY = "match.key"
_SIZE = 32
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Audit:
    """One run that is going to be entered in the journal; ``digest`` takes the table's bytes."""

    store: SqlStore
    by: str
    purpose: str
    digest: Any

    @classmethod
    def begin(cls, store: SqlStore, address: Address, *, purpose: str, by: str) -> Self:
        """Before anything is read.

        Raises:
            Refused: no purpose, or one that cannot be kept.

        """
        said = " ".join(purpose.split())
        if not said or len(said) > _LONGEST or not said.isprintable():
            raise Refused("批量匹配请用 --purpose 写明用途，如 2026年高龄津贴主动核查（500字以内）")
        return cls(store, by, said, hmac.new(library_key(address), digestmod=sha256))

    def enter(
        self, summary: BatchSummary | Impacted, *, on: date, at: datetime, with_ids: bool
    ) -> None:
        """Enter the run in the journal."""
        record = Record(
            document_id=ORGANS,
            act=Act.MATCH,
            actor=self.by,
            role=Role.PUBLISHER,
            at=at,
            stage=Stage.RELEASED,
            note=self.purpose,
            detail={
                "purpose": self.purpose,
                "on": on.isoformat(),
                "profiles": summary.profiles,
                "refused": summary.refused,
                "matched": len(summary.counts),
                "with_ids": with_ids,
                "digest": f"hmac-sha256:{self.digest.hexdigest()}",
            },
        )
        self.store.put_organs((), record)


def library_key(address: Address) -> bytes:
    """The key of this library, made when first needed.

    Raises:
        BackendError: it cannot be read or written.

    """
    path = address.beside / KEY
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                save_new(path, [secrets.token_bytes(_SIZE)])
            except BackendError:
                if not path.exists():  # else somebody came first, and all others take that one
                    raise
        key = path.read_bytes()
    except OSError as error:
        raise BackendError(
            f"匹配须留痕，但无法读写文件库旁的“{KEY}”，请检查文件夹的权限：{error.strerror}"
        ) from error
    if len(key) != _SIZE:
        raise BackendError(f"文件库旁的“{KEY}”已损坏，请移走后重试（以前的摘要将不能再核对）")
    return key
