"""Reading a body line by line into a flat list of nodes, the structure behind an outline (结构).

条 are found by sequence: they run through the document and 章 do not interrupt them. 款 are the
unnumbered paragraphs of a 条, 项 belong to the 款 above, and text after a list is the next 款.
Nodes stand in the order of their starts, so the text of one ends where the next begins: nothing
can be lost.
"""

from __future__ import annotations

from policylib.text.locator import Level
from policylib.text.marks import FIRST, Mark, is_title, read_mark

__all__ = ["Node", "read_structure"]


class Node:
    """One part of a document while it is being read (结构节点)."""

    __slots__ = ("heading", "label", "level", "number", "parent", "start", "suffix", "text")

    def __init__(self, level: Level, number: int, suffix: int, label: str, start: int) -> None:
        self.level = level
        self.number = number
        self.suffix = suffix
        self.label = label
        self.heading: str | None = None
        self.start = start
        self.text = start  # where the words begin, behind the label
        self.parent = -1


_DEPTH = {
    level: depth
    for depth, levels in enumerate(
        (
            (Level.TEXT, Level.ANNEX),
            (Level.TITLE, Level.PREFACE, Level.CONTENTS),
            (Level.PART, Level.BOOK),
            (Level.SUBBOOK,),
            (Level.CHAPTER,),
            (Level.SECTION,),
            (Level.HEADING1,),
            (Level.HEADING2,),
            (Level.HEADING3,),
            (Level.HEADING4,),
            (Level.ARTICLE,),
            (Level.PARAGRAPH,),
            (Level.ITEM,),
            (Level.SUBITEM,),
        )
    )
    for level in levels
}
_LEAVES = frozenset((Level.TITLE, Level.PREFACE, Level.CONTENTS))
_DIVISIONS = (Level.PART, Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION)
_OUTERMOST = frozenset((Level.PART, Level.BOOK, Level.CHAPTER))
_HEADINGS = (Level.HEADING1, Level.HEADING2, Level.HEADING3, Level.HEADING4)
_RESET = {
    level: tuple(other for other in (*_DIVISIONS, *_HEADINGS) if _DEPTH[other] > _DEPTH[level])
    for level in (*_DIVISIONS, *_HEADINGS, Level.ANNEX, Level.TEXT)
}
_ENDS = frozenset('。；;：:！!？?”"’）)》…】')
_SHORT = 25  # characters: a line without an end below it is a caption, above it a wrapped sentence
_NO_PARAGRAPH = ("|", "<!--", "```", "![")


def read_structure(body: str) -> list[Node]:
    """Read ``body`` into nodes (结构节点) that tile it, in one pass."""
    reader = _Reader()
    at = 0
    for line in body.splitlines(keepends=True):
        text = line.strip()
        if text:
            if text[0] in FIRST and (mark := read_mark(text)) is not None:
                reader.marked(mark, text, at, at + line.index(text[0]))
            else:
                reader.plain(text, at)
            reader.last = text[-1]
            reader.length = len(text)
        at += len(line)
    if not reader.nodes and body:
        reader.open(Level.PREFACE, 0)
    return reader.nodes


class _Reader:
    """The state between two lines."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.stack: list[int] = []
        self.counts: dict[Level, int] = {}  # the last number at each level
        self.article = self.article_suffix = 0
        self.texts = 1
        self.last = ""  # the last character of the line before
        self.length = 0
        self.title_at = -1
        self.contents: tuple[Level, int] | None = None  # the first entry of an open 目录
        # of the open article:
        self.in_article = False
        self.paragraphs = 0
        self.first_words: str | None = None
        self.items: tuple[Level | None, Level | None, int] = (None, None, 0)
        self.before: tuple[tuple[Level | None, Level | None, int], int] | None = None

    # -- nodes ------------------------------------------------------------------------------

    def open(
        self, level: Level, start: int, *, mark: Mark | None = None, number: int = 0, text: int = -1
    ) -> Node:
        """Open a node at ``start``, closing what it cannot stand in."""
        depth, nodes, stack = _DEPTH[level], self.nodes, self.stack
        while stack and (
            _DEPTH[nodes[stack[-1]].level] >= depth or nodes[stack[-1]].level in _LEAVES
        ):
            stack.pop()
        if not nodes:
            start = 0
        suffix, label = (mark.suffix, mark.label) if mark else (0, "")
        number = mark.number if mark and not number else number
        node = Node(level, number, suffix, label, start)
        if text >= 0:
            node.text = text
        node.parent = stack[-1] if stack else -1
        stack.append(len(nodes))
        nodes.append(node)
        return node

    def new_series(self, at: int) -> None:
        """Open a further text (文本): its numbering begins again."""
        start = at
        if self.title_at > self.nodes[-1].start:
            start = self.title_at
        self.texts += 1
        self.open(Level.TEXT, start, number=self.texts)
        self.reset(Level.TEXT)

    def reset(self, level: Level) -> None:
        for other in _RESET[level]:
            self.counts.pop(other, None)
        if level in {Level.TEXT, Level.ANNEX}:
            self.article = self.article_suffix = 0
        self.in_article = False
        self.title_at = -1

    # -- lines without a mark -------------------------------------------------------------------

    def plain(self, text: str, at: int) -> None:
        if self.in_article:
            self.plain_in_article(text, at)
        elif not self.nodes:
            titled = text[0] == "#" or (len(text) <= 80 and text[-1] not in "。；;：:，,")
            self.open(Level.TITLE if titled else Level.PREFACE, at)
        elif self.nodes[-1].level is Level.TITLE and len(self.nodes) == 1:
            self.open(Level.PREFACE, at)
        elif self.contents is not None and (len(text) > 40 or text[-1] == "。"):
            self.contents = None
            self.open(Level.PREFACE, at)
        if is_title(text):
            self.title_at = at
        elif len(text) > 60 and text[-1] == "。":
            self.title_at = -1

    def plain_in_article(self, text: str, at: int) -> None:
        """Decide whether a paragraph is the next 款 or goes on with what is open."""
        ended = text[-1] in _ENDS
        if (not ended and len(text) < _SHORT) or text.startswith(_NO_PARAGRAPH):
            return
        if self.paragraphs:
            newest = self.nodes[-1]
            if self.last not in _ENDS and self.length >= _SHORT:
                return  # the line before was wrapped
            if self.paragraphs == 1 and newest.level is Level.PARAGRAPH and self.heads(newest):
                newest.start = newest.text = at
                return
        if self.items[0] is not None:
            self.before = (self.items, self.paragraphs)
        self.next_paragraph(at)

    def heads(self, paragraph: Node) -> bool:
        """Whether the only words so far (第一条 立法目的) are the article's heading."""
        if self.last in _ENDS or self.last in "，,、" or self.first_words is None:
            return False
        article = self.nodes[paragraph.parent]
        article.heading = self.first_words
        return True

    def next_paragraph(self, at: int) -> None:
        self.paragraphs += 1
        self.items = (None, None, 0)
        self.open(Level.PARAGRAPH, at, number=self.paragraphs)

    # -- lines with a mark ----------------------------------------------------------------------

    def marked(self, mark: Mark, text: str, at: int, text_at: int) -> None:
        level = mark.level
        if self.contents is not None and self.goes_on_in_contents(mark):
            return
        if level is Level.ARTICLE:
            self.on_article(mark, text, at, text_at)
        elif level in _DIVISIONS:
            self.on_division(mark, at, text_at)
        elif level is Level.ANNEX:
            self.reset(level)
            self.open(level, at, mark=mark, text=text_at + mark.end)
        elif level is Level.CONTENTS:
            if not self.in_article and not self.counts:
                self.open(level, at, mark=mark)
                self.contents = (level, 0)
        elif self.in_article and self.on_item(mark, at, text_at):
            return
        else:
            self.on_heading(mark, at, text_at)

    def goes_on_in_contents(self, mark: Mark) -> bool:
        """Whether a line still belongs to 目录, which ends where its first entry comes again."""
        entry = (mark.level, mark.number)
        if self.contents == (Level.CONTENTS, 0):
            self.contents = entry
            return mark.level is not Level.ARTICLE or self.leave_contents()
        if entry == self.contents or mark.level is Level.ARTICLE:
            return self.leave_contents()
        return True

    def leave_contents(self) -> bool:
        self.contents = None
        return False

    def on_division(self, mark: Mark, at: int, text_at: int) -> None:
        level = mark.level
        last = self.counts.get(level, 0)
        if mark.number == 1 and level in _OUTERMOST:
            read = bool(self.article or self.counts.get(Level.HEADING1))
            if read and (last or self.title_at >= 0):
                self.new_series(at)
            elif last and level is not Level.PART:
                self.unread_contents(level)
        self.reset(level)
        self.counts[level] = mark.number
        self.open(level, at, mark=mark, text=text_at + mark.end)

    def unread_contents(self, level: Level) -> None:
        """Turn divisions read so far without a word under them into a 目录: they come again."""
        first = len(self.nodes) - 1
        while first and self.nodes[first - 1].level in _DIVISIONS:
            first -= 1
        if self.nodes[first].level not in _DIVISIONS:
            return
        start = self.nodes[first].start
        del self.nodes[first:]
        self.stack = [index for index in self.stack if index < first]
        self.open(Level.CONTENTS, start)
        self.counts.pop(level, None)

    def on_article(self, mark: Mark, text: str, at: int, text_at: int) -> None:
        if not self.is_article(mark):
            self.plain(text, at)
            return
        if mark.number == 1 and not mark.suffix and (self.article or self.stands_in_paragraphs()):
            self.new_series(at)
        self.article, self.article_suffix = mark.number, mark.suffix
        self.in_article, self.title_at = True, -1
        self.paragraphs, self.items, self.before = 0, (None, None, 0), None
        words = mark.end
        node = self.open(Level.ARTICLE, at, mark=mark, text=text_at + words)
        if text.startswith("【", words) and (close := text.find("】", words, words + 60)) > 0:
            node.heading = text[words + 1 : close]
            words = close + 1
        self.first_words = None
        if words < len(text):
            rest = text[words:]
            self.first_words = rest.strip("*_ ") if len(rest) <= _SHORT else None
            self.next_paragraph(text_at + words)

    def is_article(self, mark: Mark) -> bool:
        """Judge by sequence whether 第N条 opens an article or refers to one."""
        number, suffix = mark.number, mark.suffix
        if suffix:
            follows = number == self.article and suffix - 1 == self.article_suffix
            return follows or (mark.strong and number >= self.article > 0)
        if number == self.article + 1:
            return mark.strong or self.last in _ENDS or self.length < _SHORT or not self.in_article
        if not mark.strong:
            return False
        if self.article == 0:
            return Level.HEADING1 not in self.counts
        return True

    def stands_in_paragraphs(self) -> bool:
        """Whether an open 一、 is a paragraph of a notice, not a heading over articles."""
        if Level.HEADING1 not in self.counts:
            return False
        return (
            self.nodes[-1].level is not Level.HEADING1 or self.last in _ENDS or self.title_at >= 0
        )

    def on_item(self, mark: Mark, at: int, text_at: int) -> bool:
        """Open a 项 or 目 of the open article; False when the mark is a heading above it."""
        style, number = mark.level, mark.number
        if style is Level.HEADING1 and self.items[0] is not style:
            # 一、 lists something only where the words before it ask for a list
            asked = self.last in "：:" or (self.paragraphs <= 1 and self.last not in _ENDS)
            if number != 1 or not asked:
                return False
        if self.before is not None:
            self.go_on_with_list(style, number)
        if not self.paragraphs:
            self.next_paragraph(at)
        item, subitem, _ = self.items
        text = text_at + mark.end
        if item is None or item is style:
            self.items = (style, None, number)
            self.open(Level.ITEM, at, mark=mark, text=text)
        elif subitem is None or subitem is style:
            self.items = (item, style, self.items[2])
            self.open(Level.SUBITEM, at, mark=mark, text=text)
        return True

    def go_on_with_list(self, style: Level, number: int) -> None:
        """Take back a 款 that proves to be the second paragraph of an 项: the list goes on."""
        assert self.before is not None  # noqa: S101 - the caller has looked
        (item, subitem, last), paragraphs = self.before
        self.before = None
        if number == 1 or self.items[0] is not None or self.last in "：:":
            return
        if (style is item and number == last + 1) or style is subitem:
            while self.nodes[-1].level is Level.PARAGRAPH:
                self.nodes.pop()
            self.items, self.paragraphs = (item, subitem, last), paragraphs
            self.restack()

    def restack(self) -> None:
        """Open again what the last node stands in."""
        index = len(self.nodes) - 1
        self.stack = []
        while index >= 0:
            self.stack.insert(0, index)
            index = self.nodes[index].parent

    def on_heading(self, mark: Mark, at: int, text_at: int) -> None:
        level = mark.level
        last = self.counts.get(level, 0)
        if level is Level.HEADING1 and mark.number == 1 and last >= 1:
            self.new_series(at)
        self.reset(level)
        self.counts[level] = mark.number
        self.open(level, at, mark=mark, text=text_at + mark.end)
