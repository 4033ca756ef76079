"""The manifest: equal content gives equal bytes, one change touches one segment, nothing is taken on trust."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylib.errors import ParseError
from policylib.model.vocabulary import Validity
from policylib.samesource.feed import atom
from policylib.samesource.keyring import hand_over, parse_handovers, parse_signatures, reaches
from policylib.samesource.manifest import (
    Entry,
    Manifest,
    Text,
    Turn,
    bucket,
    build,
    parse_root,
    parse_segment,
)
from policylib.samesource.signing import Signer, fingerprint, plain_fingerprint, verify
from policylib.samesource.sketching import resemblance, sketch

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
days = st.dates()
words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
made = st.builds(
    Entry,
    id=words.filter(lambda text: ".." not in text),
    title=words,
    doc_number=st.none() | words,
    released_on=st.none() | days,
    turns=st.lists(
        st.builds(Turn, on=st.none() | days, validity=st.sampled_from(list(Validity)), reason=words), max_size=3
    ).map(tuple),
    texts=st.lists(st.builds(Text, since=st.none() | days, digest=st.just("0" * 64)), max_size=2).map(tuple),
)  # fmt: skip
many = st.lists(made, max_size=12, unique_by=lambda entry: entry.id)


def manifest(entries: list[Entry], version: int = 1) -> Manifest:
    return build(entries, authority="青山县人民政府", version=version, made_at=NOW)


def read_back(manifest: Manifest) -> list[Entry]:
    root = parse_root(manifest.data)
    return [
        entry
        for segment in root.segments
        for entry in parse_segment(manifest.segments[segment.sha256], segment, root.bits)
    ]


@settings(max_examples=40)
@given(many)
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    found = read_back(manifest(entries))
    assert sorted(found, key=lambda e: e.id) == sorted(entries, key=lambda e: e.id)


@settings(max_examples=40)
@given(many, st.randoms(use_true_random=False))
def test_order_does_not_matter(entries: list[Entry], random: object) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert manifest(entries).data == manifest(shuffled).data


def test_one_change_touches_one_segment() -> None:
    entries = [Entry(id=f"文件{n}", title=f"青山县第{n}号办法") for n in range(2_000)]
    before = manifest(entries)
    entries[7] = Entry(id="文件7", title="改了名")
    after = manifest(entries, 2)
    assert len(before.segments) >= 16
    assert len(set(after.segments) - set(before.segments)) == 1
    with pytest.raises(ParseError, match="两次"):
        manifest([entries[0], entries[0]])


@settings(max_examples=40)
@given(many, st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_is_seen(entries: list[Entry], place: int, bit: int) -> None:
    whole = manifest([*entries, Entry(id="总有一份", title="办法")])
    root = whole.root
    segment = root.segments[place % len(root.segments)]
    data = bytearray(whole.segments[segment.sha256])
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(ParseError):
        parse_segment(bytes(data), segment, root.bits)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda t: json.dumps(t).encode()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (parse_root, parse_handovers, parse_signatures):
        try:
            read(data)
        except ParseError:
            continue


@pytest.mark.parametrize("data", [b"[" * 500_000, b'{"a":' * 100_000, b"1" * 100_000])
def test_deep_and_long_json_is_refused(data: bytes) -> None:
    for read in (parse_root, parse_handovers, parse_signatures):
        with pytest.raises(ParseError):
            read(data)


def test_a_root_that_does_not_agree_with_itself_is_refused() -> None:
    whole = manifest([Entry(id=str(n), title="办法") for n in range(300)])
    fields = json.loads(whole.data)
    for change in ({"count": 299}, {"bits": 0}, {"segments": fields["segments"][::-1]}, {"version": 0},
                   {"segments": fields["segments"] * 2}, {"format": "policylib manifest 2"}):  # fmt: skip
        with pytest.raises(ParseError):
            parse_root(json.dumps(fields | change).encode())
    segment = whole.root.segments[0]
    other = segment.model_copy(update={"bucket": segment.bucket ^ 1})
    with pytest.raises(ParseError, match="不属于"):
        parse_segment(whole.segments[segment.sha256], other, whole.root.bits)


def test_keys_that_a_later_version_adds_are_passed_over() -> None:
    line = json.loads(Entry(id="甲", title="办法").line) | {"later": [1]}
    assert Entry.model_validate(line) == Entry(id="甲", title="办法")


@given(words, st.integers(0, 16))
def test_buckets_refine(id: str, bits: int) -> None:
    assert bucket(id, 16) >> (16 - bits) == bucket(id, bits)


@settings(max_examples=40)
@given(many, days)
def test_the_feed_is_xml_whatever_is_in_it(entries: list[Entry], on: object) -> None:
    from xml.etree import ElementTree

    data = atom(entries, authority="青山县<&>", address="https://a.cn/?a=1&b=2", on=on)  # type: ignore[arg-type]
    assert ElementTree.fromstring(data).tag.endswith("feed")


# -- keys ---------------------------------------------------------------------------------------------


def test_a_signature_is_for_its_purpose_and_its_bytes() -> None:
    key, other = Signer.new(), Signer.new()
    signature = key.sign("manifest 1", b"data")
    assert verify(key.public, signature, "manifest 1", b"data")
    assert not verify(key.public, signature, "key 1", b"data")
    assert not verify(key.public, signature, "manifest 1", b"Data")
    assert not verify(other.public, signature, "manifest 1", b"data")
    assert not verify("AAAA", "?", "manifest 1", b"data")
    assert Signer.load(key.pem()).public == key.public
    assert plain_fingerprint(fingerprint(key.public).upper()) == fingerprint(key.public)
    for wrong in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff"):
        with pytest.raises(ParseError):
            Signer.load(wrong)
    assert key.pem().decode()[40:60] not in repr(key)


def test_only_a_chain_of_good_handovers_leads_on() -> None:
    one, two, three, thief = (Signer.new() for _ in range(4))
    first, second = hand_over("甲", one, two, NOW), hand_over("甲", two, three, NOW)
    assert reaches([first, second], "甲", one.public, three.public)
    assert not reaches([second], "甲", one.public, three.public)
    assert not reaches([first, second], "乙", one.public, three.public)
    assert not reaches([first, second], "甲", three.public, one.public), "not backwards"
    forged = second.model_copy(update={"new": thief.public})
    assert not reaches([first, forged], "甲", one.public, thief.public)


@given(st.text(max_size=300))
def test_a_sketch_is_like_itself(text: str) -> None:
    found = sketch(text)
    assert len(found) <= 64
    assert resemblance(found, found) == (1.0 if found else 0.0)


def test_resemblance_is_about_the_share() -> None:
    base = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(4_000))
    other = "".join(chr(0x4E00 + (n * 104_729) % 20_000) for n in range(4_000))
    mixed = resemblance(sketch(base), sketch(base[:3_000] + other[3_000:]))
    assert 0.4 <= mixed <= 0.8  # 0.6 by the sets
    assert resemblance(sketch(base), sketch(other)) < 0.1
