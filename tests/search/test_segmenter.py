"""jieba and rjieba give the same words; jieba keeps to itself."""

from __future__ import annotations

import importlib.util
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from policylib.search import segmenter
from policylib.search.analysis import Analyser, fold, pairs
from policylib.search.entry import Entry

needs_rjieba = pytest.mark.skipif(
    importlib.util.find_spec("rjieba") is None, reason="rjieba is an extra and not installed"
)


@needs_rjieba
def test_both_segmenters_give_the_same_words(entries: list[Entry]) -> None:
    slow, fast = Analyser(segmenter.load("jieba")), Analyser(segmenter.load("rjieba"))
    for entry in entries:
        assert slow.words(fold(entry.body)) == fast.words(fold(entry.body)), entry.id


def test_jieba_keeps_its_cache_in_the_private_folder_and_prints_nothing(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from policylib.search import segmenter;"
        f"s = segmenter.load('jieba', cache=Path({str(tmp_path / 'jieba')!r}));"
        "assert '政策' in list(s.cut('政策找人'))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=True, env={"TMPDIR": str(tmp_path / "tmp"), "PATH": ""},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
    assert (tmp_path / "jieba" / "jieba.cache").is_file()
    assert stat.S_IMODE((tmp_path / "jieba").stat().st_mode) == 0o700


def test_folding_keeps_every_offset() -> None:
    text = "ＡＢＣ　Test１２３號İß，。\n\t①ｚ"
    assert len(fold(text)) == len(text)
    assert fold("ＡＢｃ１　號") == "abc1 号"


def test_pairs_stay_within_a_run_of_han() -> None:
    assert dict(pairs("社会，保险a费用")) == {"社会": 1, "保险": 1, "费用": 1}


def test_words_count_the_words_inside_them() -> None:
    words = Analyser(segmenter.load()).words("社会保险费和社会")
    assert words["社会"] == 2
    assert words["保险"] == 1
    assert "，" not in Analyser(segmenter.load()).words("甲，乙。")
