"""The audit of pages (同源核查): fetch politely, compare with the source, keep the proof of each finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from policylib.errors import NotFound, ParseError
from policylib.model.vocabulary import Severity
from policylib.pages.page import Page
from policylib.pages.source import Target
from policylib.samesource.copies import Copies
from policylib.samesource.fetched import FaultCode, Fetched
from policylib.samesource.judging import AuditFinding, Resolver, empty_folder, judge, place, read
from policylib.samesource.keeping import AuditState

__all__ = ["AuditReport", "audit", "targets"]

_HTML = (".html", ".htm", ".shtml", ".xhtml")
_LISTS = (".txt", ".csv")
_LARGEST = 32_000_000
_MOST_LINKS = 30
_DEAD = (FaultCode.GONE, FaultCode.UNREACHABLE)


class Fetches(Protocol):
    """What an audit asks of a fetcher."""

    def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """One page; faults are in the result."""
        ...


@dataclass(slots=True)
class AuditReport:
    """What an audit found (核查结果). ``pages`` counts pages by organ and column."""

    on: date
    begun: datetime
    ended: datetime | None = None
    findings: list[AuditFinding] = field(default_factory=list)
    pages: dict[tuple[str, str], int] = field(default_factory=dict)
    fetched: int = 0
    resumed: int = 0

    @property
    def drifted(self) -> bool:
        """Whether something is to be mended; hints do not count."""
        return any(finding.severity is not Severity.HINT for finding in self.findings)


def targets(words: Iterable[str]) -> Iterator[str | Path]:
    """What is to be audited: addresses as they are, files and folders of pages, lists of addresses.

    A folder below with nothing in it is a column without pages, and comes as itself. A ``.txt`` or ``.csv`` file has an address or a path a line (in its first column).

    Raises:
        NotFound: a path that is not there; ParseError: a list that cannot be read.

    """
    for word in words:
        if "://" in word:
            yield word
            continue
        path = Path(word)
        if path.is_dir():
            below = sorted(path.rglob("*"))
            yield from (p for p in below if p.suffix.lower() in _HTML and p.is_file())
            yield from (p for p in (path, *below) if p.is_dir() and not any(p.iterdir()))
        elif not path.is_file():
            raise NotFound(f"没有“{word[:200]}”，请写网页文件、文件夹或网址")
        elif path.suffix.lower() in _LISTS:
            yield from _listed(path)
        else:
            yield path


def _listed(path: Path) -> Iterator[str | Path]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(f"网址清单“{path.name}”读不出来，应为 UTF-8 文本") from error
    for line in lines:
        word = line.split(",")[0].split("\t")[0].strip().strip('"')
        if "://" in word:
            yield word
        elif word and (path.parent / word).is_file():
            yield path.parent / word


def audit(
    every: Iterable[str | Path],
    resolve: Resolver,
    *,
    on: date,
    state: AuditState,
    fetcher: Fetches,
    links: bool = False,
    copies: bool = False,
    workers: int = 8,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Callable[[str, int, int], None] | None = None,
) -> AuditReport:
    """Look over pages and say what differs from their sources.

    Args:
        every: addresses and files, see :func:`targets`.
        resolve: finds the source of a page.
        on: the day whose texts and validity count.
        state: keeps what was fetched; a run that broke goes on.
        fetcher: gets pages; asked by several threads.
        workers: how many threads fetch.
        links: also look at where the links of the pages lead (死链错链).
        copies: also report texts that an organ has on several pages (重复发布).
        now: the clock.
        progress: told of the step (抓取, 比对), what is done and how many there are.

    """
    report = AuditReport(on, now())
    pages = list(dict.fromkeys(every))
    urls = [page for page in pages if isinstance(page, str)]
    state.begin(report.begun)
    report.resumed = len(state.done(urls))
    report.fetched = _fetch(urls, state, fetcher, workers, _step(progress, "抓取"))
    found: dict[str, Target | None] = {}
    if links:
        came = (_got(page, state, now) for page in pages)
        hrefs = list(dict.fromkeys(href for got in came for href in _hrefs(got)))
        report.fetched += _fetch(hrefs, state, fetcher, workers, _step(progress, "链接"))
        found = dict(_looked(hrefs, state))
    seen = Copies() if copies else None
    for done, page in enumerate(pages, 1):
        if isinstance(page, Path) and page.is_dir():
            blank = empty_folder(page, on, now())
            report.findings.append(blank)
            report.pages.setdefault((blank.organ, blank.column), 0)
        else:
            _look(_got(page, state, now), resolve, report, found, seen)
        if progress:
            progress("比对", done, len(pages))
    report.findings += seen.findings() if seen else ()
    report.ended = now()
    state.end(report.ended)
    return report


def _step(
    progress: Callable[[str, int, int], None] | None, step: str
) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress(step, done, total)) if progress else None


def _fetch(
    urls: Sequence[str],
    state: AuditState,
    fetcher: Fetches,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> int:
    """Fetch what this run lacks; few requests wait in memory at a time."""
    have = state.done(urls)
    left = iter(url for url in urls if url not in have)
    done = len(have)
    running: set[Future[Fetched]] = set()
    fetched = 0
    with ThreadPoolExecutor(workers, "fetch") as pool:
        try:
            while True:
                while len(running) < 2 * workers and (url := next(left, None)) is not None:
                    etag, modified = state.held(url)
                    running.add(pool.submit(fetcher.fetch, url, etag=etag, modified=modified))
                if not running:
                    return fetched
                ready, running = wait(running, return_when=FIRST_COMPLETED)
                for future in ready:
                    state.keep(future.result())
                    fetched += 1
                    if progress:
                        progress(done + fetched, len(urls))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _got(page: str | Path, state: AuditState, now: Callable[[], datetime]) -> Fetched:
    """A page from the state, or from its file."""
    if isinstance(page, str):
        held = state.get(page)
        if held is not None:
            return held
        return Fetched(page, now(), fault=FaultCode.CUT_OFF, message="抓取的内容没有保存下来")
    try:
        with page.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        said = f"文件读不出来：{error.strerror}"
        return Fetched(str(page), now(), fault=FaultCode.UNREACHABLE, message=said)
    return Fetched(str(page), now(), body=data)


def _hrefs(got: Fetched) -> tuple[str, ...]:
    page = read(got)
    if isinstance(page, ParseError) or page is None:
        return ()
    links = [*([page.source_link] if page.source_link else []), *page.links]
    hrefs = [link.href for link in links if link.href.startswith(("http://", "https://"))]
    return tuple(dict.fromkeys(hrefs))[:_MOST_LINKS]


def _looked(hrefs: Iterable[str], state: AuditState) -> Iterator[tuple[str, Target | None]]:
    """What stands where links lead, as far as it could be seen."""
    for href in hrefs:
        got = state.get(href)
        if got is None:
            continue
        if got.fault in _DEAD:
            yield href, None
        page = read(got)
        if isinstance(page, Page) and page.title:
            yield href, Target(page.title, page.header.doc_number)


def _look(
    got: Fetched,
    resolve: Resolver,
    report: AuditReport,
    links: dict[str, Target | None],
    copies: Copies | None,
) -> None:
    page = read(got)
    where = place(got, page)
    report.pages[where] = report.pages.get(where, 0) + 1
    asked = copies.seen(got, where, resolve) if copies else resolve
    report.findings += judge(got, page, asked, report.on, links)
