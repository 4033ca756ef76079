"""The labels of page headers (文件头标签): which words name which field, and their values in lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policylib.pages.chrome import strip_chrome
from policylib.pages.dom import Dom, words

__all__ = ["CHROME", "Hit", "find_hits", "key_of"]

#: The key of labels whose values are chrome.
CHROME = "chrome"
#: The words in use for each field, the first being that of the official header.
WORDS: dict[str, str] = {
    "index_number": "索引号 信息索引号 索引码 索取号 信息索取号 索引编号 索引",
    "doc_number": "发文字号 文号 发文文号 文件编号 文件字号 公文字号 公文文号 文件文号 文件号 发文号 字号 发文编号 文书号",
    "registration_number": "规范性文件统一编号 统一编号 规范性文件编号 规范性文件登记号 规范性文件登记编号 登记编号 统一登记号 登记号 备案登记号",
    "issuers": "发文机关 制发机关 制定机关 成文机关 发布机关 公布机关 印发机关 颁布机关 制文机关 发文单位 制发单位 印发单位 制定单位 发文部门 制定部门 发文机构 制发机构 联合发文单位",
    "publisher": "发布机构 发布单位 公开机构 公开单位 信息发布机构 信息公开机构 公开主体 发布部门 公开部门 公开责任部门 公开责任单位 信息提供单位 发布者 责任部门 公开机关",
    "title": "标题 名称 文件名称 信息名称 公文名称 文件标题 信息标题 公开名称 题名 文件名",
    "written_on": "成文日期 发文日期 成文时间 发文时间 制发日期 印发日期 印发时间 签发日期 签发时间 生成日期 生成时间 产生日期 制定日期 文件日期 形成日期 信息形成日期 信息生成日期",
    "released_on": "发布日期 发布时间 公开日期 公开时间 公布日期 公布时间 颁布日期 颁布时间 信息公开日期 信息发布日期 发表时间 发表日期 发稿时间 发稿日期 上网日期 上网时间 公开发布日期 公开发布时间 更新时间 更新日期 录入时间 时间 日期",
    "effective_on": "施行日期 实施日期 生效日期 施行时间 实施时间 生效时间 执行日期",
    "expires_on": "有效期至 失效日期 失效时间 废止日期 废止时间 有效截止日期 终止日期 有效期截止日期 有效日期至",
    "validity": "有效性 时效性 效力状态 时效状态 是否有效 文件状态 有效状态 文件有效性 信息有效性 文件效力 文件时效 效力 时效 状态 政策状态 政策时效 法规状态 效力属性",
    "themes": "主题分类 主题类别 主题类型 文件主题分类 主题",
    "category": "组配分类 信息分类 栏目分类 信息类别 信息类型 所属栏目 文件分类 分类",
    "kind": "公文种类 文种 公文类型 体裁分类 体裁 公文文种 文件种类",
    "audience": "服务对象分类 服务对象 面向对象 适用对象",
    "keywords": "关键词 主题词 关键字",
    "disclosure": "公开属性 公开方式 公开类型 公开类别 公开形式",
    "source": "信息来源 文章来源 来源 稿件来源 内容来源 文件来源 发布来源 来源单位 供稿单位 稿源 转载来源 来源部门",
    "drafter": "起草单位 起草部门 牵头起草单位",
    "contact": "咨询电话 咨询方式 政策咨询电话 联系电话 解读咨询电话",
    "term": "有效期 有效期限 有效年限",
    CHROME: (
        "浏览次数 阅读次数 点击次数 点击数 点击率 点击量 浏览量 阅读量 访问量 访问次数 浏览 点击 阅读 字体 字体大小 字号大小 大小 "
        "作者 责任编辑 编辑 审核 校对 录入 内容概述 内容概览 内容摘要 摘要 语种 公开范围 公开时限 公开程序 载体类型 记录形式 格式 信息编号 视力保护色 "
        "保护视力色 文件下载 附件下载 分享到 分享 备注 备注文号 扫一扫 责编 打印 备注说明 公开期限 信息格式 发布人 所属机构 原文链接 原文地址 原文网址 来源网址 来源链接 链接地址 网址 转载链接"
    ),
}
_KEYS = {word: key for key, words in WORDS.items() for word in words.split()}
#: Words so common that they name a field only at the beginning of a line or cell.
_WEAK = words(
    "名称 标题 时间 日期 状态 时效 效力 分类 主题 索引 文号 字号 来源 有效期 "
    "题名 浏览 点击 阅读 分享 格式 摘要 备注 作者 编辑 审核 校对 录入 大小 字体 "
    "打印 文种 体裁 发布者 文件号 文件名 网址 责任部门 联系电话 咨询电话 服务对象 "
    "有效期限"
)
#: Fields whose values can be told from other text.
_TELLING = words("index_number doc_number written_on released_on effective_on expires_on")
_G = r"[\s\x1f\u3000]{0,6}"


def _spread(word: str) -> str:
    return _G.join(word)


_ORDERED = sorted(_KEYS, key=len, reverse=True)
_STRONG_WORDS = "|".join(_spread(word) for word in _ORDERED if word not in _WEAK)
_WEAK_WORDS = "|".join(_spread(word) for word in _ORDERED if word in _WEAK)
_EDGE = r"(?:\A|(?<=[\s\x1f|丨【】\[\]（(；;，,0-9日次]))"
_FIRST = "".join(sorted({word[0] for word in _KEYS}))
_LABEL = re.compile(
    rf"(?=[【\[{_FIRST}])[【\[]?(?:(?P<strong>{_STRONG_WORDS}){_G}[】\]]?{_G}(?:[:：]|\Z|(?<=[\x1f】])(?=[^\s，。、的]))"
    rf"|{_EDGE}(?P<weak>{_WEAK_WORDS}){_G}[】\]]?{_G}[:：])"
)
_WHOLE = re.compile(r"[\s\x1f\u3000:：【】\[\]]+")
_DAY = re.compile(r"(?:19|20)[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}.{0,20}\Z")
_COLON = re.compile("[:：\x1f]")
_LONGEST_LINE = 600
_LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A label found, with its value (may be empty).

    ``first`` and ``last`` are the lines it takes up; ``sure`` when label and value are neighbours by
    the markup of the page (cells, ``dt`` and ``dd``) or stand in one line.
    """

    key: str
    label: str
    value: str
    first: int
    last: int
    sure: bool = True


def key_of(text: str) -> str | None:
    """The field a whole text names (标签含义), None when it is no label.

    >>> key_of("索　引　号："), key_of("各乡镇人民政府：")
    ('index_number', None)
    """
    if len(text) > 40:
        return None
    return _KEYS.get(_WHOLE.sub("", text))


def find_hits(dom: Dom) -> tuple[Hit, ...]:
    """All labels of a page with their values, in order (查找文件头).

    Lines in table cells are read as cells.
    """
    units = _units(dom)
    taken: set[int] = set()
    found = list(_from_columns(units, taken))
    for number, unit in enumerate(units):
        if number in taken or not unit.marked:
            continue
        key = key_of(unit.text)
        paired = unit.in_cell or _ends(unit.text) or _tag(dom, unit) in ("dt", "li")
        if key is not None and paired:
            found.append(_paired(dom, units, number, key, taken))
            continue
        if len(unit.marked) <= _LONGEST_LINE and _COLON.search(unit.marked):
            found.extend(_inside(unit))
    return tuple(sorted(found, key=lambda hit: hit.first))


@dataclass(slots=True)
class _Unit:
    """A cell, or a line outside of cells."""

    text: str
    marked: str
    first: int
    last: int
    place: tuple[int, int, int] | None

    @property
    def in_cell(self) -> bool:
        return self.place is not None


def _ends(text: str) -> bool:
    return text.rstrip(" \x1f\u3000").endswith((":", "："))


def _tag(dom: Dom, unit: _Unit) -> str:
    return dom.elements[dom.lines[unit.first].element].tag


def _in_one_row(dom: Dom, unit: _Unit, after: _Unit) -> bool:
    """Whether two lines are all that stands in one block."""
    one = dom.elements[dom.lines[unit.first].element].parent
    other = dom.elements[dom.lines[after.first].element].parent
    if one != other or one < 0:
        return False
    return dom.elements[one].last - dom.elements[one].first <= 2 + after.last - after.first


def _units(dom: Dom) -> list[_Unit]:
    """Join the lines of a cell, unless they are many: then the table is layout."""
    units: list[_Unit] = []
    for number, line in enumerate(dom.lines):
        cell = line.cell
        place = (cell.table, cell.row, cell.column) if cell else None
        last = units[-1] if units else None
        if (
            last
            and place
            and last.place == place
            and len(last.text) + len(line.text) < _LONGEST_CELL
        ):
            last.text += " " + line.text
            last.marked += "\x1f" + line.marked
            last.last = number
        else:
            units.append(_Unit(line.text, line.marked, number, number, place))
    return units


def _from_columns(units: list[_Unit], taken: set[int]) -> Iterator[Hit]:
    """Tables of two rows, labels above and values below."""
    tables: dict[int, dict[int, list[int]]] = {}
    for number, unit in enumerate(units):
        if unit.place:
            tables.setdefault(unit.place[0], {}).setdefault(unit.place[1], []).append(number)
    for rows in tables.values():
        if len(rows) % 2 or len(rows) > 8:
            continue
        ordered = [rows[row] for row in sorted(rows)]
        pairs = list(zip(ordered[::2], ordered[1::2], strict=True))
        for heads, values in pairs:
            keys = [key_of(units[each].text) for each in heads]
            if len(heads) < 2 or None in keys or any(key_of(units[each].text) for each in values):
                break
        else:
            for heads, values in pairs:
                by_column = {_column(units[each]): units[each] for each in values}
                for each in heads:
                    unit, below = units[each], by_column.get(_column(units[each]))
                    key = key_of(unit.text)
                    value = strip_chrome(below.text) if below else ""
                    last = below.last if below else unit.last
                    yield Hit(key or CHROME, unit.text, value, unit.first, max(last, unit.last))
                taken.update(heads, values)


def _column(unit: _Unit) -> int:
    return unit.place[2] if unit.place else -1


def _paired(dom: Dom, units: list[_Unit], number: int, key: str, taken: set[int]) -> Hit:
    """A label alone in its cell or line: its value is the next one."""
    unit = units[number]
    label = _WHOLE.sub("", unit.text)
    after = units[number + 1] if number + 1 < len(units) else None
    empty = Hit(key, label, "", unit.first, unit.last)
    if after is None or key_of(after.text) or number + 1 in taken:
        return empty
    if _LABEL.match(after.marked[:200]) and len(after.text) < 200:
        return empty
    if unit.place:
        if not after.place or after.place[:2] != unit.place[:2]:
            return empty
        sure = True
    else:
        pair = (_tag(dom, unit), _tag(dom, after))
        sure = pair in (("dt", "dd"), ("li", "li"))
        if len(after.text) > 200 or after.place:
            return empty
        if not sure and key not in _TELLING and not _in_one_row(dom, unit, after):
            return empty
    if key == "contact" and not any(char.isdigit() for char in after.text):
        return empty
    taken.add(number + 1)
    return Hit(key, label, strip_chrome(after.text), unit.first, after.last, sure)


def _inside(unit: _Unit) -> Iterator[Hit]:
    """Labels with their values in one line: 索引号：… 发布日期：…."""
    matches = [
        match for match in _LABEL.finditer(unit.marked) if match.start() == 0 or _free(match)
    ]
    if not matches or (matches[0].start() > 60 and len(matches) < 2):
        return
    before = unit.marked[: matches[0].start()].replace("\x1f", " ").strip()
    if _DAY.match(before):  # 2024-06-14 15:24 来源：…
        yield Hit("released_on", "发布时间", before, unit.first, unit.last)
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(unit.marked)
        value = strip_chrome(unit.marked[match.end() : end].replace("\x1f", " "))
        label = _WHOLE.sub("", match["strong"] or match["weak"])
        yield Hit(_KEYS[label], label, " ".join(value.split()), unit.first, unit.last)


def _free(match: re.Match[str]) -> bool:
    """A label in the middle of a line follows the end of another value, not a sentence."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    return not before.rstrip(" \x1f\u3000").endswith(
        ("的", "和", "与", "及", "、", "其", "该", "有", "“", "《")
    )
