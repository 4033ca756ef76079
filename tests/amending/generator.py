"""Made-up 办法 and decisions on them, with the text that must come out; and damage to decisions.

The expected text comes from a plain model of lists, not from the code under test.
"""

from __future__ import annotations

import copy
import random
import re
from dataclasses import dataclass, field

TITLE = "青山县公共停车场管理办法"
DIGITS = "〇一二三四五六七八九"


def han(n: int) -> str:
    """1 to 99 in Chinese."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else ("" if tens == 1 else DIGITS[tens]) + "十"
    return head + (DIGITS[ones] if ones else "")


@dataclass
class Paragraph:
    """A 款: its words (``{a,p}`` is a reference by identity) and its 项."""

    key: int
    words: str
    items: list[str] = field(default_factory=list)


@dataclass
class Article:
    key: int
    paragraphs: list[Paragraph]
    chapter: int
    zhi: int = 0


@dataclass(frozen=True)
class Look:
    """How a text is set."""

    gap: str = "\n\n"
    indent: str = ""
    space: str = " "
    bold: str = ""
    heading: str = "## "
    closing: str = ""


LOOKS = (
    Look(),
    Look(gap="\n", indent="　　", space="　"),
    Look(bold="**"),
    Look(gap="\r\n", heading="", space="　"),
    Look(closing="青山县人民政府\n\n2019年3月1日\n"),
)


@dataclass
class Text:
    """A 办法: articles in order, chapters by their number."""

    articles: list[Article]
    chapters: int

    def numbers(self) -> dict[int, tuple[int, int]]:
        out: dict[int, tuple[int, int]] = {}
        at = 0
        for article in self.articles:
            at += 0 if article.zhi else 1
            out[article.key] = (at, article.zhi)
        return out

    def places(self) -> dict[int, int]:
        return {
            paragraph.key: at
            for article in self.articles
            for at, paragraph in enumerate(article.paragraphs, 1)
        }


REFERENCE = re.compile(r"\{(\d+),(\d+)\}")


def render(text: Text, look: Look, old: Text) -> str:
    """Write a text down; references have the numbers of now, or the old ones if their end is gone."""
    numbers = {**old.numbers(), **text.numbers()}
    places = {**old.places(), **text.places()}

    def said(match: re.Match[str]) -> str:
        article, paragraph = int(match[1]), int(match[2])
        words = f"第{han(numbers[article][0])}条"
        return words + (f"第{han(places[paragraph])}款" if paragraph else "")

    lines = [f"# {TITLE}"]
    chapter = 0
    for article in text.articles:
        while chapter < article.chapter:
            chapter += 1
            lines.append(f"{look.heading}第{han(chapter)}章 第{han(chapter)}部分的规定")
        number, zhi = text.numbers()[article.key]
        label = f"第{han(number)}条" + (f"之{han(zhi)}" if zhi else "")
        head = f"{look.indent}{look.bold}{label}{look.bold}{look.space}"
        for at, paragraph in enumerate(article.paragraphs):
            lines.append((head if at == 0 else look.indent) + REFERENCE.sub(said, paragraph.words))
            for index, item in enumerate(paragraph.items, 1):
                lines.append(f"{look.indent}（{han(index)}）{REFERENCE.sub(said, item)}")
    lines.extend(
        f"{look.heading}第{han(at)}章 第{han(at)}部分的规定"
        for at in range(chapter + 1, text.chapters + 1)
    )
    if look.closing:
        lines.extend(look.closing.strip().split("\n\n"))
    return look.gap.join(lines) + "\n"


WORDS = "停车泊位收费标准备案登记设施巡查信息公示经营单位设置管理要求安全照明消防通道监督投诉处理".strip()


class Maker:
    """Makes texts and decisions from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.key = 0
        self.token = 0

    def next(self) -> int:
        self.key += 1
        return self.key

    def words(self) -> str:
        """A phrase that stands nowhere else."""
        self.token += 1
        start = self.chance.randrange(len(WORDS) - 6)
        return f"{WORDS[start : start + 6]}甲{self.token}乙"

    def sentence(self, end: str = "。") -> str:
        return f"{self.words()}应当{self.words()}{end}"

    def paragraph(self, references: list[tuple[int, int]] | None = None) -> Paragraph:
        key = self.next()
        if self.chance.random() < 0.3:
            count = self.chance.randrange(2, 5)
            items = [self.sentence("；") for _ in range(count - 1)] + [self.sentence()]
            return Paragraph(key, f"{self.words()}包括下列事项：", items)
        if references and self.chance.random() < 0.4:
            article, paragraph = self.chance.choice(references)
            end = paragraph if self.chance.random() < 0.4 else 0
            itself = self.chance.choice(["", "本办法"])
            return Paragraph(key, f"依照{itself}{{{article},{end}}}的规定，{self.sentence()}")
        return Paragraph(key, self.sentence())

    def text(self) -> Text:
        count = self.chance.randrange(5, 13)
        chapters = self.chance.choice([0, 0, 2, 3])
        articles: list[Article] = []
        references: list[tuple[int, int]] = []
        for at in range(count):
            key = self.next()
            paragraphs = [
                self.paragraph(references) for _ in range(self.chance.choice([1, 1, 2, 3]))
            ]
            chapter = min(chapters, at * chapters // count + 1) if chapters else 0
            articles.append(Article(key, paragraphs, chapter))
            references.extend((key, paragraph.key) for paragraph in paragraphs)
        return Text(articles, chapters)

    def decision(self, old: Text) -> tuple[list[str], Text]:
        """Instructions on articles that differ, and the text they make."""
        new = copy.deepcopy(old)
        chance = self.chance
        numbers = old.numbers()
        said: list[str] = []
        chosen = chance.sample(
            range(len(old.articles)), chance.randrange(1, min(10, len(old.articles)))
        )
        deleted: set[int] = set()
        for at in sorted(chosen):
            article = next(a for a in new.articles if a.key == old.articles[at].key)
            place = f"第{han(numbers[article.key][0])}条"
            operation = chance.choice(self.operations(article))
            words = operation(self, article, place)
            if words is None:
                if len(new.articles) - len(deleted) <= 2:
                    continue
                deleted.add(article.key)
                said.append(chance.choice([f"删去{place}", f"删除{place}", f"将{place}删去"]))
            else:
                said.append(words)
        new.articles = [article for article in new.articles if article.key not in deleted]
        said.extend(self.inserted(old, new))
        chance.shuffle(said)
        return said, new

    def operations(self, article: Article) -> list:
        out = [replace_article, replace_paragraph, phrase, drop_phrase, add_text, insert_paragraph]
        out.append(lambda maker, a, place: None)
        if len(article.paragraphs) > 1:
            out.append(delete_paragraph)
        if any(p.items for p in article.paragraphs):
            out.extend((replace_item, insert_item, delete_item))
        return out

    def inserted(self, old: Text, new: Text) -> list[str]:
        said: list[str] = []
        chance = self.chance
        made: list[Article] = []
        for _ in range(chance.choice([0, 0, 1, 2])):
            at = chance.randrange(1, len(new.articles) + 1)
            before = new.articles[at - 1]
            after = new.articles[at] if at < len(new.articles) else None
            if before in made or after in made or (after and after.chapter != before.chapter):
                continue
            gone = [a.key for a in old.articles if a.key not in {b.key for b in new.articles}]
            if gone and new.chapters:
                continue  # where it stands between chapters is a matter of judgement
            zhi = int(chance.random() < 0.3)
            article = Article(
                self.next(), [Paragraph(self.next(), self.sentence())], before.chapter, zhi
            )
            if chance.random() < 0.4:
                article.paragraphs.append(Paragraph(self.next(), self.sentence()))
            new.articles.insert(at, article)
            made.append(article)
        numbers = new.numbers()
        for article in made:
            number, zhi = numbers[article.key]
            quoted = quote([p.words for p in article.paragraphs], chance)
            label = f"第{han(number)}条" + (f"之{han(zhi)}" if zhi else "")
            comma = chance.choice(["，", ""])
            said.append(f"增加一条{comma}作为{label}：{quoted}")
        return said


def quote(lines: list[str], chance: random.Random) -> str:
    """Every paragraph opens with a mark, or only the first does."""
    between = chance.choice(["\n\n“", "\n“", "\n"])
    return "“" + between.join(lines) + "”"


def _verb(maker: Maker) -> str:
    return maker.chance.choice(["修改为：", "修改为", "修改为："])


def replace_article(maker: Maker, article: Article, place: str) -> str:
    article.paragraphs = [maker.paragraph() for _ in range(maker.chance.choice([1, 2]))]
    lines = _lines(article.paragraphs)
    lead = maker.chance.choice(["将", ""])
    return f"{lead}{place}{_verb(maker)}{quote(lines, maker.chance)}"


def _lines(paragraphs: list[Paragraph]) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        lines.append(paragraph.words)
        lines.extend(f"（{han(at)}）{item}" for at, item in enumerate(paragraph.items, 1))
    return lines


def _pick(maker: Maker, article: Article) -> tuple[int, Paragraph]:
    at = maker.chance.randrange(len(article.paragraphs))
    return at, article.paragraphs[at]


def replace_paragraph(maker: Maker, article: Article, place: str) -> str:
    at, paragraph = _pick(maker, article)
    if paragraph.items:
        paragraph.words = f"{maker.words()}包括下列各项："
        lines = [paragraph.words]
        if maker.chance.random() < 0.5:
            paragraph.items = [maker.sentence("；"), maker.sentence()]
            lines = _lines([paragraph])
    else:
        paragraph.words = maker.sentence()
        lines = [paragraph.words]
    return f"将{place}第{han(at + 1)}款{_verb(maker)}{quote(lines, maker.chance)}"


def _listed(maker: Maker, article: Article) -> tuple[int, Paragraph, int]:
    holders = [(at, p) for at, p in enumerate(article.paragraphs) if p.items]
    at, paragraph = maker.chance.choice(holders)
    return at, paragraph, maker.chance.randrange(len(paragraph.items))


def _item(maker: Maker, index: int) -> str:
    return maker.chance.choice([f"第{han(index)}项", f"第（{han(index)}）项"])


def replace_item(maker: Maker, article: Article, place: str) -> str:
    at, paragraph, index = _listed(maker, article)
    end = paragraph.items[index][-1]
    words = maker.sentence("")
    paragraph.items[index] = words + end
    mark = maker.chance.choice([f"（{han(index + 1)}）", ""])
    shown = words + maker.chance.choice([end, ""])
    return f"{place}第{han(at + 1)}款{_item(maker, index + 1)}{_verb(maker)}“{mark}{shown}”"


def insert_item(maker: Maker, article: Article, place: str) -> str:
    at, paragraph, index = _listed(maker, article)
    words = maker.sentence("；")
    paragraph.items.insert(index, words)
    mark = maker.chance.choice([f"（{han(index + 1)}）", ""])
    return f"{place}第{han(at + 1)}款增加一项，作为{_item(maker, index + 1)}：“{mark}{words}”"


def delete_item(maker: Maker, article: Article, place: str) -> str:
    at, paragraph, index = _listed(maker, article)
    if len(paragraph.items) < 2:
        return phrase(maker, article, place)
    del paragraph.items[index]
    return f"删去{place}第{han(at + 1)}款{_item(maker, index + 1)}"


def delete_paragraph(maker: Maker, article: Article, place: str) -> str:
    at, paragraph = _pick(maker, article)
    article.paragraphs.remove(paragraph)
    return f"删去{place}第{han(at + 1)}款"


def insert_paragraph(maker: Maker, article: Article, place: str) -> str:
    at = maker.chance.randrange(len(article.paragraphs) + 1)
    new = Paragraph(maker.next(), maker.sentence())
    article.paragraphs.insert(at, new)
    comma = maker.chance.choice(["，", ""])
    lead = maker.chance.choice(["", "在", "将"])
    return f"{lead}{place}增加一款{comma}作为第{han(at + 1)}款：“{new.words}”"


TOKEN = re.compile(r"甲\d+乙")


def _token(maker: Maker, article: Article) -> tuple[Paragraph, int, str]:
    paragraph = _pick(maker, article)[1]
    index = maker.chance.randrange(-1, len(paragraph.items))
    where = paragraph.words if index < 0 else paragraph.items[index]
    return paragraph, index, maker.chance.choice(TOKEN.findall(where))


def _put(paragraph: Paragraph, index: int, old: str, new: str) -> None:
    if index < 0:
        paragraph.words = paragraph.words.replace(old, new)
    else:
        paragraph.items[index] = paragraph.items[index].replace(old, new)


def phrase(maker: Maker, article: Article, place: str) -> str:
    paragraph, index, old = _token(maker, article)
    new = maker.words()
    _put(paragraph, index, old, new)
    inside = maker.chance.choice(["中的", "中", "的", ""])
    return f"将{place}{inside}“{old}”{maker.chance.choice(['修改为', '改为', '统一修改为'])}“{new}”"


def drop_phrase(maker: Maker, article: Article, place: str) -> str:
    paragraph, index, old = _token(maker, article)
    _put(paragraph, index, old, "")
    return maker.chance.choice([f"删去{place}中的“{old}”", f"将{place}中的“{old}”删去"])


def add_text(maker: Maker, article: Article, place: str) -> str:
    paragraph, index, old = _token(maker, article)
    new = maker.words()
    side = maker.chance.choice(["后", "之后", "前"])
    _put(paragraph, index, old, new + old if side == "前" else old + new)
    return f"在{place}“{old}”{side}增加“{new}”"


def written(said: list[str], chance: random.Random) -> str:
    """A decision with its title, formula, numbered items and closing words."""
    lines = [f"青山县人民政府关于修改《{TITLE}》的决定", f"县人民政府决定对《{TITLE}》作如下修改："]
    style = chance.choice(["{}、", "（{}）"])
    end = chance.choice(["。", ""])
    lines.extend(
        style.format(han(at)) + words + ("" if words.endswith("”") else end)
        for at, words in enumerate(said, 1)
    )
    lines.append("此外，对条文顺序作相应调整。")
    lines.append("本决定自公布之日起施行。")
    return "\n\n".join(lines) + "\n"


DAMAGE = "条款项第一二三四五“”‘’《》（）修改为增加删去将在，。；：\n 　\x00\ud800x"


def damaged(text: str, chance: random.Random) -> str:
    """A decision after bad scanning: characters lost, doubled, swapped or read as others."""
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        if not text:
            break
        at = chance.randrange(len(text))
        kind = chance.randrange(7)
        if kind == 0:
            text = text[:at] + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + chance.choice(DAMAGE) + text[at + 1 :]
        elif kind == 2:
            text = text[:at] + chance.choice(DAMAGE) + text[at:]
        elif kind == 3:
            text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
        elif kind == 4:
            text = text[:at] + text[at + chance.randrange(40) :]
        elif kind == 5:
            marks = [i for i, sign in enumerate(text) if sign in "“”"]
            if marks:
                gone = chance.choice(marks)
                text = text[:gone] + text[gone + 1 :]
        else:
            text = text[:at] if chance.random() < 0.2 else text[:at] + text[at : at + 6] + text[at:]
    return text
