"""One text, one source (同源发布): publishing, subscribing, reposts, and the audit of pages."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.errors import NotFound, ParseError, Refused
from policylib.library.core import Core, who

if TYPE_CHECKING:
    from policylib.files.documentfile import DocumentFile
    from policylib.model.authority import Authorities, Authority
    from policylib.model.document import Header
    from policylib.samesource.auditing import AuditReport
    from policylib.samesource.fetched import Limits
    from policylib.samesource.fetching import Fetcher
    from policylib.samesource.holdings import Holdings, Match, RepostView
    from policylib.samesource.manifest import Entry
    from policylib.samesource.publishing import Published
    from policylib.samesource.reaching import Reach
    from policylib.samesource.subscribing import Pulled

__all__ = ["Sharing"]

REGISTRY = "authorities.yaml"
_NOTE = 300  # characters a repost may say of its own, as SRC001 has it


class Sharing(Core):
    """Whose text it is, and that all copies say what it says."""

    # -- who answers for what ----------------------------------------------------------------

    @property
    def sources_folder(self) -> Path:
        """The private folder beside the library: registry, keys, subscriptions, audits."""
        from policylib.store.head import sqlite_path

        path = sqlite_path(self._address.url)
        if path is None:
            return Path(f"{self._address.index}.sources")
        return path.parent / ("sources" if path.name == "library.db" else f"{path.name}.sources")

    def authorities(self) -> Authorities:
        """The authority registry (权威来源名录) of the library; empty when there is none.

        Raises:
            ParseError: the file is not a registry.

        """
        from policylib.files.authorities import read_authorities
        from policylib.model.authority import Authorities

        file = self.sources_folder / REGISTRY
        mark = _mark([file])
        with self._lock:
            held: tuple[object, Authorities] | None = getattr(self, "_held_registry", None)
            if held is None or held[0] != mark:
                held = (mark, read_authorities(file) if mark else Authorities())
                self._held_registry = held
            return held[1]

    def set_authorities(self, path: str | PathLike[str]) -> Authorities:
        """Take a registry file into use; see :mod:`policylib.files.authorities`.

        Raises:
            ParseError: it is not a registry; the one in use stays.

        """
        from policylib.files.authorities import read_authorities
        from policylib.samesource.folders import put

        found = read_authorities(path)
        put(self.sources_folder / REGISTRY, Path(path).read_bytes())
        return found

    def authority_of(self, document: Header, *, on: date | None = None) -> Authority | None:
        """Whose library has the authoritative text of a document (权威来源), by the registry."""
        from policylib.model.organ import AuthorityFile

        registry = self.authorities()
        if not len(registry):
            return None
        organs = AuthorityFile(self._store().organs())
        return registry.owner(document, on=on or self._today(), organs=organs)

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

        registry, today = self.authorities(), self._today()
        name = authority or (registry.own[0] if registry.own else None)
        if name is None:
            raise Refused("请写明本库是哪个机关的：--authority 机关全称，或在权威来源名录中写 own")
        known = registry.named(name, today)
        base = address or (known.addresses[0] if known and known.addresses else None)
        box = KeyBox(self.sources_folder)
        with alone(self.sources_folder, "发布同源清单"):
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

        return KeyBox(self.sources_folder).fingerprint()

    def new_source_key(self) -> str:
        """Make a new key; the old one, where there is one, signs it over (更换密钥).

        Returns the new fingerprint. Subscribers follow at their next pull.
        """
        from policylib.samesource.folders import alone
        from policylib.samesource.keys import KeyBox

        registry = self.authorities()
        with alone(self.sources_folder, "更换密钥"):
            name = registry.own[0] if registry.own else None
            return KeyBox(self.sources_folder).renew(name, self._clock())

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
        from policylib.samesource.signing import plain_fingerprint
        from policylib.samesource.subscribing import pull

        where, known = self._manifest(address)
        pins = {plain_fingerprint(pin)} if pin else set(known.keys if known else ())
        with self._reach(where, limits) as reach:
            name = known.name if known else self._peek(where, reach)
            return pull(
                self._subscription(name), reach, address=where, now=self._clock(), authority=name,
                pins=pins, progress=progress,
            )  # fmt: skip

    def pull_all_sources(self, *, limits: Limits | None = None) -> tuple[Pulled | Exception, ...]:
        """Pull from every authority in the registry that has a manifest and is not this library."""
        from policylib.errors import PolicyLibError

        today, registry = self._today(), self.authorities()
        done: list[Pulled | Exception] = []
        for each in registry:
            if (
                each.manifest
                and not registry.is_own(each)
                and registry.named(each.name, today) is each
            ):
                try:
                    done.append(self.pull_sources(each.name, limits=limits))
                except PolicyLibError as error:  # one that is down keeps nobody else waiting
                    done.append(error)
        return tuple(done)

    def holdings(self) -> Holdings:
        """What was pulled of other authorities (订阅内容): the last good state of each."""
        from policylib.samesource.holdings import Holdings

        folder = self.sources_folder / "subscriptions"
        mark = _mark([self.sources_folder / REGISTRY, *sorted(folder.glob("*/state.json"))])
        with self._lock:
            held: tuple[object, Holdings] | None = getattr(self, "_held_sources", None)
            if held is None or held[0] != mark:
                held = (mark, Holdings.load(folder, self._answers()))
                self._held_sources = held
            return held[1]

    def repost_view(self, id: str, *, on: date | None = None) -> RepostView:
        """What a repost shows on a day (转载所示): title, number, days, validity of its source.

        All of it is the authority's, as of the last pull; validity is computed for the day.

        Raises:
            NotFound: no such document, or its source is not in what was pulled.
            Refused: it is no repost.

        """
        from policylib.model.vocabulary import DocumentType

        store = self._store()
        document = store.document(id)
        if document.type is not DocumentType.REPOST:
            raise Refused(f"“{id}”不是转载，时效性用 validity 查看")
        found = self.holdings().source_of(document, store.relations_of(id))
        if found is None:
            raise NotFound(
                f"转载“{document.title}”的权威来源不在已拉取的清单中；"
                "请核对来源网址和文号，并运行 policylib sources pull 清单地址"
            )
        holding, entry = found
        return holding.view(id, entry, on or self._today())

    def repost_views(self, *, on: date | None = None) -> tuple[RepostView, ...]:
        """All released reposts whose source was pulled, as :meth:`repost_view`."""
        from policylib.model.vocabulary import DocumentType, Stage

        store, held, day = self._store(), self.holdings(), on or self._today()
        found = []
        for document in store.list(Stage.RELEASED, DocumentType.REPOST):
            source = held.source_of(document, store.relations_of(document.id))
            if source is not None:
                found.append(source[0].view(document.id, source[1], day))
        return tuple(found)

    # -- reposts hold no body -------------------------------------------------------------------

    def owned_elsewhere(self, document: Header, body: str) -> Authority | None:
        """The authority that owns the text of a document (正文归属), when it is not this library.

        By the registry; else because the document is in a manifest that was pulled: same 文号,
        same title and organ, the same text or nearly. ``None`` also for a repost, whose note is short.
        """
        found = self._owned(document, body)
        return found[0] if found else None

    def refuse_owned(self, document: Header, body: str) -> None:
        """Refuse the body of a document that another organ owns, and say how to repost it.

        Raises:
            Refused: another organ owns it.

        """
        found = self._owned(document, body)
        if found is None:
            return
        authority, match = found
        why = f"（依据：{match.ground}相同）" if match and match.likeness == 1 else ""
        if match and match.likeness < 1:
            why = f"（正文相似度约{match.likeness:.0%}）"
        name = match.entry.doc_number or match.entry.id if match else document.doc_number
        target = name or f"《{document.title}》"
        raise Refused(
            f"《{document.title}》的权威文本在“{authority.name}”的文件库{why}，"
            "不能发布正文，只能转载（链接到权威文本）。请运行："
            f"policylib sources repost {_quoted(target)} --by 姓名"
        )

    def as_repost(self, file: DocumentFile) -> DocumentFile:
        """A document file with another organ's body as a repost of it (转为转载): no body, a link.

        Raises:
            Refused: nobody else is known to own it, or where its authority has it is not known.

        """
        header = file.header
        found = self._owned(header, file.body)
        if found is None:
            raise Refused(f"《{header.title}》不属于已知的其他机关，不能转为转载")
        authority, match = found
        if match:
            return self._repost_file(match, id=header.id, released_on=header.released_on)
        address = authority.address_of(header)
        if not address:
            raise Refused(
                f"不知道《{header.title}》在“{authority.name}”的网址；请先 sources pull，"
                "或在文件头填写 source_url"
            )
        fields = header.model_dump(include={"id", "title", "doc_number", "issuers", "written_on"})
        return _repost(
            fields, authority.name, address, header.doc_number or header.title, header.released_on
        )

    def repost_file(self, target: str) -> DocumentFile:
        """A repost of a document that was pulled, as a document file (转载文件).

        ``target`` is its 文号, title, id or address.

        Raises:
            NotFound: it is in no manifest that was pulled; Refused: several fit, or no address.

        """
        word = re.sub(r"\A《(.*)》\Z", r"\1", target.strip(), flags=re.S)
        found = self.holdings().find(word)
        policies = [each for each in found if each.entry.type == "政策文件"] or list(found)
        if not policies:
            raise NotFound(
                f"已拉取的清单中没有“{target[:100]}”，请先运行 policylib sources pull 清单地址"
            )
        if len(policies) > 1:
            names = "、".join(
                f"{each.entry.id}（{each.entry.doc_number or '无文号'}）" for each in policies[:5]
            )
            raise Refused(f"有{len(policies)}份文件都叫“{target[:100]}”，请用标识指明：{names}")
        return self._repost_file(policies[0])

    def repost(self, target: str, *, by: str) -> str:
        """Enter a repost of a pulled document as a draft (新建转载); returns its id.

        Raises:
            NotFound, Refused: as :meth:`repost_file`, or the library has it already.

        """
        from policylib.library.importing import import_documents
        from policylib.model.vocabulary import Stage

        file = self.repost_file(target)
        id = file.header.id or ""
        if self._store().documents([id]):
            raise Refused(f"库中已有转载“{id}”")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "转载.md"
            path.write_bytes(file.to_bytes())
            done = import_documents(
                self._store(), [path], stage=Stage.DRAFTED, by=who(by), at=self._clock
            )
        if done.refused:
            raise Refused(*(each.reason for each in done.refused))
        self._refresh()
        return id

    # -- audit ------------------------------------------------------------------------------------

    def audit_sources(
        self,
        targets: Iterable[str | PathLike[str]],
        *,
        on: date | None = None,
        name: str = "audit",
        limits: Limits | None = None,
        fetcher: Fetcher | None = None,
        links: bool = False,
        link_only: bool = False,
        workers: int = 8,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> AuditReport:
        """Look over pages and say what differs from this library and what it holds (同源核查).

        ``targets`` are addresses, files, folders and lists of addresses. ``name`` is where the run keeps
        its progress: one that broke goes on, the next one asks servers only for what changed.
        ``links`` looks where links lead; ``link_only`` also reports pages that copy a text faithfully.

        Raises:
            NotFound: a path is not there; Conflict: another audit of that name is running.

        """
        from policylib.library.cataloguing import Catalogue
        from policylib.samesource import auditing
        from policylib.samesource.fetching import Fetcher
        from policylib.samesource.folders import alone
        from policylib.samesource.keeping import AuditState

        day = on or self._today()
        wanted = list(auditing.targets([fspath(each) for each in targets]))
        slug = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        folder = self.sources_folder / "audits" / slug
        catalogue = Catalogue(
            self._store(), self.authorities(), self.holdings(), self._ruleset(), on=day,
            link_only=link_only,
        )  # fmt: skip
        opened: AbstractContextManager[Fetcher] = (
            nullcontext(fetcher) if fetcher else Fetcher(limits)
        )
        with alone(folder, "同源核查"), AuditState(folder) as state, opened as used:
            return auditing.audit(
                wanted, catalogue, on=day, state=state, fetcher=used, links=links, workers=workers,
                now=self._clock, progress=progress,
            )  # fmt: skip

    # -- inside -------------------------------------------------------------------------------------

    def _answers(self) -> Callable[[str, Entry], bool]:
        """Whether a manifest may speak for a document: nobody else is known to answer for it."""
        from policylib.library.cataloguing import header_of

        registry, today = self.authorities(), self._today()

        def answers(authority: str, entry: Entry) -> bool:
            try:
                owner = registry.owner(header_of(entry), on=today) if len(registry) else None
            except ValueError:
                return False
            return owner is None or owner.name == authority

        return answers

    def _manifest(self, address: str | None) -> tuple[str, Authority | None]:
        """Where a manifest is, and whose it is by the registry."""
        today, registry = self._today(), self.authorities()
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

        for holding in self.holdings():
            if holding.state.address == where:
                return holding.authority
        data = reach.get("manifest.json", most=LARGEST).data or b""
        try:
            return parse_root(data).authority
        except ParseError as error:
            raise Refused(f"{error}；没有采用") from error

    def _subscription(self, authority: str) -> Path:
        slug = hashlib.sha256(authority.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return self.sources_folder / "subscriptions" / slug

    def _owned(self, document: Header, body: str) -> tuple[Authority, Match | None] | None:
        from policylib.model.authority import Authority
        from policylib.model.vocabulary import DocumentType

        if document.type is DocumentType.REPOST and len("".join(body.split())) <= _NOTE:
            return None
        today, registry = self._today(), self.authorities()
        match = self.holdings().copied(document, body, own=registry.own)
        if match is not None:
            return registry.named(match.authority, today) or Authority(name=match.authority), match
        if document.type is not DocumentType.POLICY:
            return None
        owner = self.authority_of(document, on=today)
        return (owner, None) if owner and not registry.is_own(owner) else None

    def _repost_file(
        self, match: Match, *, id: str | None = None, released_on: date | None = None
    ) -> DocumentFile:
        entry = match.entry
        if not entry.address:
            raise Refused(f"“{match.authority}”的清单没有写《{entry.title}》的网址，不能转载")
        fields = entry.model_dump(include={"title", "doc_number", "issuers", "written_on"})
        fields["id"] = id or f"转载-{entry.id}"
        target = entry.doc_number or entry.id
        return _repost(fields, match.authority, entry.address, target, released_on)


def _repost(
    fields: dict[str, object], source: str, address: str, target: str, released_on: date | None
) -> DocumentFile:
    """A document file of type 转载: a reference, and a line instead of the body."""
    from policylib.files.documentfile import DocumentFile

    header = fields | {
        "type": "转载", "disclosure": "主动公开", "source": source, "source_url": address,
        "released_on": released_on, "relations": [{"kind": "转载", "target": target}],
    }  # fmt: skip
    said = f"转载自{source}，以[权威文本]({address})为准。\n"
    return DocumentFile.build({key: value for key, value in header.items() if value}, said)


def _mark(files: Iterable[Path]) -> object:
    """What tells one state of some files from another; empty when there are none."""
    found = []
    for file in files:
        with suppress(OSError):
            at = file.stat()
            found.append((str(file), at.st_mtime_ns, at.st_ino, at.st_size))
    return tuple(found)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'["$`\\]', "", text) + '"'
