"""Publishing manifests and pulling those of others (发布与订阅): files that anybody can check."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.errors import NotFound, ParseError, Refused
from policylib.library.core import Core

if TYPE_CHECKING:
    from policylib.model.authority import Authority
    from policylib.samesource.fetched import Limits
    from policylib.samesource.publishing import Published
    from policylib.samesource.reaching import Reach
    from policylib.samesource.subscribing import Pulled

__all__ = ["Exchanging"]


class Exchanging(Core):
    """What this library tells others of its documents, and what others tell."""

    # -- publishing ---------------------------------------------------------------------------

    def publish_sources(
        self,
        folder: str | PathLike[str],
        *,
        authority: str | None = None,
        address: str | None = None,
        at_least: int = 0,
    ) -> Published:
        """Write the signed manifest of what this library owns into a folder (发布同源清单).

        The folder is put on a web server as it is. ``authority`` is by default the one that the
        registry says this library is; ``address`` where its documents are. ``at_least`` is the
        version to begin above, where folder and library were both lost.

        Raises:
            Refused: nobody knows which authority this is.
            BackendError: the folder cannot be written to.

        """
        from policylib.library.cataloguing import entries
        from policylib.samesource.folders import alone
        from policylib.samesource.keys import KeyBox
        from policylib.samesource.publishing import publish

        registry, today = self._sources().registry(), self._today()
        name = authority or (registry.own[0] if registry.own else None)
        if name is None:
            raise Refused("请写明本库是哪个机关的：--authority 机关全称，或在权威来源名录中写 own")
        known = registry.named(name, today)
        base = address or (known.addresses[0] if known and known.addresses else None)
        box = KeyBox(self._sources().folder)
        with alone(self._sources().folder, "发布同源清单"):
            signer = box.signer(create=True)
            done = publish(
                Path(folder), entries(self._store(), registry, self._ruleset(), on=today),
                authority=name, address=base, signer=signer, handovers=box.handovers(),
                at=self._clock(), floor=max(at_least, box.version()),
            )  # fmt: skip
            box.note_version(done.version)
        return done

    def source_key(self) -> str | None:
        """The fingerprint of the key that manifests are signed with (公钥指纹); ``None``: no key yet."""
        from policylib.samesource.keys import KeyBox

        return KeyBox(self._sources().folder).fingerprint()

    def lacks_key(self) -> bool:
        """Whether manifests were published from here and the key is gone (密钥缺失)."""
        from policylib.samesource.keys import KeyBox

        box = KeyBox(self._sources().folder)
        return box.version() > 0 and box.fingerprint() is None

    def new_source_key(self) -> str:
        """Make a new key; the old one, where there is one, signs it over (更换密钥).

        Returns the new fingerprint. Subscribers follow at their next pull.
        """
        from policylib.samesource.folders import alone
        from policylib.samesource.keys import KeyBox

        registry = self._sources().registry()
        with alone(self._sources().folder, "更换密钥"):
            name = registry.own[0] if registry.own else None
            return KeyBox(self._sources().folder).renew(name, self._clock())

    # -- subscribing --------------------------------------------------------------------------

    def pull_sources(
        self,
        address: str | None = None,
        *,
        pin: str | None = None,
        limits: Limits | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Pulled:
        """Bring what is held of an authority up to its manifest (拉取同源清单).

        ``address`` is that of the manifest, a folder or zip file with it, or the authority's name in
        the registry. ``pin`` is a fingerprint to trust, checked with the authority by telephone.

        Raises:
            Refused: what came is not proven; what was held stays.
            BackendError: nothing came; what was held stays.

        """
        done = self._pull(address, pin, limits, progress)
        self._refresh()
        return done

    def pull_all_sources(self, *, limits: Limits | None = None) -> tuple[Pulled | Exception, ...]:
        """Pull from every authority in the registry that has a manifest and is not this library."""
        from policylib.errors import PolicyLibError

        today, registry = self._today(), self._sources().registry()
        done: list[Pulled | Exception] = []
        for each in registry:
            if (
                each.manifest
                and not registry.is_own(each)
                and registry.named(each.name, today) is each
            ):
                try:
                    done.append(self._pull(each.name, None, limits, None))
                except PolicyLibError as error:  # one that is down keeps nobody else waiting
                    done.append(type(error)(f"{each.name}：{error}"))
        self._refresh()
        return tuple(done)

    # -- inside -------------------------------------------------------------------------------

    def _pull(
        self,
        address: str | None,
        pin: str | None,
        limits: Limits | None,
        progress: Callable[[int, int], None] | None,
    ) -> Pulled:
        from policylib.samesource.signing import plain_fingerprint
        from policylib.samesource.subscribing import pull

        where, known = self._manifest(address)
        pins = {plain_fingerprint(pin)} if pin else set(known.keys if known else ())
        with self._reach(where, limits) as reach:
            name = known.name if known else self._peek(where, reach)
            return pull(
                self._sources().subscription(name), reach, address=where, now=self._clock(),
                authority=name, pins=pins, progress=progress,
            )  # fmt: skip

    def _manifest(self, address: str | None) -> tuple[str, Authority | None]:
        """Where a manifest is, and whose it is by the registry."""
        today, registry = self._today(), self._sources().registry()
        if address is None:
            raise ParseError("请写明清单的网址、文件夹或名录中的机关名称")
        if "://" in address:
            return address, registry.at(address, on=today)
        if Path(address).exists():
            return address, None
        known = registry.named(address, today)
        if known is None:
            raise NotFound(f"没有“{address[:100]}”这个文件夹、文件或名录中的机关")
        if not known.manifest:
            raise Refused(f"名录中“{known.name}”没有写清单地址（manifest），请补上或直接写网址")
        return known.manifest, known

    def _reach(self, where: str, limits: Limits | None) -> AbstractContextManager[Reach]:
        from policylib.samesource.reaching import FileReach

        if "://" not in where:
            return nullcontext(FileReach(Path(where)))
        from policylib.samesource.webreach import open_web

        return open_web(where, limits)

    def _peek(self, where: str, reach: Reach) -> str:
        """The name in a manifest, to find what is held of it; proven only by the pull itself."""
        from policylib.samesource.manifest import LARGEST, parse_root

        for holding in self._sources().holdings():
            if holding.state.address == where:
                return holding.authority
        data = reach.get("manifest.json", most=LARGEST).data or b""
        try:
            return parse_root(data).authority
        except ParseError as error:
            raise Refused(f"{error}；没有采用") from error
