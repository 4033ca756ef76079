"""IDN: the title is a title, and a number belongs to one document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policylib.checks.framework import Case, Flaw, check, excerpt, titled
from policylib.model.document import Document, Header, number_key
from policylib.model.vocabulary import DocumentType, Severity

__all__ = ["duplicate_index", "duplicate_number", "duplicate_title", "title_form"]

_UNSEEN = re.compile(r"[\t\r\n\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufffd]")
_PLACEHOLDER = re.compile(
    r"^(?:无?标题[0-9]*|新建.{0,20}文档.{0,10}|文档[0-9]+|未命名.{0,10}|测试.{0,4}|test[0-9]*"
    r"|untitled.{0,10}|待定|暂无|[XxＸｘ×*＊.。…\-—_]+)$"
    r"|20[XxＸｘ×*＊]{2}|[XxＸｘ×]{2,}(?=[年月日号市县区镇乡局])|[＿_]{2,}",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:[（(\[【〔][^（()）\[\]【】〔〕]{0,40}[）)\]】〕]|[\s\u3000])+$")
_PREFIX = re.compile(r"^【[^】]{0,20}】")
_ENDINGS = dict.fromkeys(("命令（令）", "命令(令)", "命令", "令"), ("令",))


@check("IDN001", severity=Severity.WARNING, title="标题不规范")
def title_form(case: Case) -> Iterator[Flaw]:
    """Find a title that is a placeholder, is broken by invisible characters or lacks its kind.

    A title is made of 发文机关, 事由 and 文种 (党政机关公文处理工作条例, 中办发〔2012〕14号,
    第九条; GB/T 9704-2012, 7.3.1), and search, citation and lists all go by it. Whether it ends
    with its kind is looked at only where a 公文种类 is given; the 文件形式 will do, and brackets
    such as （试行） may follow.

    Good: title 某县人民政府关于加强冬季供暖的通知, kind 通知

    Bad: title 某县人民政府关于加强冬季供暖, kind 通知
    """
    title = _PREFIX.sub("", case.header.title).strip()
    shown = excerpt(case.header.title)
    if not title or _PLACEHOLDER.search(title):
        yield Flaw(
            f"标题“{shown}”还是占位文字",
            "填写文件全称，如“某县人民政府关于加强冬季供暖的通知”",
            "标题",
        )
        return
    if _UNSEEN.search(case.header.title):
        yield Flaw(
            f"标题“{shown}”中有换行、制表符或不可见字符",
            "删去这些字符，把标题写成一行",
            "标题",
        )
    if title.count("《") != title.count("》"):
        yield Flaw(
            f"标题“{shown}”中的书名号不成对", "补齐书名号，如“关于印发《某某办法》的通知”", "标题"
        )
    kind = case.header.kind
    if kind and case.header.type is DocumentType.POLICY:
        endings = _ENDINGS.get(kind, (kind,))
        forms = (case.header.form,) if case.header.form else ()
        if not _TAIL.sub("", title).endswith(endings + forms):
            yield Flaw(
                f"标题“{shown}”没有以公文种类“{kind}”结尾",
                f"核对标题和公文种类，标题一般写作“发文机关＋关于……的{endings[0]}”",
                "标题",
            )


@check("IDN002", severity=Severity.ERROR, title="发文字号重复")
def duplicate_number(case: Case) -> Iterator[Flaw]:
    """Find a 发文字号 that another document of the library already bears.

    An organ counts its documents through within a year (GB/T 9704-2012, 7.2.5), so a number names
    one document; two with the same number cannot be cited. Reposts bear the original's number and
    do not count. Needs the library.

    Good: 某政〔2024〕5号 is borne by this document only

    Bad: 某政〔2024〕5号 is borne by this document and by another one of the library
    """
    number = case.header.doc_number
    if not number or case.header.type is not DocumentType.POLICY:
        return
    others = case.others(case.neighbours.by_number(number_key(number)))
    for other in others:
        if other.type is DocumentType.POLICY:
            yield Flaw(
                f"发文字号“{excerpt(number)}”已用于{titled(other.title)}（{excerpt(other.id)}）",
                "核对两件文件的文号；如系同一文件，只保留一件，另一件改为转载并链接到权威发布页",
                "发文字号",
            )


@check("IDN003", severity=Severity.ERROR, title="索引号重复")
def duplicate_index(case: Case) -> Iterator[Flaw]:
    """Find an 索引号 that another item of the library already bears.

    The index number is the key of an item in the information catalogue (政府信息公开条例, 国务院令
    第711号, 第二十四条 requires that items can be looked up); an organ gives each number once.
    Needs the library.

    Good: 11341602003165791L/202512-00001 is borne by this document only

    Bad: 11341602003165791L/202512-00001 is borne by two documents
    """
    number = case.header.index_number
    if not number:
        return
    for other in case.others(case.neighbours.by_index(number)):
        yield Flaw(
            f"索引号“{number}”已用于{titled(other.title)}（{excerpt(other.id)}）",
            "为本文件另取一个未用过的索引号，如把流水号改为下一个号",
            "索引号",
        )


@check("IDN004", severity=Severity.WARNING, title="同一机关重复发布同题文件")
def duplicate_title(case: Case) -> Iterator[Flaw]:
    """Find another document of the same type, issuer and title that no number tells apart.

    Assessors of county portals deduct points for 政策文件标题重复发布, and readers cannot tell
    which text counts. A document issued again under a new 发文字号 is not a duplicate. Needs the
    library.

    Good: 某县关于冬季供暖的通知 某政〔2023〕5号 and 某县关于冬季供暖的通知 某政〔2024〕9号

    Bad: 某县关于冬季供暖的通知 stands twice in the library, once without a number
    """
    for other in case.others(case.neighbours.by_title(case.header.title)):
        if _same_item(case.header, other):
            yield Flaw(
                f"标题与{titled(other.title)}（{excerpt(other.id)}）相同，发布机构也相同",
                "如系重复发布，撤下其中一件；如系不同文件，补上各自的发文字号",
                "标题",
            )


def _same_item(header: Header, other: Document) -> bool:
    squeezed = ("".join(each.title.split()) for each in (header, other))
    if len(set(squeezed)) > 1 or header.type is not other.type:
        return False
    if header.doc_number and other.doc_number:
        return False
    if not header.issuers or not other.issuers:
        return True
    return bool(set(header.issuers) & set(other.issuers))
