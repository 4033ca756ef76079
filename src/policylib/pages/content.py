"""Where the text of a document stands on its page (正文区域), and the text as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policylib.pages.chrome import is_chrome, is_chrome_block, is_edge_chrome, is_foot, is_related
from policylib.pages.dom import Anchor, Dom, Line, words
from policylib.pages.labels import CHROME, Hit

__all__ = ["Content", "find_content", "is_attachment", "markdown"]

#: Ids and classes in use for the text itself, in the content systems of Chinese governments.
_TEXT_NAMES = re.compile(
    r"(?:\A|[\s_-])(?:ucap-content|zoom|zoomcon|zoom_con|trs_editor|trs_ueditor|trs_uieditor|trs_preappend|view_trs|article-content|"
    r"articlecontent|article_content|article-con|articlecon|article-body|articlebody|article_text|arc_content|arccontent|news_content|newscontent|"
    r"news-content|newstext|news_text|wzcon|wz_con|wznr|j-fontcontent|j-fontsize|vsb_content|v_news_content|pages_content|pages_con|"
    r"gkwz_contnet|xxgk_content|txt_con|txtcon|txtcontent|text_con|textcon|detail-content|detail_content|detailcontent|detail-con|"
    r"content-text|content_text|contenttext|infocontent|info-content|info_content|custom_unionstyle|bt-content|bt_content|contentbox_text|"
    r"mainbody|main-text|maintext|main_text|art_con|art_content|artcontent|content_body|contentbody|zwnr|nr_con|xl_con|xlcon|con_text|conttext|"
    r"printcontent|print-content|article_zoom|font_zoom|fontzoom|p_content|rich_media_content|text-content|textcontent|article-txt|view-content|viewcontent|"
    r"scroll_cont|content_detail|contentdetail|editor-content|ql-editor|ck-content)"
    r"(?:[_-]?[0-9]{1,10})?(?:\Z|\s)"
)
_KEEP_WHOLE = words(
    "table tbody thead tr ul ol dl p li dd blockquote pre h1 h2 h3 h4 h5 h6 caption"
)
_SENTENCE = re.compile(r"[。；！？]|[：:，,]\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_EXTENSION = re.compile(
    r"\.(?:docx?|wps|pdf|xlsx?|et|pptx?|dps|ofd|ceb|cebx|zip|rar|7z|txt|csv|rtf|odt|ods|jpe?g|png|gif|tiff?|mp4|mp3)\b",
    re.I,
)
_FILE_LINK = re.compile(
    r"\.(?:docx?|wps|pdf|xlsx?|et|pptx?|dps|ofd|ceb|cebx|zip|rar|7z|txt|csv|rtf|odt|ods)(?:\Z|[?&#\s]|%)",
    re.I,
)
_DOWNLOAD = re.compile(
    r"download|downfile|attach|fileid=|/files?/|annex|accessory|uploadfile", re.I
)
_ATTACHMENT_WORD = re.compile(r"附件|附表|附图|下载|\.(?:docx?|wps|pdf|xlsx?|ofd|zip|rar)", re.I)
_ONLY_ATTACHMENT = re.compile(
    r"[\s\x1f:：、，,;；.．0-9一二三四五六七八九十()（）【】\[\]附件下载点击此处表图]*\Z"
)
_LARGEST_CELL = 3000
_LONGEST_FIELD = 600
#: Fields that stand below the text, too.
_AT_END = frozenset((CHROME, "source", "disclosure", "released_on", "validity", "index_number"))


@dataclass(slots=True)
class Content:
    """Where the text of a page stands (正文区域).

    ``root`` is the element around it; ``outer`` and ``edges`` tell for each line whether it is in the
    site's furniture and whether it would be chrome at the edge of the text; ``tables`` are the tables of
    data; ``first`` and ``last`` are the first and last line of prose. ``accepted`` are the labels of the
    header, ``lines`` the numbers of the lines that are the text.
    """

    root: int
    outer: list[bool]
    edges: list[bool]
    tables: frozenset[int]
    first: int
    last: int
    accepted: tuple[Hit, ...] = ()
    lines: tuple[int, ...] = ()


def is_attachment(anchor: Anchor) -> bool:
    """Whether a link is a file to download with the document (附件链接)."""
    href = anchor.href.lower()
    if not href or href.startswith(("javascript:", "#", "mailto:", "tel:")):
        return False
    if anchor.download or _FILE_LINK.search(href):
        return True
    return bool(_DOWNLOAD.search(href) and _ATTACHMENT_WORD.search(anchor.text))


def find_content(dom: Dom, hits: Sequence[Hit]) -> Content:
    """Find the text of the page: by the names of blocks where they are known, else by density."""
    edges = [is_edge_chrome(line.text) for line in dom.lines]
    prose = [_is_prose(line) and not edge for line, edge in zip(dom.lines, edges, strict=True)]
    outer = _furniture(dom, prose)
    taken = _header_lines(dom.lines, hits)
    weights = [
        0 if outer[number] or edges[number] or number in taken else _weight(line)
        for number, line in enumerate(dom.lines)
    ]
    sums = [0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    root = _named(dom, sums)
    if root is None:
        root = _densest(dom, prose, weights, sums)
    here = dom.elements[root]
    inside = [n for n in range(here.first, here.last) if not outer[n]]
    spoken = [n for n in inside if prose[n] and n not in taken]
    first = spoken[0] if spoken else here.last
    last = here.first
    if spoken:  # a sentence that begins like a label is one of the text
        last = max(n for n in inside if prose[n] and (n not in taken or _ends(dom.lines[n])))
    found = Content(root, outer, edges, frozenset(_tables(dom, inside)), first, last)
    found.accepted = tuple(hit for hit in hits if _is_accepted(dom, found, hit))
    fields = {n for hit in found.accepted for n in range(hit.first, hit.last + 1)}
    found.lines = tuple(_text_lines(dom, found, (n for n in inside if n not in fields)))
    return found


def _weight(line: Line) -> int:
    """How much a line looks like the text of a document: its characters outside of links."""
    free = len(line.text) - sum(len(anchor.text) for anchor in line.anchors)
    if free * 2 <= len(line.text):
        return 0
    return free * 2 if _SENTENCE.search(line.text) else free


def _ends(line: Line) -> bool:
    return line.cell is None and line.text.endswith(("。", "；"))


def _is_prose(line: Line) -> bool:
    if len(line.text) < 4 or not _HAN.search(line.text):
        return False
    free = len(line.text) - sum(len(anchor.text) for anchor in line.anchors)
    return free * 2 > len(line.text) and bool(_SENTENCE.search(line.text))


def _furniture(dom: Dom, prose: list[bool]) -> list[bool]:
    """Which lines stand in navigation, footers and the like; not where most of the page is."""
    lengths, spoken = [0], [0]
    for number, line in enumerate(dom.lines):
        spoken.append(spoken[-1] + prose[number])
        linked = sum(len(anchor.text) for anchor in line.anchors)
        lengths.append(lengths[-1] + max(0, len(line.text) - linked))
    outer = [False] * len(dom.lines)
    for element in dom.elements[1:]:
        if element.first >= element.last or outer[element.first]:
            continue
        if not is_chrome_block(element.tag, element.names):
            continue
        share = lengths[element.last] - lengths[element.first]
        foot = is_foot(element.tag, element.names)
        if share * 3 > lengths[-1] * (1 + foot) or _TEXT_NAMES.search(element.names):
            continue
        speaks = spoken[element.last] > spoken[element.first]
        if share * 10 > lengths[-1] and speaks and not foot:
            continue
        for number in range(element.first, element.last):
            outer[number] = True
    return outer


def _header_lines(lines: Sequence[Line], hits: Iterable[Hit]) -> set[int]:
    """Lines that are part of a header: several labels close together, or none but labels."""
    by_table: dict[int, set[str]] = {}
    ordered = list(hits)
    for hit in ordered:
        cell = lines[hit.first].cell
        if cell:
            by_table.setdefault(cell.table, set()).add(hit.key)
    found: set[int] = set()
    for number, hit in enumerate(ordered):
        cell = lines[hit.first].cell
        near = {
            other.key
            for other in ordered[max(0, number - 4) : number + 5]
            if abs(other.first - hit.first) <= 8
        }
        if (cell and len(by_table[cell.table]) >= 3) or len(near) >= 2:
            found.update(range(hit.first, hit.last + 1))
    return found


def _named(dom: Dom, sums: list[int]) -> int | None:
    """The block with a name in use for the text, if it holds a good part of the page."""
    found: list[int] = []
    for number, element in enumerate(dom.elements):
        if not number or not element.names or not _TEXT_NAMES.search(element.names):
            continue
        if element.last <= element.first or (found and dom.within(number, found[-1])):
            continue
        found.append(number)
    weighed = [(sums[dom.elements[n].last] - sums[dom.elements[n].first], n) for n in found]
    weighed = [pair for pair in weighed if pair[0] > 0]
    if not weighed:
        return None
    total = sum(weight for weight, _ in weighed)
    if total * 3 < sums[-1]:
        return None
    best = max(weighed)[1]
    if max(weighed)[0] * 20 >= total * 19:
        return best
    others = [number for weight, number in weighed if weight * 50 > total]  # at most 50
    return next(
        above
        for above in dom.ancestors(best)
        if all(dom.within(number, above) for number in others)
    )


def _densest(dom: Dom, prose: list[bool], weights: list[int], sums: list[int]) -> int:
    """Go down from the page to the smallest block that leaves no sentence of the text outside."""
    children: dict[int, list[int]] = {}
    for number, element in enumerate(dom.elements):
        if number and element.last > element.first:
            children.setdefault(element.parent, []).append(number)
    here = 0
    while True:
        block = dom.elements[here]
        whole = sums[block.last] - sums[block.first]
        below = children.get(here, [])
        if not below or not whole:
            return here
        best = max(below, key=lambda n: sums[dom.elements[n].last] - sums[dom.elements[n].first])
        inner = dom.elements[best]
        if inner.tag in _KEEP_WHOLE and not _is_layout(dom, best, whole, sums):
            return here
        left = [
            n
            for n in (*range(block.first, inner.first), *range(inner.last, block.last))
            if weights[n] and prose[n] and dom.lines[n].text[-1] in "。；：:"
        ]
        rest = whole - (sums[inner.last] - sums[inner.first])
        if rest * 4 > whole or (left and rest * 33 > whole):
            return here
        here = best


def _is_layout(dom: Dom, element: int, whole: int, sums: list[int]) -> bool:
    """Whether a table or list carries the page rather than data: one part holds nearly all."""
    block = dom.elements[element]
    if block.tag not in ("table", "tbody", "tr", "td", "ul", "li"):
        return False
    if (sums[block.last] - sums[block.first]) * 10 < whole * 9:
        return False
    cells: dict[tuple[int, int, int], int] = {}
    for number in range(block.first, block.last):
        cell = dom.lines[number].cell
        place = (cell.table, cell.row, cell.column) if cell else (0, 0, 0)
        cells[place] = cells.get(place, 0) + sums[number + 1] - sums[number]
    return max(cells.values()) * 10 > whole * 6


def _is_accepted(dom: Dom, content: Content, hit: Hit) -> bool:
    """Whether a label is the page's: outside of the text, before its prose, or right after it."""
    if content.outer[hit.first] and hit.key == "contact":
        return False
    block = dom.elements[content.root]
    if not block.first <= hit.first < block.last or hit.first < content.first:
        return len(dom.lines[hit.first].text) <= _LONGEST_FIELD
    return hit.first > content.last and hit.key in _AT_END


def _text_lines(dom: Dom, content: Content, inside: Iterable[int]) -> Iterator[int]:
    """Of the lines in the block of the text, those that are the text."""
    related = False
    for number in inside:
        line = dom.lines[number]
        after = number > content.last
        if after and is_related(line.text):
            related = True
            continue
        linked = sum(len(anchor.text) for anchor in line.anchors)
        if not line.text or (related and linked * 2 >= len(line.text)):
            continue
        if after and _is_download(line):
            continue
        in_data = line.cell is not None and line.cell.table in content.tables
        at_edge = after or number < content.first
        if content.edges[number] and not in_data and (at_edge or is_chrome(line.text)):
            continue
        yield number


def _is_download(line: Line) -> bool:
    """A line of nothing but files to download, named as files."""
    files = [anchor for anchor in line.anchors if is_attachment(anchor)]
    if not files or not any(_EXTENSION.search(anchor.text) for anchor in files):
        return False
    rest = line.text
    for anchor in files:
        rest = rest.replace(anchor.text, "", 1)
    return bool(_ONLY_ATTACHMENT.match(rest[:200]))


def markdown(dom: Dom, numbers: Sequence[int], data: frozenset[int]) -> str:
    """Write lines as Markdown (正文文本): paragraphs, headings, lists and tables of ``data``."""
    tables = {table: rows for table, rows in _tables(dom, numbers).items() if table in data}
    parts: list[str] = []
    done: set[int] = set()
    tight = False
    for number in numbers:
        line = dom.lines[number]
        table = line.cell.table if line.cell else -1
        if table in tables:
            if table not in done:
                done.add(table)
                parts.extend(("\n\n", _table(tables[table])))
            tight = False
            continue
        mark = "#" * line.level + " " if line.level else line.bullet
        parts.extend(("\n" if tight and line.bullet else "\n\n", mark + line.text))
        tight = bool(line.bullet)
    return "".join(parts[1:])


def _tables(dom: Dom, numbers: Iterable[int]) -> dict[int, dict[int, dict[int, str]]]:
    """The tables of data among the lines: rows of columns of text."""
    found: dict[int, dict[int, dict[int, str]]] = {}
    sizes: dict[int, int] = {}
    for number in numbers:
        line = dom.lines[number]
        if line.cell is None:
            continue
        row = found.setdefault(line.cell.table, {}).setdefault(line.cell.row, {})
        before = row.get(line.cell.column)
        if before is None:
            row[line.cell.column] = line.text
        elif len(before) <= _LARGEST_CELL:
            row[line.cell.column] = f"{before} {line.text}"
        size = len(row[line.cell.column])
        sizes[line.cell.table] = max(sizes.get(line.cell.table, 0), size)
    nested = {
        above
        for table in found
        for above in dom.ancestors(dom.elements[table].parent)
        if dom.elements[above].tag == "table"
    }
    return {
        table: rows
        for table, rows in found.items()
        if table not in nested
        and sizes[table] <= _LARGEST_CELL
        and len(rows) >= 2
        and max(len(row) for row in rows.values()) >= 2
    }


def _table(rows: dict[int, dict[int, str]]) -> str:
    width = min(max(max(row) for row in rows.values()) + 1, 100)
    lines = []
    for row in rows.values():
        cells = [row.get(column, "").replace("|", "\\|") for column in range(width)]
        lines.append("| " + " | ".join(cells) + " |")
        if len(lines) == 1:
            lines.append("| " + " | ".join(["---"] * width) + " |")
    return "\n".join(lines)
