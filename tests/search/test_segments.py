"""Segments: what is written is read again, however often segments are joined."""

import random

import pytest

from policylib.search.segments import Row, Segments
from policylib.search.segments.writing import FEW, GROWTH, MOST, crowd

FIELDS = ("body", "title")


@pytest.fixture
def segments(tmp_path):
    return Segments.create(tmp_path, terms=FIELDS, columns_=("text",))


def row(key, words):
    terms = {name: {word.encode(): weight for word, weight in words.items()} for name in FIELDS}
    return Row(key, terms, {"text": f"{key}:{sorted(words.items())}".encode()})


def write(segments, rows, gone=(), settle=False):
    transaction = segments.writer(timeout=1)
    for key, words in rows.items():
        transaction.put(row(key, words))
    for key in gone:
        transaction.delete(key)
    transaction.commit(settle=settle)


def told(segments):
    """What the segments say: the text by key, and the impact by word and key."""
    snapshot = segments.read()
    texts, words = {}, {}
    for view, deleted in zip(snapshot.views, snapshot.deleted, strict=True):
        names = {}
        for key, docs in view.terms("key", b""):
            for doc in docs:
                if doc not in deleted:
                    names[doc] = key.decode()
                    texts[key.decode()] = bytes(view.column("text")[doc]).decode()
        for name in FIELDS:
            for word, _ in view.terms(name, b""):
                ids, impacts = view.postings(name, word)
                assert list(ids) == sorted(ids)
                assert len(ids) == view.frequency(name, word)
                for doc, impact in zip(ids, impacts, strict=True):
                    if doc in names:
                        words[name, word.decode(), names[doc]] = impact
    return texts, words


def expected(rows):
    texts = {key: f"{key}:{sorted(words.items())}" for key, words in rows.items()}
    words = {(n, w, k): i for k, each in rows.items() for w, i in each.items() for n in FIELDS}
    return texts, words


@pytest.mark.parametrize("seed", range(20))
def test_any_order_of_writing_replacing_deleting_and_joining(segments, seed):
    chance = random.Random(seed)
    held = {}
    for _ in range(12):
        rows = {
            f"k{chance.randrange(60)}": {
                f"词{chance.randrange(15)}": chance.randrange(1, 256)
                for _ in range(chance.randrange(6))
            }
            for _ in range(chance.randrange(12))
        }
        gone = [f"k{chance.randrange(60)}" for _ in range(chance.randrange(4))]
        gone = [key for key in gone if key not in rows]
        write(segments, rows, gone, settle=chance.random() < 0.5)
        held = {key: words for key, words in (held | rows).items() if key not in gone}
        assert told(segments) == expected(held)


def test_three_of_one_size_become_one_when_there_is_time(segments):
    for start in range(0, FEW * 300, 300):
        write(segments, {f"k{start + n}": {"税": 1} for n in range(300)})
    assert len(segments.read().views) == FEW
    write(segments, {"last": {"税": 2}}, gone=["k7"], settle=True)
    (view,) = segments.read().views
    assert view.size == FEW * 300
    assert len(view.postings("body", "税".encode())[0]) == FEW * 300


def test_few_segments_are_left_alone(segments):
    for start in range(0, FEW * 300, 300):
        write(segments, {f"k{start + n}": {"税": 1} for n in range(300)}, settle=True)
    assert len(segments.read().views) == FEW


def test_a_large_segment_stays_as_it_is(segments):
    write(segments, {f"k{n}": {"税": 1} for n in range(3_000)})
    name = segments.read().views[0].name
    for start in range(0, FEW * 50, 50):
        write(segments, {f"n{start + n}": {"税": 1} for n in range(50)})
    write(segments, {"last": {"税": 2}}, settle=True)
    left = [view.name for view in segments.read().views]
    assert len(left) < FEW
    assert name in left


def test_tidying_joins_what_is_too_much_and_else_leaves_all_as_it_is(segments):
    for n in range(GROWTH * FEW):
        write(segments, {f"k{n}": {"税": 1}})
    before = told(segments)
    for _ in range(3):
        segments.writer(timeout=1).tidy()
        assert told(segments) == before
    generation = segments.read().generation
    segments.writer(timeout=1).tidy()
    assert segments.read().generation == generation
    write(segments, {"next": {"税": 1}})
    assert "next" in told(segments)[0]


def test_many_small_writes_leave_few_segments(segments):
    most = 0
    for n in range(120):
        write(segments, {f"k{n}": {"税": 1}})
        most = max(most, len(segments.read().views))
    assert most < MOST
    assert len(told(segments)[0]) == 120


def released(sizes, settle):
    """Sizes after one more document, and how many others were moved for it."""
    count = crowd(sizes, 1, settle=settle)
    return sorted([*sizes[count:], 1 + sum(sizes[:count])]), sum(sizes[:count])


def test_thousands_of_releases_move_few_documents_and_leave_few_segments():
    sizes, moved, most = [20_000], [], 0
    for _ in range(6_000):
        sizes, count = released(sizes, settle=False)
        moved.append(count)
        most = max(most, len(sizes))
    assert sum(sizes) == 26_000
    assert most <= MOST
    assert sum(moved) < 6 * len(moved)
    assert sorted(moved)[int(len(moved) * 0.95)] < 3 * GROWTH
    assert max(moved) < 1_000


def test_what_releases_leave_is_joined_at_night():
    sizes = [20_000]
    for _ in range(700):
        sizes, _ = released(sizes, settle=False)
    for _ in range(3):
        count = crowd(sizes, 0, settle=True)
        sizes = sorted([*sizes[count:], sum(sizes[:count])]) if count else sizes
    assert len(sizes) <= 2 * GROWTH
    assert crowd(sizes, 0, settle=True) == 0


def test_more_segments_than_most_are_joined_whatever_their_size():
    sizes = sorted(GROWTH**12 + n for n in range(MOST))
    assert crowd(sizes, 1, settle=False) == MOST // 2


def test_all_rows_may_go(segments):
    write(segments, {"a": {"税": 1}})
    write(segments, {}, gone=["a"], settle=True)
    assert told(segments) == ({}, {})
    write(segments, {"b": {"费": 3}})
    assert told(segments) == expected({"b": {"费": 3}})


def test_the_last_word_on_a_row_in_one_transaction_counts(segments):
    write(segments, {"a": {"old": 1}})
    transaction = segments.writer(timeout=1)
    transaction.put(row("a", {"new": 2}))
    transaction.put(row("b", {"new": 3}))
    transaction.delete("b")
    transaction.delete("a")
    transaction.put(row("a", {"newest": 4}))
    transaction.put(row("c", {"new": 5}))
    transaction.delete("c")
    transaction.commit()
    assert told(segments) == expected({"a": {"newest": 4}})
