"""The patterns of the lines of a decision (决定行文): marks, formulas, names, closing words."""

from __future__ import annotations

import re

from policylib.amending.places import N
from policylib.amending.quotes import QUOTE

__all__ = [
    "ALL",
    "ANNOUNCES",
    "BREAK",
    "COMPARED",
    "COURTESY",
    "EFFECT",
    "FIRST",
    "FORMULA",
    "GLUED",
    "JOINS",
    "LEADS",
    "MARK",
    "NAMING",
    "OLD",
    "ORDER",
    "ORDERED",
    "PLACE",
    "REPUBLISH",
    "SCOPED",
    "STRONG",
    "TITLES",
    "TITLE_LINE",
    "UNSPACED",
    "VERBS",
    "WORDING",
    "WORDS",
]

T = r"《(?:[^《》\n]|《[^《》\n]{1,60}》){1,120}》"
NOTE = r"(?:[（(][^（）()\n]{1,80}[）)])?"
MARK = re.compile(
    rf"[#*> \t\u3000\xa0]{{0,12}}(?:(?P<han>[一二三四五六七八九十百〇零]{{1,6}})[、.．]|(?P<bracket>[（(][一二三四五六七八九十百]{{1,5}}[）)])、?"
    rf"|(?P<digit>[0-9０-９]{{1,3}})[.．、](?![0-9])|(?P<small>[（(][0-9０-９]{{1,3}}[）)])"
    rf"|(?P<article>第{N}条)[ \u3000]{{1,4}}(?!修改|改|中|第|删|增|[“{QUOTE}]))[ \t\u3000\xa0]{{0,8}}"
)
GLUED = re.compile(
    rf"(?:(?<=[。；;.{QUOTE}])|(?<=[。；;.{QUOTE}][ \u3000]))(?=[一二三四五六七八九十百]{{1,5}}、(?:修改|对|将|删|在|增加|《|第))"
)
BREAK = re.compile(
    rf"[。；;](?!(?:具体)?内容如下)|(?<=[{QUOTE}\u4e00-\u9fff])\.(?=\s|\Z)|(?<![条款项目点分节章]){QUOTE}(?=[将在增原同]|删[去除][第《]|第[^，。、]{{1,12}}[修改删增中])"
)
OLD = re.compile(
    rf"(?:[、和]{QUOTE}){{0,20}}[，,]?(?:统一|均|分别|之?[前后]|末尾)?(?:修改|改为|增加|删|调整为|替换)"
)
JOINS = re.compile(r"[：:为]\s*\Z")
FORMULA = re.compile(
    rf"(?:对|将)(?P<titles>{T}{NOTE}(?:(?:、|和|及|以及)?{T}{NOTE}){{0,30}}|[\u4e00-\u9fff]{{1,20}}?法)"
    r"(?:的|中)?(?:部分|有关|相关|个别|若干)?(?:条款|条文|内容|规定)?(?:进行|作出|作|做出|做|予以|加以)?(?:了)?"
    r"(?:如下|以下|下列)?(?:部分)?(?:的)?(?:补充修改|修改和补充|修改补充|修改|修订|修正|调整|补充)(?![为成后])(?:和补充|、补充|和调整)?(?:如下)?"
)
NAMING = re.compile(
    rf"(?:(?:对|修改|将|关于)?(?P<title>{T}){NOTE}(?:的)?(?:修改(?:内容|决定)?)?|修改(?P<bare>[\u4e00-\u9fff]{{2,40}}(?:法|条例|办法|规定|细则)))[：:。\s]*\Z"
)
EFFECT = re.compile(
    r"(?:本(?:决定|通知|修正案|修改|文件|公告|令)|以上修改|上述修改)?[^。]{0,12}自[^。]{1,40}(?:起)?(?:施行|实施|生效|执行)|本(?:决定|通知|修正案)[^。]{0,40}(?:施行|实施|生效)"
)
REPUBLISH = re.compile(
    r"(?:根据|按照|依据)本?(?:决定|通知|修正案)[^。]{0,60}(?:修改|修正|调整|公布|印发|发布)|重新(?:公布|印发|发布)"
)
ORDER = re.compile(
    r"(?:条文|条款|章节|款项|条目|各条|项|序号|编号|条)[^。，]{0,12}(?:顺序|序号|次序|编号|序列)?[^。，]{0,16}(?:调整|顺延|变更)"
)
ORDERED = re.compile(r"(?:顺序|序号|次序|编号|顺延)")
WORDING = re.compile(r"(?:个别|部分|有关|相关)?(?:文字|标点)[^。]{0,16}(?:修改|调整|修正)")
_TERM = "有效期限?[^。；]{0,4}(?:延长|延续|顺延|展期|延期)(?:至|到|为)"
VERBS = re.compile(
    rf"{_TERM}|修改为|改为|调整为|替换为|删去|删除|增加[一二两三四五六七八九十]|合并|移至|移到|拆分|{QUOTE}"
)
PLACE = re.compile(rf"第{N}[条款项章节]")
SCOPED = re.compile(rf"(?:将|在|对)?第{N}[条款章节项]")
ALL = re.compile(r"此外|(?:并)?对?(?:相关|有关|上述|以上)")
STRONG = re.compile(r"(?:将|在|删去|删除|对《|修改《|增加[一二两三四五六])")
#: A place at the head of a line, not the label of an article of the text that follows.
UNSPACED = re.compile(rf"第{N}[条款项章节](?![ \t\u3000])")
#: 对部分条文作以下修改：, what the lines below it say.
LEADS = re.compile(
    r"(?:并)?(?:对)?(?:部分|有关|相关|个别|以下|下列)[^。；，《》第]{0,16}(?:作|作出|做|进行|予以)?(?:了)?(?:如下|以下|下列)(?:文字|统一)?(?:修改|调整|修订|修正)[：:]?\Z"
)
#: Words that only say that something is amended: 对2部规章的部分条款予以修改。（附件1）.
ANNOUNCES = re.compile(
    r"(?:对)?[^。；]{0,20}[0-9０-９一二三四五六七八九十]{1,4}[部件个项][^。；]{0,40}(?:予以|进行)?(?:修改|废止|修订|修正|失效)\Z"
    r"|(?:现|现将)?(?:具体|有关)?(?:修改|调整|修订)?(?:内容|事项|情况)?(?:通知|公告)?如下[：:]?\Z"
    r"|(?:《[^《》]{1,80}》|[原本该][\u4e00-\u9fff]{1,4})?(?:中)?(?:的)?(?:其他|其它|其余)[^。；，]{0,20}(?:保持)?(?:不变|继续有效)\Z"
    r"|[（(](?:见|详见)?附件[0-9０-９一二三四五六七八九十]{0,2}[）)]\Z"
)
COURTESY = re.compile(
    r"(?:请|望)[^。]{0,60}(?:执行|落实|遵照|实施|办理)|特此[通公]|现予[公发]布|[（(]?此件"
)
COMPARED = re.compile(
    r"附(?:件|表)?[0-9]{0,2}[：:]?[^。]{0,30}(?:对照表|修订稿|修改稿|修正文本|全文)\s*\Z"
)
WORDS = re.compile(rf"{_TERM}|修改为|改为|调整为|替换为|删去|删除|增加|合并|移至|移到|拆分")
FIRST = re.compile(r"第一条[ \u3000]|第一章[ \u3000]")
TITLE_LINE = re.compile(
    r"(?:决定|修正案(?:[（(][^）)]{1,6}[）)])?|通知|公告)(?:[（(][^）)]{1,12}[）)])?\Z"
)
TITLES = re.compile(T)
