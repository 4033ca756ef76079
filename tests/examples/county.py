"""A small invented county for the portal's stories: a few files on disk, and a library of them."""

from __future__ import annotations

from pathlib import Path

from policylib import Act, Library, Role

RELEASED = {
    "jintie": """\
---
id: shanquan-2023-jintie
title: 山泉县高龄津贴发放办法
doc_number: 山政〔2023〕5号
index_number: 山泉县-202305-0007
issuers: [山泉县人民政府]
kind: 通知
form: 办法
tags: [高龄]
disclosure: 主动公开
written_on: 2023-05-18
released_on: 2023-05-22
effective_on: 2023-07-01
expires_on: 2028-06-30
relations:
  - kind: 相关
    target: shanquan-neibu
    note: 内部参考说明
---

第一条　为规范高龄津贴发放，制定本办法。

第二条　年满八十周岁的老年人每月领取<b>五十元</b>高龄津贴。

[点这里](javascript:alert(1))
""",
    "jiedu": """\
---
id: shanquan-2023-jiedu
title: 《山泉县高龄津贴发放办法》政策解读
type: 政策解读
issuers: [山泉县民政局]
disclosure: 主动公开
written_on: 2023-05-22
released_on: 2023-05-23
relations:
  - kind: 解读
    target: shanquan-2023-jintie
---

本解读说明高龄津贴怎么申领。
""",
    "neibu": """\
---
id: shanquan-neibu
title: 高龄津贴资金内部调度方案
doc_number: 山政密〔2023〕1号
issuers: [山泉县人民政府]
disclosure: 不予公开
written_on: 2023-06-01
released_on: 2023-06-01
relations:
  - kind: 实施
    target: shanquan-2023-jintie
---

第一条　调度暗号松涛，高龄津贴资金按季调度。
""",
}

DRAFT = """\
---
id: shanquan/draft jintie
title: 山泉县高龄津贴提标草案
doc_number: 山政〔2024〕9号
issuers: [山泉县人民政府]
drafter: 山泉县民政局
kind: 通知
form: 办法
disclosure: 主动公开
contact: 山泉县民政局
relations:
  - kind: 废止
    target: shanquan-2023-jintie
---

第一条　拟将高龄津贴提高到机密数额九百九十九元，代号雪松。
"""
DRAFT_ID = "shanquan/draft jintie"

#: Words that stand in no public document: none of them may ever leave the portal.
SECRETS = ("提标草案", "山政〔2024〕9号", "雪松", "松涛", "内部", "山政密", "李起草", "王经办")


def write_files(folder: Path) -> Path:
    """The released documents as files."""
    folder.mkdir()
    for name, text in RELEASED.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def make_library(folder: Path) -> Path:
    """A library with three released documents, one of them not for the public, and a draft."""
    files = write_files(folder / "files")
    draft = folder / "draft.md"
    draft.write_text(DRAFT, encoding="utf-8")
    where = folder / "library"
    with Library.create(where) as library:
        taken = library.import_files([files], by="王经办")
        assert (taken.imported, taken.refused) == (len(RELEASED), [])
        assert library.import_files([draft], by="李起草", released=False).imported == 1
    return where


def draft_text(number: int) -> str:
    """A small draft; its title holds a word of its own."""
    return f"""\
---
id: xin-{number}
title: 山泉县第{number}号水库管理办法
doc_number: 山水〔2024〕{number + 1}号
issuers: [山泉县人民政府]
kind: 通知
form: 办法
disclosure: 主动公开
written_on: 2024-01-05
index_number: 山泉县-202401-{number:04}
---

# 山泉县第{number}号水库管理办法

第一条　为加强水库管理，保障水库运行安全和下游人民群众生命财产安全，制定本办法。

第二条　本县行政区域内水库的运行、巡查、维修和调度，适用本办法。水库管理单位应当落实专人值守。

第三条　县水利部门负责水库的监督管理，乡镇人民政府负责本辖区水库的日常巡查。

第四条　本办法自2024年2月1日起施行。

山泉县人民政府

2024年1月5日
"""


def release(library: Library, id: str) -> None:
    """Take a draft through review and signing to release."""
    library.act(Act.REVIEW, id, by="赵审核", role=Role.REVIEWER)
    library.act(Act.SIGN, id, by="陈签发", role=Role.SIGNER)
    library.act(Act.RELEASE, id, by="王经办", role=Role.PUBLISHER)
