"""Real decisions with the texts before and after them, where they are at hand."""

import difflib
import json
import unicodedata
from pathlib import Path

import pytest

from policylib.amending import Kind, amend, parse_decision
from policylib.amending.quotes import skeleton
from policylib.text.locator import Level
from policylib.text.outline import Outline

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the third-party texts are not here")
TRIPLES = sorted(DATA.glob("amendments/*/")) if DATA.is_dir() else []
PAIRS = sorted(DATA.glob("amendments_pairs/*/")) if DATA.is_dir() else []
SAID = {Kind.REPLACE, Kind.INSERT, Kind.PHRASE, Kind.RENAME}


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def lines(text: str) -> list[str]:
    """The text from its 引言 on, without white space and differences of width.

    What stands above (who passed it when, where the file comes from) is not amended by decisions.
    """
    first = next(
        (p.span.start for where, p in Outline.parse(text).walk() if where.steps[-1].level in _BODY),
        0,
    )
    body = unicodedata.normalize("NFKC", text[first:])
    bare = ("".join(line.replace("\u200b", "").split()) for line in body.split("\n"))
    return [line for line in bare if line]


_BODY = {Level.ARTICLE, Level.CHAPTER, Level.CONTENTS}


def residual(folder: Path) -> tuple[list[str], list[str]]:
    """Lines by which our text and the real one differ, and those that the record lists."""
    ours = lines(amend(read(folder, "base.md"), read(folder, "decision.md")).text)
    theirs = lines(read(folder, "result.md"))
    differ = difflib.unified_diff(ours, theirs, lineterm="", n=0)
    found = [line for line in differ if line[0] in "+-" and line[:3] not in {"+++", "---"}]
    listed = json.loads(read(folder, "meta.json"))["qa"]["reference_apply"]["residual_sample"]
    return found, listed


def squeezed(line: str) -> str:
    """A line without its article's label, whose script the record changes."""
    plain = "".join(unicodedata.normalize("NFKC", line).split())
    head, _, rest = plain.partition("条")
    return f"{plain[0]}{rest}" if len(head) < 9 and head[1:2] == "第" else plain


@pytest.mark.parametrize("folder", TRIPLES, ids=[folder.name for folder in TRIPLES])
def test_a_real_decision_gives_the_real_text(folder):
    found, listed = residual(folder)
    assert {squeezed(line) for line in found} == {squeezed(line) for line in listed}


@pytest.mark.parametrize("folder", TRIPLES, ids=[folder.name for folder in TRIPLES])
def test_only_a_wording_that_no_one_wrote_down_is_left_over(folder):
    result = amend(read(folder, "base.md"), read(folder, "decision.md"))
    assert all("没有写明修改哪些文字" in each.reason for each in result.unapplied)


@pytest.mark.parametrize("folder", PAIRS, ids=[folder.name for folder in PAIRS])
def test_every_quotation_is_the_new_text_of_one_instruction(folder):
    text = read(folder, "decision.md")
    decision = parse_decision(text)
    assert decision.not_understood == ()
    said = [each for each in decision.instructions if each.kind in SAID]
    for quote in skeleton(text).quotes:
        holders = [
            each for each in said if each.span[0] <= quote.start and quote.end <= each.span[1]
        ]
        assert len(holders) == 1
        known = (*holders[0].news, *holders[0].olds)
        assert all(paragraph in known for paragraph in quote.paragraphs)
        assert holders[0].targets or holders[0].becomes or holders[0].olds


@pytest.mark.parametrize("folder", PAIRS, ids=[folder.name for folder in PAIRS])
def test_every_new_text_stands_in_the_text_that_was_published(folder):
    result = unicodedata.normalize("NFKC", "".join(read(folder, "result.md").split()))
    for each in parse_decision(read(folder, "decision.md")).instructions:
        for line in each.news:
            assert unicodedata.normalize("NFKC", "".join(line.split())) in result


def test_the_table_of_all_triples(capsys):
    rows = []
    for folder in TRIPLES:
        result = amend(read(folder, "base.md"), read(folder, "decision.md"))
        found, listed = residual(folder)
        rows.append(
            (folder.name, len(result.applied), len(result.unapplied), len(found), len(listed))
        )
    with capsys.disabled():
        table = ["", f"{'applied':>8}{'left':>6}{'lines':>7}{'listed':>8}"]
        table.extend("{:>8}{:>6}{:>7}{:>8}  {}".format(*counts, name) for name, *counts in rows)
        print("\n".join(table))  # noqa: T201 - the table is what this is for
    assert all(row[3] == row[4] for row in rows)
