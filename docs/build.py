"""Rewrites the generated passages of the documentation: ``python docs/build.py``.

A passage stands between ``<!-- generated: NAME -->`` and ``<!-- end generated -->``; everything
else is written by hand. ``docs/checks.md`` is generated as a whole. A test fails when a stored page
differs from what this makes.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel

from policylib.checks.manual import manual
from policylib.cli.parser import build
from policylib.files.documentfile import FileHeader
from policylib.model import vocabulary
from policylib.model.document import Opinion
from policylib.model.organ import Organ
from policylib.model.relation import Declaration
from policylib.model.schemas import schemas
from policylib.model.vocabulary import Stage
from policylib.search.query import FACETS, SORTS
from policylib.search.ranking import Weights
from policylib.workflow.pairing import CONSULTATION, INTERPRETATION
from policylib.workflow.transitions import TRANSITIONS, diagram

__all__ = ["PASSAGES", "main", "pages"]

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
PACKAGE = ROOT / "src" / "policylib"

_PASSAGE = re.compile(
    r"(?P<open><!-- generated: (?P<name>[a-z-]+) -->\n).*?(?P<close><!-- end generated -->)",
    re.DOTALL,
)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; empty cells for ``None``."""
    lines = [_row(columns), "|" + "---|" * len(columns)]
    lines += [_row(["" if cell is None else str(cell) for cell in row]) for row in rows]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


# -- models -------------------------------------------------------------------------------------


def _keys(model: type[BaseModel], schema: dict[str, object]) -> str:
    properties = schema["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - a JSON Schema of an object has them
    rows = []
    for name in model.model_fields:
        found = properties[name]
        rows.append((f"`{name}`", found["title"], _form(found), found.get("description")))
    return table(("key", "Chinese", "form", "meaning"), rows)


def _form(found: dict[str, object]) -> str:
    """What is written as the value of a key."""
    kinds = found.get("anyOf") or [found]
    assert isinstance(kinds, list)  # noqa: S101 - so JSON Schema has it
    kind = kinds[0]
    if ref := kind.get("$ref"):
        name = str(ref).rpartition("/")[2]
        enum = getattr(vocabulary, name, None)
        return "、".join(enum) if enum else name
    if kind.get("type") == "array":
        enum = getattr(vocabulary, str(kind["items"].get("$ref", "")).rpartition("/")[2], None)
        if enum:
            return f"list: {'、'.join(enum)}"
        return "list of mappings" if "$ref" in kind["items"] else "list"
    if kind.get("type") == "boolean":
        return "是、否"
    return "day" if kind.get("format") == "date" else "text"


def header_keys() -> str:
    """The keys of a document file's head."""
    return _keys(FileHeader, schemas()["document.schema.json"])


def relation_keys() -> str:
    """The keys of an entry under ``relations``."""
    return _keys(Declaration, schemas()["document.schema.json"]["$defs"]["Declaration"])


def opinion_keys() -> str:
    """The keys of an entry under ``opinions``."""
    return _keys(Opinion, schemas()["document.schema.json"]["$defs"]["Opinion"])


def organ_keys() -> str:
    """The keys of an entry of the authority file."""
    return _keys(Organ, schemas()["organs.schema.json"]["$defs"]["Organ"])


def vocabularies() -> str:
    """Every enumeration of the model with its values."""
    rows = []
    for name in vocabulary.__all__:
        found = getattr(vocabulary, name)
        if isinstance(found, type) and issubclass(found, StrEnum):
            values = "、".join(f"{each.value} `{each.name}`" for each in found)
            rows.append((f"`{name}`", (found.__doc__ or "").splitlines()[0], values))
    return table(("enumeration", "what it says", "values"), rows)


def schema_list() -> str:
    """The stored JSON Schemas."""
    rows = [
        (f"[{name}](../schemas/{name})", schema["title"], schema["description"])
        for name, schema in sorted(schemas().items())
    ]
    return table(("schema", "Chinese", "of what"), rows)


# -- lifecycle and search -----------------------------------------------------------------------


def transitions() -> str:
    """The transitions table; stages from which an act goes alike share a line."""
    rows: dict[tuple[object, ...], list[str]] = {}
    for row in TRANSITIONS:
        end = "the same" if row.start is row.end else row.end
        gate = "no error findings" if row.gated else None
        starts = rows.setdefault((row.act, row.role, end, gate), [])
        starts.append(str(row.start or "（不在库中）"))
    return table(
        ("from stage", "act", "role", "to stage", "gate"),
        [("、".join(starts), *rest) for rest, starts in rows.items()],
    )


def pairing() -> str:
    """What may be released with what."""
    alike = {
        "起草 … 审核": [stage for stage in Stage if stage.is_unsigned],
        "签发、统一登记编号": [stage for stage in Stage if stage.is_signed],
        "公布": [Stage.RELEASED],
        "撤回": [Stage.WITHDRAWN],
    }
    rows = []
    for name, table_ in (("解读", INTERPRETATION), ("征集", CONSULTATION)):
        for policy, wholes in alike.items():
            cells = [{table_[one, other] for one in wholes for other in parts}
                     for parts in alike.values()]  # fmt: skip
            rows.append((name, policy, *("、".join(sorted(cell)) for cell in cells)))
    return table(("companion", "policy's stage", *(f"companion at {each}" for each in alike)), rows)


def state_diagram() -> str:
    """The transitions as a Mermaid diagram."""
    moving = [row for row in TRANSITIONS if row.start is not row.end]
    return f"```mermaid\n{diagram(moving)}```\n"


def weights() -> str:
    """The numbers of the ranking formula."""
    return table(
        ("weight", "value"), [(f"`{each.name}`", each.default) for each in fields(Weights)]
    )


def search_words() -> str:
    """What can be counted and sorted by."""
    return (
        f"Facets: {', '.join(f'`{name}`' for name in FACETS)}.\n\n"
        f"Orders: {', '.join(f'`{name}`' for name in SORTS)}.\n"
    )


# -- the tree -----------------------------------------------------------------------------------


def tree() -> str:
    """Every folder and module of the package with the first line of its text."""
    lines = ["```text", "src/policylib/"]
    lines += [_line(path, 1) for path in _modules(PACKAGE)]
    for folder in sorted(each for each in PACKAGE.iterdir() if (each / "__init__.py").is_file()):
        lines.append(f"  {f'{folder.name}/':<22}{_first_line(folder / '__init__.py')}")
        lines += [_line(path, 2) for path in _modules(folder)]
        lines += [
            f"    {f'{part.name}/':<20}{_first_line(part / '__init__.py')}"
            for part in sorted(folder.iterdir())
            if (part / "__init__.py").is_file()
        ]
    return "\n".join([*lines, "```"]) + "\n"


def _modules(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]


def _line(path: Path, depth: int) -> str:
    return f"{'  ' * depth}{path.name:<{24 - 2 * depth}}{_first_line(path)}"


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].strip()


def layers() -> str:
    """The layers that the import contract demands, top first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    found = next(each for each in contracts if each["type"] == "layers")["layers"]
    return "\n".join(["```text", *(line.replace("policylib.", "") for line in found), "```"]) + "\n"


# -- the command line ---------------------------------------------------------------------------


def verbs() -> str:
    """Every verb with its arguments."""
    parts = []
    for name, verb in subcommands().items():
        rows = [
            (f"`{_written(action)}`", _meaning(action))
            for action in verb._actions
            if action.dest not in ("help", "json")
        ]
        parts.append(
            f"### {name}\n\n{verb.description}\n\n"
            f"`{' '.join(_usage(name, verb))}`\n\n{table(('argument', 'meaning'), rows)}"
        )
    return "\n".join(parts)


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """The parsers of the verbs by name."""
    for action in build()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise LookupError("the parser has no verbs")


def _usage(name: str, verb: argparse.ArgumentParser) -> Iterator[str]:
    yield f"policylib {name}"
    for action in verb._actions:
        written = _written(action)
        if action.option_strings and not action.required:
            continue
        optional = action.nargs in ("?", "*")
        yield f"[{written}]" if optional else written
    yield "[…]"


def _meaning(action: argparse.Action) -> str:
    """The help, and the words to choose from where it does not name them."""
    words = action.help or ""
    if action.choices and not all(str(each) in words for each in action.choices):
        chosen = "、".join(f"`{each}`" for each in action.choices)
        words = f"{words}；可选 {chosen}" if words else f"可选 {chosen}"
    return words


def _written(action: argparse.Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest
    if not action.option_strings:
        return f"{metavar}…" if action.nargs in ("*", "+") else metavar
    option = action.option_strings[-1]
    return option if action.nargs == 0 else f"{option} {metavar}"


# -- pages --------------------------------------------------------------------------------------

#: What makes each passage.
PASSAGES: dict[str, Callable[[], str]] = {
    "diagram": state_diagram,
    "header-keys": header_keys,
    "layers": layers,
    "opinion-keys": opinion_keys,
    "pairing": pairing,
    "organ-keys": organ_keys,
    "relation-keys": relation_keys,
    "schemas": schema_list,
    "search-words": search_words,
    "transitions": transitions,
    "tree": tree,
    "verbs": verbs,
    "vocabularies": vocabularies,
    "weights": weights,
}


def pages() -> dict[Path, str]:
    """Every page with generated text, as it should be stored."""
    found = {DOCS / "checks.md": manual()}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if path not in found and "<!-- generated" in text:
            found[path] = _PASSAGE.sub(
                lambda part: f"{part['open']}\n{PASSAGES[part['name']]()}\n{part['close']}", text
            )
    return found


def main() -> int:
    """Write the pages that changed; returns the exit code."""
    for path, text in pages().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
