"""The keys of an authority (密钥保管): a private folder with the key, its handovers, the last version."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from policylib.errors import BackendError, Refused
from policylib.samesource.folders import put, take
from policylib.samesource.keyring import Handover, hand_over, parse_handovers
from policylib.samesource.signing import Signer, fingerprint

__all__ = ["KeyBox"]

_KEY, _CHAIN, _VERSION, _NEXT = "key.pem", "keys.json", "published.json", "key.new.pem"
_MOST = 1_000_000


class KeyBox:
    """The key in a folder that only its owner reads; back it up, nobody else can sign for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def signer(self, *, create: bool = False) -> Signer:
        """The key in use.

        Raises:
            Refused: there is none, and ``create`` does not allow to make one.

        """
        data = take(self._folder / _KEY, _MOST)
        if data is not None:
            return Signer.load(data)
        if not create:
            raise Refused("还没有签名密钥，请运行 policylib sources keys --new")
        signer = Signer.new()
        put(self._folder / _KEY, signer.pem())
        return signer

    def fingerprint(self) -> str | None:
        """The fingerprint of the key in use, if there is one."""
        data = take(self._folder / _KEY, _MOST)
        return fingerprint(Signer.load(data).public) if data is not None else None

    def handovers(self) -> tuple[Handover, ...]:
        """The succession of keys so far, oldest first."""
        data = take(self._folder / _CHAIN, _MOST)
        return parse_handovers(data) if data is not None else ()

    def renew(self, authority: str | None, at: datetime) -> str:
        """Make a key, signed over by the one before; returns its fingerprint.

        The handover is kept before the key is taken into use; what a break leaves is done again.

        Raises:
            Refused: there is an old key, and it is not known for whom it signs.

        """
        if take(self._folder / _KEY, _MOST) is None:
            return fingerprint(self.signer(create=True).public)
        if authority is None:
            raise Refused("请在权威来源名录中写明本库是哪个机关的（own），再更换密钥")
        old, new = self.signer(), Signer.new()
        put(self._folder / _NEXT, new.pem())
        chain = [*self.handovers(), hand_over(authority, old, new, at)]
        said = [each.model_dump(mode="json") for each in chain]
        put(self._folder / _CHAIN, json.dumps(said, ensure_ascii=False, indent=1).encode())
        (self._folder / _NEXT).replace(self._folder / _KEY)
        return fingerprint(new.public)

    def version(self) -> int:
        """The highest version that was published from here."""
        data = take(self._folder / _VERSION, _MOST)
        if data is None:
            return 0
        try:
            return int(json.loads(data)["version"])
        except (ValueError, KeyError, TypeError) as error:
            raise BackendError(
                f"“{_VERSION}”已损坏，请删除后用 sources publish --at-least 上次的版本号"
            ) from error

    def note_version(self, version: int) -> None:
        """Remember a version that was published."""
        if version > self.version():
            put(self._folder / _VERSION, json.dumps({"version": version}).encode())
