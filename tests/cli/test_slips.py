"""A clumsy clerk: whatever is typed, the answer is one Chinese sentence that says what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cli.conftest import Run, Said
from tests.library.office import paper

from policylib import Library
from policylib.cli import main

ACT = ("--by", "甲", "--role", "reviewer")
# words typed, exit code, what is said; {} is the library
SLIPS: tuple[tuple[str, int, str], ...] = (
    ("", 2, "缺少参数：命令"),
    ("serach 高龄", 2, "没有“serach”，可选：init、"),
    ("search 高龄", 2, "--library"),
    ("search 高龄 --library /没有/这里", 2, "没有文件库，请先运行 python -m policylib init"),
    ("search 高龄 --library", 2, "后面应写一个值"),
    ("search 高龄 --librar {}", 2, "不认识的参数"),
    ("search 高龄 --library sqlite://", 1, "sqlite:////目录/library.db"),
    ("search 高龄 --library {} --limit 十", 2, "“十”应为零或正整数"),
    ("search 高龄 --library {} --limit -1", 2, "--limit"),
    ("search 高龄 --library {} --limit 5000", 2, "0 到 1000"),
    ("search 高龄 --library {} --offset 99999999999", 2, "应为零或正整数"),
    ("search 高龄 --library {} --on 2024-13-40", 2, "月份应为1至12"),
    ("search 高龄 --library {} --from 去年", 2, "不是可识别的日期"),
    ("search 高龄 --library {} --sort 时间", 2, "不能按“时间”排序，可用："),
    ("search 高龄 --library {} --facet 机构", 2, "不能按“机构”统计，可用："),
    ("search 高龄 --library {} --validity 有效", 2, "没有“有效”这种时效性，可用："),
    ("show 没有 --library {}", 1, "没有标识或文号为“没有”的文件，可用 list 或 search 查找"),
    ("show --library {}", 2, "缺少参数：标识或文号"),
    ("links 甲 --confirm a --retract b --by 甲 --library {}", 2, "不能同时写 --confirm"),
    ("links 甲 --json=a --library {}", 2, "--json: 不带值，请去掉 'a'"),
    ("validity 没有 --library {}", 1, "没有标识或文号"),
    ("validity 高龄 --on 今天 --library {}", 2, "不是可识别的日期"),
    ("due --within 三天 --library {}", 2, "“三天”不是期限"),
    ("due --within 99999999999d --library {}", 2, "不是期限"),
    ("due --within -3d --library {}", 2, "--within"),
    ("list --stage 草稿 --library {}", 2, "没有阶段“草稿”，可选：立项、起草、征求意见"),
    ("list --limit -1 --library {}", 2, "--limit"),
    ("import /没有 --by 甲 --library {}", 2, "找不到“/没有”"),
    ("import . --library {}", 2, "缺少参数：--by"),
    ("init --library {} --organs /没有.yaml", 1, "找不到机关名录"),
    ("act 审批 高龄 --by 甲 --role reviewer --library {}", 2, "没有“审批”，可选：draft、revise"),
    ("act review 高龄 --by 甲 --role 领导 --library {}", 2, "没有“领导”，可选：drafter"),
    ("act review 高龄 --by 甲 --library {}", 2, "缺少参数：--role"),
    ("act review 草稿 --by 甲 --role drafter --library {}", 1, "“审核”应由审核人办理，当前角色是起草人"),
    ("act review 没有 --by 甲 --role reviewer --library {}", 1, "没有标识或文号"),
    ("act review 草稿 --by 甲 --role reviewer --set tags --library {}", 2, "应写作 键=值"),
    ("act review 草稿 --by 甲 --role reviewer --set titel=甲 --library {}", 1, "titel"),
    ("act review 草稿 --by 甲 --role reviewer --set kind=甲 --set kind=乙 --library {}", 2, "设置了两次"),
    ("act review 草稿 --by 甲 --role reviewer --set tags=[甲 --library {}", 2, "YAML"),
    ("act revise 草稿 --by 甲 --role drafter --body /没有 --library {}", 2, "找不到“/没有”"),
    ("act repeal 高龄 --by 甲 --role publisher --library {}", 1, "请写明废止的依据"),
    ("act repeal 高龄 --made-by 没有 --by 甲 --role publisher --library {}", 1, "没有标识或文号"),
    ("act repeal 高龄 --made-by 草稿 --by 甲 --role publisher --library {}", 1, "还没有公布"),
    ("check 没有这个文件", 2, "找不到“没有这个文件”"),
    ("check", 2, "--library"),
    ("check --code 甲 --library {}", 2, "检查项"),
    ("check 没有 --library {}", 1, "没有标识或文号"),
    ("restore /没有 --library {}/新", 1, "没有找到备份文件"),
    ("backup /没有/这里/x --library {}", 1, "权限"),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "code", "told"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_answered_in_chinese(
    run: Run, where: Path, typed: str, code: int, told: str
) -> None:
    words = [word.format(where) for word in typed.split()]
    said = run(*words)
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert re.match("错误：|不予办理：", said.err)
    assert "Traceback" not in said.err
    in_json = run(*words, "--json") if words else Said(code, '{"error": ""}', "")
    assert (in_json.code, in_json.err) == (code, "")
    assert len(in_json.json) == 1
    assert next(iter(in_json.json)) in {"error", "refused"}


def test_the_library_may_be_named_in_the_environment(
    run: Run, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYLIB_LIBRARY", str(where))
    assert run("search", "高龄津贴", "--json").json["total"] == 1
    assert run("list", "--library", "/没有/这里").code == 2
    monkeypatch.setenv("POLICYLIB_LIBRARY", "")
    assert run("list").code == 2


ODD = (
    '"', '"""', "“高龄", "”“", "-", "--", "-高龄", "- 高龄", "(", ")", "((高龄)", "AND", "高龄 OR",
    "NOT 高龄", "*", "高*", "?", "高龄~", "^2", "title:高龄", "id:[* TO *]", "\\", "\\\\", "'", ";--",
    "高龄\x00津贴", "\x1b[31m", "😀", "👨‍👩‍👧", "高龄😀津贴", "\ud83d", "\u202e高龄", "\ufeff高龄", "％",
    "〔2024〕1号", "青政〔〕号", "第一条", "%s%s", "{0}", "<b>", "\n\n", "　", "１２３", "-\"高龄\"",
)  # fmt: skip


@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_just_words(run: Run, where: Path, words: str) -> None:
    said = run("search", "--library", where, "--json", "--", words)
    assert (said.code, said.err) == (0, "")
    assert said.json["total"] == len(said.json["hits"]) <= 4
    assert run("search", "--library", where, "--", words).code == 0


@given(words=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_words_may_be_searched(where: Path, words: str) -> None:
    with Library.open(where) as library:
        results = library.search(words)
        assert 0 <= len(results.hits) <= results.total <= 4
        json.dumps(results.as_dict())


def test_words_may_be_left_out(run: Run, where: Path) -> None:
    every = run("search", "青山县", "办法", "--library", where, "--json").json
    some = run("search", "办法", "-住房", "--library", where, "--json").json
    assert "住房" in {hit["id"] for hit in every["hits"]}
    assert "住房" not in {hit["id"] for hit in some["hits"]}
    assert some["total"] >= 1


def test_a_very_long_query_is_refused_at_once(run: Run, where: Path) -> None:
    said = run("search", "高" * 100_000, "--library", where, "--json")
    assert said.code == 2
    assert "检索词过长（100000 字" in said.json["error"]
    assert len(said.out) < 500


def test_a_reader_that_has_seen_enough_is_no_fault(where: Path, papers: Path) -> None:
    import sys

    with Library.open(where) as library:
        rows = [{"id": f"件{n}", "title": f"第{n}号公告" * 20, "body": "正文"} for n in range(300)]
        (papers / "批.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
        library.import_files([papers / "批.jsonl"], by="王芳")
    command = [sys.executable, "-m", "policylib", "list", "--json", "--limit", "300"]
    with subprocess.Popen(
        [*command, "--library", str(where)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.read(10)
        child.stdout.close()
        errors = child.stderr.read().decode()
        assert (child.wait(30), errors) == (0, "")


def test_a_terminal_that_cannot_show_a_character_is_no_fault(where: Path) -> None:
    import sys

    said = subprocess.run(
        [sys.executable, "-m", "policylib", "search", "高龄津贴", "--library", str(where)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, b"")
    assert b"\\u9ad8\\u9f84" in said.stdout


#: Do everything once on a library that may be written, then step down and type the words.
STEP_DOWN = """
import contextlib, io, os, sys
from policylib.cli import main
free, paper, *words = sys.argv[1:]
act = ["--by", "甲", "--role", "reviewer", "--library", free]
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    main(["act", "review", "草稿", *act])
    main(["add", paper, "--by", "甲", "--library", free])
    main(["reindex", "--library", free])
    main(["search", "高龄", "--library", free])
    main(["list", "--library", free])
if os.geteuid() == 0:
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
sys.exit(main(words))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_a_folder_that_may_not_be_written(
    where: Path, process: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """As another user when the tests run as root, who may write anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        library, free = Path(folder) / "只读", Path(folder) / "可写"
        shutil.copytree(where, library)
        for path in (library, *library.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        paper_ = paper(Path(folder) / "文件", "新办法")

        def type_(*words: object) -> subprocess.CompletedProcess[str]:
            shutil.rmtree(free, ignore_errors=True)
            shutil.copytree(where, free)
            return process("-c", STEP_DOWN, free, paper_, *words, "--library", library)

        for words in (("add", paper_, "--by", "甲"), ("reindex",), ("search", "高龄")):
            said = type_(*words)
            assert said.returncode == 1, (words, said.stdout, said.stderr)
            assert "权限" in said.stderr
            assert "Traceback" not in said.stderr
            assert said.stdout == ""
        said = type_("act", "review", "草稿", *ACT, "--json")
        assert "权限" in json.loads(said.stdout)["error"]
        for path in (library, *library.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_interrupting_says_that_nothing_is_lost(
    run: Run, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "reindex", interrupt)
    said = run("reindex", "--library", where)
    assert (said.code, "已中断" in said.err) == (130, True)


# -- what is loaded -------------------------------------------------------------------------------

LOADED = "import sys; from policylib.cli import main; code = main({!r}); print(*sys.modules); sys.exit(code)"
HEAVY = ("sqlalchemy", "alembic", "pydantic", "yaml", "jieba", "rjieba", "rich", "markdown_it")


@pytest.mark.parametrize("words", [["search", "高龄津贴"], ["search", "青政〔2024〕1号", "--json"],
                                   ["search", "--validity", "现行有效", "--facet", "year"]])  # fmt: skip
def test_a_search_loads_no_database_package(
    where: Path, process: Callable[..., subprocess.CompletedProcess[str]], words: list[str]
) -> None:
    said = process("-c", LOADED.format([*words, "--library", str(where)]))
    assert said.returncode == 0, said.stderr
    modules = {name.split(".")[0] for name in said.stdout.splitlines()[-1].split()}
    assert "whoosh" in modules
    assert modules & set(HEAVY) == set()


@pytest.mark.parametrize("words", [["--help"], ["search", "--help"], ["act", "-h"], ["--version"]])
def test_help_loads_next_to_nothing(
    process: Callable[..., subprocess.CompletedProcess[str]], words: list[str]
) -> None:
    code = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules));"
        f"from policylib.cli import main; main({words!r})"
    )
    said = process("-c", code)
    assert said.returncode == 0, said.stderr
    modules = {name.split(".")[0] for name in said.stdout.splitlines()[-1].split()}
    assert modules & {*HEAVY, "whoosh"} == set()
    assert words == ["--version"] or said.stdout.startswith("用法：policylib")


def test_both_doors_are_one(
    where: Path, process: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    said = process("-m", "policylib", "search", "高龄津贴", "--library", where, "--json")
    assert (said.returncode, json.loads(said.stdout)["total"]) == (0, 1)
    assert process("-m", "policylib", "search", "--library", "/没有").returncode == 2
    assert main(["search", "高龄津贴", "--library", str(where), "--json"]) == 0
