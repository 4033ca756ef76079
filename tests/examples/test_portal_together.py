"""Many citizens at once while officers release and import."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from examples.portal import make_app
from tests.examples.client import TestClient
from tests.examples.county import RELEASED, draft_text, make_library, release

from policylib import Library

ROOT = Path(__file__).parents[2]
NEW = 6
PUBLIC = {"shanquan-2023-jintie", "shanquan-2023-jiedu"}


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return make_library(tmp_path)


def drafts(folder: Path) -> list[Path]:
    """New drafts as files."""
    folder.mkdir()
    files = [folder / f"xin-{number}.md" for number in range(NEW)]
    for number, file in enumerate(files):
        file.write_text(draft_text(number), encoding="utf-8")
    return files


def assert_consistent(page: dict[str, Any], allowed: set[str]) -> None:
    """What holds of any page at any moment, whoever is writing."""
    ids = [hit["id"] for hit in page["hits"]]
    assert page["total"] == len(ids) == len(set(ids))
    assert set(ids) <= allowed
    assert sum(page["facets"]["type"].values()) == page["total"]


def test_eight_citizens_search_while_documents_are_released(where: Path, tmp_path: Path) -> None:
    names = [f"xin-{number}" for number in range(NEW)]
    done = threading.Event()
    released: list[str] = []
    together = threading.Barrier(9)

    def citizen(client: TestClient, number: int) -> int:
        together.wait()
        asked = 0
        words = ("", "高龄津贴", "水库管理", "水库管理办法 高龄津贴")[number % 4]
        while not done.is_set() or asked < 3:
            before = set(released) if words in ("", "水库管理") else set()
            page = client.get(
                "/search", params={"words": words, "facets": "type", "limit": 100}
            ).json()
            assert_consistent(page, PUBLIC | set(names))
            assert before <= {hit["id"] for hit in page["hits"]}
            asked += 1
        return asked

    def officer(library: Library) -> None:
        together.wait()
        for name in names:
            release(library, name)
            released.append(name)

    with (
        TestClient(make_app(where)) as client,
        Library.open(where) as library,
        ThreadPoolExecutor(9) as street,
    ):
        library.import_files(drafts(tmp_path / "new"), by="李起草", released=False)
        citizens = [street.submit(citizen, client, number) for number in range(8)]
        try:
            street.submit(officer, library).result(timeout=120)
        finally:
            done.set()
        assert all(job.result(timeout=120) >= 3 for job in citizens)
        for number, name in enumerate(names):
            found = client.get("/search", params={"words": f"山水〔2024〕{number + 1}号"}).json()
            assert [hit["id"] for hit in found["hits"]] == [name]


# -- several processes --------------------------------------------------------------------------


@pytest.fixture
def address(where: Path, tmp_path: Path) -> Iterator[str]:
    """A real server with two workers on a loopback port."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError as error:
            pytest.skip(f"no loopback port can be bound here: {error}")
        port = probe.getsockname()[1]
    log = tmp_path / "uvicorn.log"
    command = [sys.executable, "-m", "uvicorn", "--factory", "examples.portal:app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command, cwd=ROOT, env=_environment(where), stdout=stream, stderr=stream
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environment(where: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**os.environ, "POLICYLIB_LIBRARY": str(where), "PYTHONPATH": path}


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            words = log.read_text("utf-8", "replace")
            if "address already in use" in words or "permission denied" in words.lower():
                pytest.skip("the loopback port was taken meanwhile")
            pytest.fail(f"the server ended: {words[-2000:]}")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, timeout=10).status_code == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not answer: {log.read_text('utf-8', 'replace')[-2000:]}")


def test_two_workers_answer_while_another_process_imports(
    address: str, where: Path, tmp_path: Path
) -> None:
    new = tmp_path / "import"
    drafts(new)
    secret = tmp_path / "secret.md"
    secret.write_text(draft_text(99).replace("水库", "暗渠"), encoding="utf-8")
    with Library.open(where) as library:
        library.import_files([secret], by="李起草", released=False)
    names = {f"xin-{number}" for number in range(NEW)}
    done = threading.Event()

    def citizen(number: int) -> int:
        asked = 0
        params = {"words": ("", "水库管理")[number % 2], "facets": "type", "limit": 100}
        with httpx.Client(base_url=address, timeout=60) as client:
            while not done.is_set() or asked < 3:
                answer = client.get("/search", params=params)
                assert answer.status_code == 200
                assert_consistent(answer.json(), PUBLIC | names)
                assert client.get("/documents/xin-99").status_code == 404
                asked += 1
        return asked

    with ThreadPoolExecutor(4) as street:
        citizens = [street.submit(citizen, number) for number in range(4)]
        try:
            command = [sys.executable, "-m", "policylib", "import", str(new)]
            subprocess.run(
                [*command, "--released", "--by", "王经办", "--json"],
                cwd=ROOT,
                env=_environment(where),
                check=True,
                capture_output=True,
                timeout=120,
            )
        finally:
            done.set()
        assert all(job.result(timeout=120) >= 3 for job in citizens)

    with httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(4):  # whichever worker answers
            page = client.get("/search", params={"facets": "type", "limit": 100}).json()
            assert {hit["id"] for hit in page["hits"]} == PUBLIC | names
            assert "暗渠" not in client.get("/search", params={"words": "暗渠管理"}).text
        standing = client.get("/health").json()
    assert standing["documents"] == len(PUBLIC) + NEW
    assert standing["journal"] == standing["index"] == len(RELEASED) + 1 + 1 + NEW
