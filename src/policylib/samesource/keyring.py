"""The succession of keys (密钥更替): each new key is signed with the one before it.

``keys.json`` is a list, oldest first. Who trusts any key of it can go on to the last one. A key that
nobody can vouch for has to be pinned by hand, by its fingerprint.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, ValidationError

from policylib.errors import ParseError
from policylib.model.document import Value, Word
from policylib.samesource.signing import Signer, verify

__all__ = ["Handover", "Signature", "hand_over", "parse_handovers", "parse_signatures", "reaches"]

_PURPOSE = "key 1"
_MOST = 200
_Base64 = Annotated[str, Field(pattern="^[A-Za-z0-9+/]{20,100}={0,2}$")]


class Handover(Value):
    """One key follows another (密钥更替): ``old`` signs ``new`` for an authority."""

    authority: Word
    old: _Base64
    new: _Base64
    at: AwareDatetime
    signature: _Base64

    @property
    def is_signed(self) -> bool:
        """Whether the old key signed it."""
        return verify(self.old, self.signature, _PURPOSE, _said(self))


class Signature(Value):
    """The signature of one root (签名): of which bytes, and by which key."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    key: _Base64
    signature: _Base64


def hand_over(authority: str, old: Signer, new: Signer, at: datetime) -> Handover:
    """A handover from one key to the next."""
    made = Handover(authority=authority, old=old.public, new=new.public, at=at, signature="A" * 88)
    return made.model_copy(update={"signature": old.sign(_PURPOSE, _said(made))})


def _said(handover: Handover) -> bytes:
    fields = handover.model_dump(mode="json", exclude={"signature"})
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def reaches(handovers: Iterable[Handover], authority: str, old: str, new: str) -> bool:
    """Whether signed handovers of an authority lead from the key ``old`` to the key ``new``."""
    held = {old}
    for each in handovers:
        if each.authority == authority and each.old in held and each.is_signed:
            held.add(each.new)
    return new in held


def parse_handovers(data: bytes) -> tuple[Handover, ...]:
    """Read ``keys.json``.

    Raises:
        ParseError: it is something else, or too long.

    """
    try:
        found = json.loads(data)
        if not isinstance(found, list) or len(found) > _MOST:
            raise ParseError("keys.json 应为密钥更替的列表")
        return tuple(Handover.model_validate(each) for each in found)
    except (ValidationError, RecursionError, ValueError) as error:
        raise ParseError("keys.json 不是正确的密钥更替记录") from error


def parse_signatures(data: bytes) -> tuple[Signature, ...]:
    """Read ``manifest.sig``: a signature a line, the newest root's first.

    Raises:
        ParseError: it is something else.

    """
    try:
        lines = data.splitlines()[:_MOST]
        return tuple(Signature.model_validate(json.loads(line)) for line in lines)
    except (ValidationError, RecursionError, ValueError) as error:
        raise ParseError("manifest.sig 不是正确的签名文件，可能下载不完整") from error
