"""Several officers at once, processes that die, processes that fork."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.store import recorder
from tests.store.county import change, clerk, document, opener, revised

from policylib.errors import Conflict
from policylib.store import open_store
from policylib.store.sql import SqlStore

SPAWN = multiprocessing.get_context("spawn")


def test_eight_officers_at_once_lose_nothing(store: SqlStore, url: str) -> None:
    store.record([change(document("共同起草"))])
    with ProcessPoolExecutor(8, mp_context=SPAWN) as office:
        jobs = [office.submit(clerk, url, f"科员{number}", 40) for number in range(8)]
        shared = sum(job.result()[0] for job in jobs)
    assert shared == 8 * 20
    assert store.document("共同起草").version == 1 + shared
    assert store.count() == 1 + 8 * 20
    assert store.head() == 1 + 8 * 40
    assert store.verify() == ()


def test_threads_share_one_store(store: SqlStore) -> None:
    draft = document("甲")
    store.record([change(draft)])
    together = threading.Barrier(8)

    def revise(number: int) -> bool:
        together.wait()
        try:
            store.record([change(revised(draft), actor=f"科员{number}")])
        except Conflict:
            return False
        return store.document("甲").version == 2

    with ThreadPoolExecutor(8) as office:
        assert sorted(office.map(revise, range(8))) == [False] * 7 + [True]
    assert store.verify() == ()


def test_many_processes_may_make_one_library(url: str) -> None:
    with ProcessPoolExecutor(6, mp_context=SPAWN) as office:
        assert [job.result() for job in [office.submit(opener, url) for _ in range(6)]] == [0] * 6
    with open_store(url) as store:
        assert store.verify() == ()


ROUNDS = int(os.environ.get("POLICYLIB_CRASH_ROUNDS", "15"))


def test_what_was_acknowledged_survives_kill_9(store: SqlStore, url: str) -> None:
    chance = random.Random(20240701)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    for number in range(ROUNDS):
        prefix = f"第{number}回"
        child = subprocess.Popen(
            [sys.executable, str(Path(recorder.__file__)), url, prefix],
            stdout=subprocess.PIPE,
            env={**env, "PYTHONIOENCODING": "utf-8"},
        )
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        killer = threading.Timer(chance.uniform(0, 0.3), child.kill)
        killer.start()
        lines += child.stdout.readlines()
        killer.join()
        child.stdout.close()
        assert child.wait() != 0

        told = [line.decode().strip() for line in lines if line.endswith(b"\n")]
        assert told
        saved = store.documents(f"{each}-{part}" for each in told for part in range(3))
        assert len(saved) == 3 * len(told)
        texts = store.editions_on(f"{each}-0" for each in told)
        assert all(texts[f"{each}-0"].number == 2 for each in told)
        assert store.verify() == ()
    store.record([change(document("照常办理"))])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_its_own_connections(store: SqlStore) -> None:
    store.record([change(document("甲"))])
    stop = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            store.record([change(document(f"父-{number}"))])
            number += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    children = []
    for number in range(5):
        child = os.fork()
        if child == 0:
            try:
                store.record([change(document(f"子-{number}"))])
                os._exit(0 if store.document("甲").version == 1 else 1)
            except BaseException:  # noqa: BLE001 - a child must never run the parent's tests
                os._exit(2)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    stop.set()
    writer.join()
    assert codes == [0] * 5
    assert len(store.documents(f"子-{number}" for number in range(5))) == 5
    assert store.verify() == ()
