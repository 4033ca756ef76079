"""The header keys of consultations, feedback and interpretations, in files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import DocumentFile, DocumentType, Header, ParseError
from policylib.model.document import Opinion
from policylib.model.opinions import counts
from policylib.model.vocabulary import (
    INTERPRETATION_FORMS,
    Channel,
    Disposition,
    InterpretationForm,
    Interpreter,
)

SAMPLES = Path(__file__).resolve().parents[2] / "sample_docs"
WORDS = st.text(st.characters(categories=["Lo", "Nd"]), min_size=1, max_size=12)
OPINIONS = st.lists(
    st.fixed_dictionaries(
        {"text": WORDS, "disposition": st.sampled_from([str(each) for each in Disposition])},
        optional={"reason": WORDS, "source": WORDS,
                  "channel": st.sampled_from([str(each) for each in Channel])},
    ),
    max_size=6,
)  # fmt: skip


@given(
    st.fixed_dictionaries(
        {"title": WORDS},
        optional={
            "opens_on": st.dates().map(str),
            "closes_on": st.dates().map(str),
            "channels": st.lists(st.sampled_from([str(each) for each in Channel]), unique=True),
            "urgency": WORDS,
            "opinions": OPINIONS,
            "interpretation_form": st.sampled_from([str(each) for each in InterpretationForm]),
            "interpreter": st.sampled_from([str(each) for each in Interpreter]),
            "needs_interpretation": st.booleans(),
        },
    )
)
def test_what_is_written_is_read_again(fields: dict[str, Any]) -> None:
    made = DocumentFile.build(fields, "正文\n")
    data = made.to_bytes()
    read = DocumentFile.parse(data)
    assert read.header == made.header
    assert read.to_bytes() == data
    found = counts(read.header.opinions)
    assert (
        found.received == found.adopted + found.partly + found.rejected == len(read.header.opinions)
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [("是", True), ("否", False), ("未定", None), ("true", True), ("false", False), ("", None)],
)
def test_yes_no_and_undecided(written: str, meant: bool | None) -> None:
    text = f"---\ntitle: 办法\nneeds_interpretation: {written}\n---\n正文\n"
    assert DocumentFile.parse(text).header.needs_interpretation is meant


@pytest.mark.parametrize("word", INTERPRETATION_FORMS)
def test_other_words_for_a_form(word: str) -> None:
    assert Header(title="解读", interpretation_form=word).interpretation_form in InterpretationForm


@pytest.mark.parametrize(
    "line",
    ["interpretation_form: 快板", "channels: [飞鸽]", "needs_interpretation: 也许",
     "opinions: [{text: 甲}]", "opinions: [{text: 甲, disposition: 采纳, name: 张三}]",
     "opinions: [{text: '', disposition: 采纳}]", "received: 6"],
)  # fmt: skip
def test_what_is_refused(line: str) -> None:
    with pytest.raises(ParseError):
        DocumentFile.parse(f"---\ntitle: 反馈\n{line}\n---\n正文\n")


def test_a_channel_may_stand_alone() -> None:
    text = "---\ntitle: 征集\nchannels: 网上\n---\n正文\n"
    assert DocumentFile.parse(text).header.channels == (Channel.ONLINE,)


def test_one_key_is_changed_and_the_opinions_stay_as_written() -> None:
    path = SAMPLES / "released/consultation/fk-gaoling-2023.md"
    file = DocumentFile.parse(path.read_bytes())
    changed = file.with_fields(contact="0569-0000000").to_bytes()
    before = path.read_text("utf-8").splitlines()
    differ = [one for one in changed.decode().splitlines() if one not in before]
    assert differ == ["contact: 0569-0000000"]


def samples(kind: DocumentType) -> list[tuple[str, DocumentFile]]:
    files = [(each.stem, DocumentFile.parse(each.read_bytes())) for each in SAMPLES.rglob("*.md")
             if each.name != "README.md"]  # fmt: skip
    return [(name, file) for name, file in files if file.header.type is kind]


def test_the_samples_are_filled_in_from_their_text() -> None:
    asked = samples(DocumentType.CONSULTATION)
    assert len(asked) == 4
    for _, file in asked:
        header = file.header
        assert header.opens_on
        assert header.closes_on
        assert header.channels
        days = [
            f"{day.year}年{day.month}月{day.day}日" for day in (header.opens_on, header.closes_on)
        ]
        assert re.search(rf"{days[0]}至{days[1]}", file.body)
    answered = samples(DocumentType.FEEDBACK)
    assert len(answered) == 3
    for _, file in answered:
        found = counts(file.header.opinions)
        for number, word in ((found.received, "收到意见(?:建议)?"), (found.adopted, "，?采纳"),
                             (found.partly, "部分采纳"), (found.rejected, "未采纳")):  # fmt: skip
            assert re.search(f"{word}{number}条", file.body)
        assert all(each.text in file.body for each in file.header.opinions)
    explained = samples(DocumentType.INTERPRETATION)
    assert len(explained) == 12
    assert all(file.header.interpretation_form for _, file in explained)


def test_counts_are_said_as_a_feedback_says_them() -> None:
    opinions = [Opinion(text="甲", disposition=each) for each in Disposition]
    assert str(counts(opinions)) == "收到3条，采纳1条，部分采纳1条，未采纳1条"
