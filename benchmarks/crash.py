"""Kill a process that imports and releases, at random moments, and look at what is left.

    python benchmarks/crash.py --rounds 200 [--seed 1]

Each round a child takes in a few hundred generated documents or brings drafts to release, telling
every change the library has acknowledged; it is killed with SIGKILL. Then everything acknowledged
must be there, ``verify`` must be silent, search must show exactly the released documents and never
a draft, and the index must have healed by itself. Prints counts; exit code 1 on any violation.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import IO

from policylib import Act, Document, Library, Role

STAGES = ("起草", "审核", "签发", "公布")
ACTS = ((Act.REVIEW, Role.REVIEWER), (Act.SIGN, Role.SIGNER), (Act.RELEASE, Role.PUBLISHER))
ROUNDS_A_LIBRARY = 20
LONGEST = 3.0  # seconds a child works at most
DOCUMENTS = 480
TOPICS = (
    "高龄津贴",
    "低保救助",
    "公共租赁住房",
    "城乡医保",
    "创业担保贷款",
    "农机购置补贴",
    "校车管理",
)


def record(name: str, number: int, mark: str) -> dict[str, object]:
    """One generated document."""
    topic = TOPICS[number % len(TOPICS)]
    return {
        "id": name,
        "title": f"青山县{topic}办法（{name}）",
        "issuers": ["青山县人民政府"],
        "kind": "通知",
        "form": "办法",
        "themes": ["综合政务"],
        "tags": [mark],
        "disclosure": "主动公开",
        "body": f"第一条　为做好{topic}工作，制定本办法（{name}）。\n\n"
        + "".join(f"第{n}条　{topic}由乡镇受理，县级部门审核。\n\n" for n in "二三四五六七八九十"),
    }


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """A JSONL file of records."""
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


# -- the child ------------------------------------------------------------------------------------


def say(*words: object) -> None:
    """Tell the parent in one write."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def work(where: Path, kind: str, mark: str) -> None:
    """Change the library until killed; every line said is an acknowledged change."""
    with Library.open(where) as library:
        library._index().fresh().analyser()  # the dictionary takes a while
        say("ready")
        if kind == "import":
            importing(library, where.parent / f"{mark}.jsonl", mark)
        else:
            releasing(library, where.parent / f"{mark}-draft.jsonl", mark)
        say("done")
        time.sleep(60)


def importing(library: Library, path: Path, mark: str) -> None:
    """Take in files of documents, one after the other."""
    for part in range(DOCUMENTS // 60):
        rows = [
            {**record(f"{mark}-{part}-{n}", n, mark), "released_on": "2026-01-05"}
            for n in range(60)
        ]
        write(path, rows)
        summary = library.import_files([path], by="档案员")
        if summary.refused:
            say("REFUSED", summary.refused[0].reason)
        for row in rows:
            say("公布", row["id"])


def releasing(library: Library, path: Path, mark: str) -> None:
    """Draft documents and take each as far as its number says."""
    for number in range(DOCUMENTS):
        name = f"{mark}-{number}"
        write(path, [record(name, number, mark)])
        library.import_files([path], by="李明", released=False)
        say("起草", name)
        for act, role in ACTS[: number % 4 or 3]:
            say(library.act(act, name, by=f"{role}甲", role=role).stage, name)


# -- the parent -----------------------------------------------------------------------------------


class Run:
    """Rounds with their counts and violations."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []
        self.where = folder

    def round(self, number: int) -> None:
        """Start a child, kill it, look."""
        if number % ROUNDS_A_LIBRARY == 0:
            self.where = self.folder / f"{number}" / "library"
            Library.create(self.where).close()
        kind = ("import", "release")[number % 2]
        mark = f"第{number}回"
        told = self.kill(kind, mark)
        self.counts[f"rounds: {kind}"] += 1
        self.look(mark, told)

    def kill(self, kind: str, mark: str) -> dict[str, str]:
        """What the child had acknowledged when it was killed: stage by document."""
        command = [sys.executable, __file__, "--child", kind, "--mark", mark, str(self.where)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            stdout: IO[bytes] = child.stdout  # type: ignore[assignment]
            first = stdout.readline()
            killer = threading.Timer(self.chance.uniform(0, LONGEST), child.kill)
            killer.start()
            lines = [first, *stdout.readlines()]
            killer.join()
        told: dict[str, str] = {}
        for line in lines:
            words = line.decode("utf-8", "replace").split()
            if not line.endswith(b"\n") or words[0] in {"ready", "done"}:
                self.counts["rounds: child had finished"] += words[:1] == ["done"]
                continue
            if words[0] not in STAGES:
                self.violations.append(f"{mark}: {line!r}")
                continue
            told[words[1]] = words[0]
        self.counts["documents acknowledged"] += len(told)
        return told

    def look(self, mark: str, told: dict[str, str]) -> None:
        """Everything that must hold after the kill."""
        index = self.where / "index"
        self.counts["rounds: half-built index left"] += any(index.glob(".building-*"))
        with Library.open(self.where) as library:
            behind = library._store().head() - library._index()._open().stamp().position
            self.counts["rounds: index behind the journal"] += behind > 0
            hits = {hit.id: hit.title for hit in library.search("", tags=[mark], limit=1_000).hits}
            mine = {d.id: d for d in library.documents() if mark in d.tags}
            self.counts["documents in the library"] += len(mine)
            self.counts["documents released"] += sum(d.is_public for d in mine.values())
            self.check(mark, told, mine, hits)
            for name in self.chance.sample(sorted(hits), min(5, len(hits))):
                found = {hit.id for hit in library.search(hits[name], limit=50).hits}
                if name not in found:
                    self.fault(mark, f"{name} is not found by its title")
                self.counts["searches by title"] += 1
            health = library.health()
            if health["index"] != health["journal"]:
                self.fault(mark, f"the index has not healed: {health}")
            for problem in library.verify():
                self.fault(mark, f"verify: {problem}")
            for id, document in mine.items():
                edition = library.edition(id)
                if id not in edition.body or document.title not in {hits.get(id), document.title}:
                    self.fault(mark, f"{id} has another text")

    def check(
        self, mark: str, told: dict[str, str], mine: dict[str, Document], hits: dict[str, str]
    ) -> None:
        """Compare what was told, what is stored, and what search shows."""
        for name, stage in told.items():
            if name not in mine:
                self.fault(mark, f"{name} was acknowledged and is gone")
            elif STAGES.index(mine[name].stage) < STAGES.index(stage):
                self.fault(mark, f"{name} was {stage} and is {mine[name].stage}")
        public = {id: d.title for id, d in mine.items() if d.is_public}
        for name in public.keys() - hits.keys():
            self.fault(mark, f"{name} is released and not found")
        for name in hits.keys() - public.keys():
            self.fault(mark, f"{name} is found and not released")
        for name in hits.keys() & public.keys():
            if hits[name] != public[name]:
                self.fault(mark, f"{name} is found under another title")

    def fault(self, mark: str, words: str) -> None:
        """Note a violation."""
        self.violations.append(f"{mark}: {words}")


def run(folder: Path, *, rounds: int, seed: int) -> Run:
    """Do ``rounds`` in ``folder``."""
    made = Run(folder, seed)
    for number in range(rounds):
        made.round(number)
    return made


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--mark", help=argparse.SUPPRESS)
    parser.add_argument("where", nargs="?", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        work(arguments.where, arguments.child, arguments.mark)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = run(Path(folder), rounds=arguments.rounds, seed=arguments.seed)
    width = max(map(len, made.counts))
    for name, count in sorted(made.counts.items()):
        print(f"{name:<{width}}  {count:>8}")
    print(f"{'violations':<{width}}  {len(made.violations):>8}")
    for words in made.violations[:20]:
        print("  " + words)
    return 1 if made.violations else 0


if __name__ == "__main__":
    sys.exit(main())
