"""``demo``: the main job on the sample documents, step by step, with the commands to type."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from policylib.cli.output import bar, put_json, table
from policylib.cli.parser import WrongUse
from policylib.cli.search import print_results
from policylib.errors import NotFound
from policylib.library import Library
from policylib.model.vocabulary import Act, Role

__all__ = ["run_demo", "sample_documents"]

_DRAFT = "qinghe-draft-juece"
_NUMBER = "禾政办〔2026〕98号"


def sample_documents() -> Path:
    """The folder of the sample documents, installed or in a checkout.

    Raises:
        NotFound: this copy of policylib came without them.

    """
    package = Path(__file__).parents[1]
    for folder in (package / "data" / "sample_docs", package.parents[1] / "sample_docs"):
        if (folder / "organs.yaml").is_file():
            return folder
    raise NotFound("这份安装没有带示例文件，请从源代码目录安装")


def run_demo(arguments: argparse.Namespace) -> int:
    """Import the samples, release a draft, find it, show what is due."""
    samples = sample_documents()
    folder = Path(arguments.library or tempfile.mkdtemp(prefix="policylib-demo-"))
    if (folder / "library.db").exists():
        raise WrongUse(f"“{folder}”里已有文件库，请另选一个文件夹")
    try:
        story = _Story(folder, samples, quiet=arguments.json)
        story.tell()
        if arguments.json:
            put_json(story.facts)
        elif arguments.library:
            print(f"\n示例库留在 {folder}，可继续试：policylib search 低保 --library {folder}")
    finally:
        if not arguments.library:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


class _Story:
    """The demo in five steps; ``facts`` collects what each reached."""

    def __init__(self, folder: Path, samples: Path, *, quiet: bool) -> None:
        self.samples, self.quiet = samples, quiet
        self.library = Library.create(folder)
        self.today = date.today()  # noqa: DTZ011 - the officer's own day
        self.facts: dict[str, object] = {"library": str(folder)}

    def say(self, *words: str) -> None:
        if not self.quiet:
            print(*words)

    def tell(self) -> None:
        """Run all steps."""
        self._take_in()
        released = self._release()
        self._find(released)
        self._look_over()
        self._due()

    def _take_in(self) -> None:
        self.say(
            "一、导入青禾县（虚构）的示例文件\n$ policylib import sample_docs/released --released --by 王芳"
        )
        organs = self.library.put_organs(self.samples / "organs.yaml", by="王芳")
        with bar("导入", None, quiet=self.quiet) as progress:
            summary = self.library.import_files(
                [self.samples / "released"], by="王芳", progress=progress
            )
        drafts = self.library.import_files(
            [self.samples / "drafts"], by="李明", released=False
        ).imported
        self.facts |= {"organs": organs, **summary.as_dict(), "drafts": drafts}
        self.say(
            f"登记机关 {organs} 个；导入已公布文件 {summary.imported} 件，"
            f"未导入 {len(summary.refused)} 件；草稿 {drafts} 件"
        )

    def _release(self) -> str:
        self.say("\n二、办理一份草稿：审核、签发、公布")
        draft = self.library.document(_DRAFT)
        before = self.library.search(draft.title).hits
        self.say(f"公布前公众检索：{'能' if any(h.id == draft.id for h in before) else '不能'}找到")
        title = draft.title.removesuffix("（草案）")
        text = self.library.edition(draft.id).body.replace("（草案）", "")
        final = {"title": title, "doc_number": _NUMBER, "written_on": str(self.today)}
        self._act(Act.REVISE, "李明", Role.DRAFTER, fields={"title": title}, body=text)
        self._act(Act.REVIEW, "赵强", Role.REVIEWER)
        self._act(Act.SIGN, "陈静", Role.SIGNER, fields=final)
        self._act(Act.RELEASE, "王芳", Role.PUBLISHER)
        self.facts["released"] = draft.id
        return draft.id

    def _act(self, act: Act, who: str, role: Role, **options: Any) -> None:
        document = self.library.act(act, _DRAFT, by=who, role=role, **options)
        self.say(f"  {act}（{role} {who}）→ {document.stage}")

    def _find(self, released: str) -> None:
        self.say("\n三、检索\n$ policylib search 高龄津贴 --limit 3")
        results = self.library.search("高龄津贴", limit=3)
        again = self.library.search(self.library.document(released).title, limit=20)
        self.facts["found"] = [hit.id for hit in results.hits]
        self.facts["released_is_found"] = any(hit.id == released for hit in again.hits)
        if not self.quiet:
            print_results(results)
            found = "能" if self.facts["released_is_found"] else "不能"
            print(f"\n刚公布的文件公众{found}找到：{_NUMBER}")

    def _look_over(self) -> None:
        self.say("\n四、检查全库\n$ policylib check")
        found = list(self.library.check())
        counts = Counter(str(finding.severity) for finding in found)
        self.facts["findings"] = dict(counts)
        self.say(
            "，".join(f"{name} {count} 项" for name, count in counts.items()) or "没有发现问题"
        )
        for finding in [f for f in found if f.severity == "错误"][:3]:
            self.say(f"  {finding.document}：{finding.message}\n      改法：{finding.fix}")

    def _due(self) -> None:
        self.say("\n五、90 天内到期\n$ policylib due --within 90d")
        found = self.library.due(on=self.today, within=timedelta(days=90))
        self.facts["due"] = len(found)
        if not self.quiet:
            table(
                ("期限", "事项", "文件"),
                [(o.due_on, o.obligation, o.document) for o in found],
            )
