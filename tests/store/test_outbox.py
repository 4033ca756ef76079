"""The ledger of what was pushed: a message is told once, an output is whole or not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policylib import BackendError
from policylib.store.outbox import Outbox

DAYS = {"since": date(2026, 3, 1), "on": date(2026, 3, 2)}


def sent(outbox: Outbox, folder: Path, *digests: bytes) -> list[bytes]:
    with outbox.run(folder, **DAYS) as run:
        new = sorted(run.fresh(digests))
        run.part.write_bytes(b"".join(new))
    assert run.goal.read_bytes() == b"".join(new)
    return new


def breaks_off(outbox: Outbox, folder: Path) -> None:
    with outbox.run(folder, **DAYS) as run:
        run.fresh([b"a"])
        run.part.write_bytes(b"a")
        raise RuntimeError


def test_a_message_is_new_once(tmp_path: Path) -> None:
    with Outbox(tmp_path / "台账.db") as outbox:
        assert sent(outbox, tmp_path, b"a", b"b") == [b"a", b"b"]
        assert sent(outbox, tmp_path, b"b", b"c", b"c") == [b"c"]
        assert outbox.fresh([b"c", b"d"]) == {b"d"}
        assert outbox.last(date(2026, 3, 2)) == date(2026, 3, 2)
        assert outbox.last(date(2026, 3, 1)) is None


def test_many_are_looked_up_at_once(tmp_path: Path) -> None:
    many = [number.to_bytes(4, "big") for number in range(3_000)]
    with Outbox(tmp_path / "台账.db") as outbox:
        assert len(sent(outbox, tmp_path, *many[:2_000])) == 2_000
        assert len(sent(outbox, tmp_path, *many)) == 1_000


def test_after_an_error_nothing_was_told_and_nothing_is_there(tmp_path: Path) -> None:
    with Outbox(tmp_path / "台账.db") as outbox:
        with pytest.raises(RuntimeError):
            breaks_off(outbox, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["台账.db"]
        assert outbox.settle() == 0
        assert sent(outbox, tmp_path, b"a") == [b"a"]


def test_an_output_without_its_name_gets_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Outbox(tmp_path / "台账.db") as outbox:

        def fails(path: Path, goal: Path) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(Path, "rename", fails)
            with pytest.raises(BackendError, match="再运行一次"):
                sent(outbox, tmp_path, b"a")
        assert not list(tmp_path.glob("push-*"))
        assert outbox.settle() == 1
        (goal,) = tmp_path.glob("push-*")
        assert goal.read_bytes() == b"a"
        assert outbox.fresh([b"a"]) == set()


def test_an_output_that_was_taken_away_counts_as_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Outbox(tmp_path / "台账.db") as outbox:
        with monkeypatch.context() as broken:
            broken.setattr(Outbox, "_finish", lambda *_: None)  # dies here
            with outbox.run(tmp_path, **DAYS) as run:
                run.fresh([b"a"])
                run.part.write_bytes(b"a")
        run.part.unlink()  # renamed, and fetched by whoever sends
        assert outbox.settle() == 0
        assert outbox.fresh([b"a"]) == set()


def test_a_damaged_ledger_is_said_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "台账.db"
    path.write_bytes(b"no database" * 1_000)
    for open_ in (Outbox, Outbox.reading):
        with pytest.raises(BackendError, match=r"推送台账“台账\.db”"):
            open_(path)


def test_asking_makes_no_file(tmp_path: Path) -> None:
    with Outbox.reading(tmp_path / "台账.db") as outbox:
        assert outbox.fresh([b"a"]) == {b"a"}
        assert outbox.last(date(2026, 3, 2)) is None
    assert list(tmp_path.iterdir()) == []
