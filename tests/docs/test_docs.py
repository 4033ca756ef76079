"""The documentation: as generated, with links that lead somewhere and commands that are real."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.build import DOCS, PASSAGES, pages, subcommands

import policylib
from policylib.cli import main
from policylib.cli.parser import build

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    and path.relative_to(ROOT).parts[0] not in ("sample_docs", "build", "dist", "tests")
)
_LINK = re.compile(r"(?<!\!)\[[^\]\n]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def blocks(path: Path, *languages: str) -> list[str]:
    """The code blocks of a page, of some languages."""
    found = _BLOCK.finditer(path.read_text("utf-8"))
    return [each["text"] for each in found if not languages or each["language"] in languages]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# -- drift --------------------------------------------------------------------------------------


def test_generated_passages_are_what_the_code_says() -> None:
    stale = [
        name_of(path)
        for path, text in pages().items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    assert stale == [], "python docs/build.py"


def test_generating_again_changes_nothing_and_uses_every_passage() -> None:
    assert pages() == pages()
    opened = re.findall(
        r"<!-- generated: ([a-z-]+) -->", "".join(p.read_text("utf-8") for p in DOCS.glob("*.md"))
    )
    assert sorted(opened) == sorted(PASSAGES)


# -- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = _CODE.sub("", path.read_text("utf-8"))
    broken = []
    for target in _LINK.findall(text):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):  # another place, not a file of ours
            continue
        file, _, anchor = target.partition("#")
        found = path.parent / file if file else path
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """What a link into a page may name: its headings and its ``id`` marks."""
    text = path.read_text("utf-8")
    headings = re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    slugs = {
        re.sub(r"[^\w\- ]", "", re.sub(r"<[^>]*>", "", each)).strip().lower().replace(" ", "-")
        for each in headings
    }
    return slugs | set(re.findall(r'id="([^"]+)"', text))


def test_every_page_of_docs_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [README]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.is_dir():
            waiting += sorted(path.glob("*.md"))
        elif path.suffix == ".md":
            targets = _LINK.findall(_CODE.sub("", path.read_text("utf-8")))
            near = [(path.parent / target.partition("#")[0]).resolve() for target in targets]
            waiting += [each for each in near if each.exists() and each.is_relative_to(ROOT)]
    assert [name_of(path) for path in sorted(DOCS.rglob("*.md")) if path not in seen] == []


# -- words --------------------------------------------------------------------------------------


def test_every_verb_is_documented() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    for name, verb in subcommands().items():
        assert f"### {name}\n\n{verb.description}\n" in text
        for action in verb._actions:
            assert all(f"`{o}" in text for o in action.option_strings if o not in ("-h", "--help"))


def test_the_glossary_names_things_that_exist() -> None:
    text = (DOCS / "glossary.md").read_text("utf-8").partition("## Fixed words")[0]
    names = re.findall(r"^\|[^|]+\|[^|]+\| `([\w.]+)` \|", text, re.MULTILINE)
    assert len(names) > 30
    for name in names:
        first, *rest = name.split(".")
        assert first in policylib.__all__
        found = getattr(policylib, first)
        for part in rest:
            fields = getattr(found, "model_fields", {})
            found = fields[part] if part in fields else getattr(found, part)


def test_every_public_noun_is_in_the_glossary() -> None:
    text = (DOCS / "glossary.md").read_text("utf-8")
    aside = {"BackendError", "Conflict", "NotFound", "ParseError", "PolicyLibError", "Results"}
    missing = [name for name in policylib.__all__ if f"`{name}" not in text and name not in aside]
    assert missing == []


def test_decisions_are_numbered_through_and_have_three_parts() -> None:
    paths = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequence"]


def test_pages_named_in_the_code_exist() -> None:
    for path in sorted((ROOT / "src").rglob("*.py")):
        for name in re.findall(r"(?:docs|schemas)/[\w/-]+\.(?:md|json)", path.read_text("utf-8")):
            parts = name.removesuffix(".schema.json")
            assert (ROOT / name).is_file() or (ROOT / f"{parts}.schema.json").is_file(), name


# -- commands -----------------------------------------------------------------------------------


def commands(path: Path) -> Iterator[list[str]]:
    """Every ``policylib …`` of a page's shell blocks, as words after the program's name."""
    for block in blocks(path, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words:
                end = words.index("&&") if "&&" in words else len(words)
                one, words = words[:end], words[end + 1 :]
                if one[1:3] == ["-m", "policylib"]:
                    yield one[3:]
                elif one and one[0].rpartition("/")[2] == "policylib":
                    yield one[1:]


@pytest.mark.parametrize("path", [p for p in PAGES if list(commands(p))], ids=name_of)
def test_every_command_in_a_page_is_understood(path: Path) -> None:
    for words in commands(path):
        assert isinstance(build().parse_args(words), argparse.Namespace)


def test_the_readmes_commands_and_program_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICYLIB_LIBRARY", "mylibrary")
    ran = []
    for words in commands(README):
        if words[0] == "demo":  # has a test of its own
            continue
        there = [str(ROOT / w) if w.startswith("sample_docs") else w for w in words]
        code = main(there)
        assert code == 0 or (words[0], code) == ("check", 1), capsys.readouterr()
        ran.append(words[0])
    assert {"init", "import", "search", "validity", "check", "due", "backup"} <= set(ran)
    assert (tmp_path / "library.backup").is_file()
    capsys.readouterr()
    for program in blocks(README, "python"):
        space: dict[str, object] = {}
        exec(compile(program, "README.md", "exec"), space)  # the page's own example
        library = space["library"]
        assert isinstance(library, policylib.Library)
        library.close()
    assert "高龄津贴" in capsys.readouterr().out


def test_the_readme_names_files_that_exist() -> None:
    text = README.read_text("utf-8")
    for name in ("check.py", "requirements/base.txt", "sample_docs/organs.yaml"):
        assert name in text
        assert (ROOT / name).is_file()


# -- two languages ------------------------------------------------------------------------------


def without_comments(block: str) -> list[str]:
    lines = [re.sub(r"(^|\s+)#\s.*$", "", line).rstrip() for line in block.splitlines()]
    return [line for line in lines if line]


def test_both_readmes_have_the_same_code() -> None:
    english, chinese = blocks(README), blocks(CHINESE)
    assert [without_comments(b) for b in chinese] == [without_comments(b) for b in english]


def test_both_readmes_have_the_same_sections_and_links() -> None:
    shapes = []
    for path in (README, CHINESE):
        text = _CODE.sub("", path.read_text("utf-8"))
        headings = re.findall(r"^(#+) ", text, re.MULTILINE)
        links = sorted(t for t in _LINK.findall(text) if not t.startswith("README"))
        shapes.append((headings, links))
    assert shapes[0] == shapes[1]


def test_pages_name_no_place_of_a_machine() -> None:
    tracked = [*PAGES, *(ROOT / "examples").glob("*.py"), *(ROOT / "schemas").iterdir()]
    place = re.compile(r"/(?:work|root|home|Users|tmp)/")
    assert [name_of(p) for p in tracked if place.search(p.read_text("utf-8"))] == []


def test_the_shell_blocks_are_shell() -> None:
    for path in PAGES:
        for block in blocks(path, "sh"):
            checked = subprocess.run(
                ["sh", "-n"], input=block.encode(), capture_output=True, check=False
            )
            assert checked.returncode == 0, (name_of(path), checked.stderr.decode())
