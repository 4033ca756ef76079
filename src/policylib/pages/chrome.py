"""What on a page is not the document (页面装饰): navigation, counters, font switches, footers."""

from __future__ import annotations

import re

__all__ = [
    "is_chrome",
    "is_chrome_block",
    "is_edge_chrome",
    "is_foot",
    "is_footer",
    "is_related",
    "strip_chrome",
]

_GAP = r"[\s\x1f]{0,4}"
_BUTTON = (
    "打印|打印本页|打印此页|打印页面|我要打印|关闭|关闭窗口|关闭本页|关闭页面|收藏|收藏本页|加入收藏|分享|分享到|"
    "分享至|一键分享|返回|返回顶部|回到顶部|返回首页|返回上一页|返回列表|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|QQ|朋友圈|"
    "人人网|大|中|小|特大|超大|标准|默认|较大|T|A\\+|A-|A|字体|字号|字体大小|字号大小|显示字体|字体显示|我要纠错|纠错|语音播报|朗读|听全文|复制链接|"
    "下载文字版|下载PDF版|视力保护色|保护视力色|繁体|简体|收听|点赞|评论|更多|更多>>|>>|首页|网站首页|全文朗读|播放|暂停|无障碍阅读|无障碍|"
    "长者模式|适老版|手机版|电脑版|English|EN|我要留言|网上调查|扫一扫|扫码|二维码|x|×|:|：|/|\\||-|·|>|<|》|›"
)
#: A line of nothing but buttons: 【字体：大 中 小】 打印 关闭.
_BUTTONS = re.compile(
    rf"(?:[\s\x1f【】\[\]（）()「」|丨/]|(?:{_BUTTON})(?=[\s\x1f【】\[\]（）()「」|丨/:：]|\Z)|字[体号][:：]|"
    r"[大中小](?=[大中小])|分享[到至][:：]?|打印(?=关闭)|视力保护色[:：])++\Z"
)
_WORD = re.compile(r"[\u3400-\u9fff]{2}|[A-Za-z]{2}|[大中小A][ +\-|]{1,3}[大中小A]")
_LETTER = re.compile(r"[\u3400-\u9fffA-Za-z]")
_COUNTER = re.compile(
    r"[\[【(（]?(?:浏览|阅读|点击|访问|查看|点击阅读|人气)(?:次数|量|数|人次|率)?[:：]?\s{0,3}(?:\[?[0-9,]{0,12}\]?)\s{0,3}(?:人次|次|次数)?[\]】)）]?\Z"
)
_NEIGHBOUR = re.compile(
    r"[【\[<《«]{0,2}(?:上|下|前|后)(?:一)?(?:篇|条|页|则|一个)(?:文章|信息|新闻)?[】\]>》»]{0,2}(?:[:：\s]|\Z)"
)
_PLACE = re.compile(
    r"(?:您?(?:现在|当前)?(?:的|所在)?(?:当前)?位置(?:是)?|当前页面|所在位置|你的位置)[:：]"
)
_CRUMBS = re.compile(r"(?:网站)?首页\s{0,3}(?:[>＞/»›\-]|&gt;|→)")
_SCAN = re.compile(
    r"(?:请?(?:用|使用|打开)?(?:手机|微信|支付宝)?)?扫(?:一扫|描|码)?.{0,24}(?:二维码|手机|页面|分享|关注|微信|浏览|阅读|打开|查看).{0,12}\Z"
)
_STAFF = re.compile(
    r"[\[【(（]?(?:责任编辑|责编|编辑|网络编辑|本文编辑|编审|审核|审核人|审稿|初审|复审|终审|一审|二审|三审|校对|校核|录入|录入者|录入人|发布人|发布者|信息员|供稿|供稿人|撰稿|通讯员|作者|摄影|来稿|投稿)"
    rf"[:：]{_GAP}[^\s。；，]{{0,20}}(?:\s{{1,4}}[^\s。；]{{1,20}}){{0,6}}[\]】)）]?\Z"
)
_FOOTER = re.compile(
    r"版权所有|Copyright|©|网站标识码|ICP备|公网安备|网站支持IPv6|技术支持[:：]|网站地图|关于我们\s|免责声明|隐私声明|政府网站.{0,2}找错|"
    r"(?:主办|承办|维护|协办|制作|管理)单?位?[:：].{0,60}(?:承办|主办|维护|技术|电话|版权|备案|邮编|\Z)|建议使用.{0,20}(?:浏览器|分辨率)|党政机关网站|"
    r"联系我们\s{0,2}(?:[|丨]|\Z)|您是第.{0,12}位访|网站管理[:：]",
    re.I,
)
_HEADING = re.compile(
    r"[■◆●▪>·\s]{0,3}(?:相关(?:链接|文档|文件|信息|新闻|文章|稿件|报道|阅读|解读|政策|政策解读|内容|推荐|附件|附件下载|资讯|稿|公文|专题)|关联(?:信息|文件|稿件|解读|政策)|"
    r"(?:推荐|延伸|扩展)阅读|热点(?:文章|新闻|推荐|信息)|最新(?:信息|文件|发布|政策|公开)|热门(?:信息|文章)|猜你喜欢|政策(?:解读|问答|图解)|解读(?:链接|材料|文件)|图解|"
    r"附件下载|文件下载|文档下载|下载附件|资料下载|友情链接|网站导航|信息公开目录|栏目导航|快速导航|网友评论|我要评论|文件解读|多媒体解读|延伸阅读)[:：]?\Z"
)
_OTHER = re.compile(
    r"(?:您?的?(?:浏览器|访问).{0,40}(?:不支持|版本|JavaScript).{0,40}|(?:请|正在)?(?:稍候|加载中|载入中).{0,10}|document\.write.{0,80}|var .{0,80}|"
    r"本?(?:文|页|页面|网页).{0,4}(?:二维码|网址|地址)[:：]?.{0,80}|"
    r"(?:【|\[)?(?:我要纠错|打印|关闭窗口?|收藏|大中小).{0,20}(?:】|\]))\Z"
)
#: A line that only leads to the source: 原文链接, 点击查看原文>>, 来源网址：https://…
_TO_SOURCE = re.compile(
    r"[【\[（(>＞\s\x1f]{0,4}(?:请?点(?:击|此|这里)(?:这里|此处)?)?(?:查看|阅读|浏览|访问|跳转)?(?:权威|政策|文件|转载)?"
    r"(?:原文件?|原链接|(?:来源|权威)(?=链接|地址|网址|文本|版本))(?:全文)?(?:链接|地址|网址|出处|文本|版本)?"
    r"[】\])）>＞》»\s\x1f]{0,4}(?:[:：][^。；]{0,300})?\Z"
)
_LONGEST = 160
_AROUND = " \x1f\u3000"

_BLOCK = re.compile(
    r"(?:\A|[\s_-])(?:top|site|main|page|left|right|bottom|my|sub|bd|con|art|xl|g|u|m|w|j|new|news|index|footer|foot|head)?[_-]?"
    r"(?:nav|navs|navi|navbar|navigation|topnav|subnav|menu|menus|crumb|crumbs|breadcrumb|breadcrumbs|bread|location|position|weizhi|dqwz|curpos|"
    r"currentposition|footer|foot|footers|copyright|share|bdshare|bdsharebuttonbox|jiathis|qrcode|qr|ewm|erweima|qr_container|code_box|"
    r"toolbar|tool|tools|fontsize|font-size|fontresize|sidebar|aside|related|relate|xgwd|xgjd|xgxx|xglj|relevant|recommend|prevnext|prev-next|pagenav|pager|pagination|"
    r"comment|comments|search|searchbox|login|friendlink|friendlinks|yqlj|links|accessibility|wza|old-model|banner|logo|toplogo|fixed|floatbar|gotop|goto|backtop|dy|print|close)"
    r"(?:[_-]?(?:box|bar|wrap|wrapper|list|con|content|div|area|main|inner|block|container|[0-9]{1,2}))?(?:\Z|\s)"
)
_BLOCK_TAGS = frozenset(("nav", "footer", "aside"))
_FOOTER_NAMES = re.compile(r"(?:\A|[\s_-])(?:footer|foot|copyright)", re.I)
_TAIL_CHROME = re.compile(
    r"[\s\x1f|丨]{0,4}(?:[\[【(（]?(?:浏览|阅读|点击|访问)(?:次数|量|数)?[:：].{0,20}"
    r"|[\[【(（]?字[体号](?:大小)?[:：]?[\s\[【(（]{0,3}[大中小].{0,20}|[\[【(（]?(?:我要)?打印[\]】)）]?.{0,20}"
    r"|分享到?[:：]?.{0,10}|[\ue000-\uf8ff|\s]{1,10})\Z"
)


def is_chrome(text: str) -> bool:
    """Whether a line is page chrome wherever it stands (装饰行).

    >>> [is_chrome(line) for line in ("浏览次数：120", "字体：[大 中 小] 打印 关闭", "第一条 关闭窗口")]
    [True, True, False]
    """
    line = text.strip(_AROUND)
    if len(line) > _LONGEST:
        return False
    buttons = _BUTTONS.match(line) and _WORD.search(line)
    return bool(buttons or _COUNTER.match(line) or _NEIGHBOUR.match(line))


def is_edge_chrome(text: str) -> bool:
    """Whether a line before or after the prose of a page is chrome (页首页尾装饰).

    >>> is_edge_chrome("责任编辑：李四"), is_edge_chrome("青山县人民政府")
    (True, False)
    """
    line = text.strip(_AROUND)
    if not line:
        return True
    if len(line) > _LONGEST:
        return False
    return bool(
        is_chrome(line)
        or (_BUTTONS.match(line) and _LETTER.search(line))
        or _PLACE.match(line)
        or _CRUMBS.match(line)
        or _SCAN.match(line)
        or _STAFF.match(line)
        or _OTHER.match(line)
        or _TO_SOURCE.match(line)
        or is_related(line)
        or is_footer(line)
    )


def is_related(text: str) -> bool:
    """Whether a line is the heading over links that are not the document: 相关链接, 附件下载."""
    return len(text) <= 40 and bool(_HEADING.match(text.strip(_AROUND)))


def is_footer(text: str) -> bool:
    """Whether a line belongs to the foot of a site: 版权所有, 备案号, 网站标识码."""
    return len(text) <= _LONGEST and bool(_FOOTER.search(text)) and "。" not in text


def is_chrome_block(tag: str, names: str) -> bool:
    """Whether an element holds chrome, by its tag, id and classes (装饰区块)."""
    return tag in _BLOCK_TAGS or bool(names and _BLOCK.search(names))


def is_foot(tag: str, names: str) -> bool:
    """Whether an element is the foot of the site (页脚), by its tag, id and classes."""
    return tag == "footer" or bool(names and _FOOTER_NAMES.search(names))


def strip_chrome(value: str) -> str:
    """Take chrome off the end of a header value: 十八里镇 浏览次数：3 字体：[大 中 小]."""
    for _ in range(4):
        shorter = _TAIL_CHROME.sub("", value[-80:])
        if len(shorter) == len(value[-80:]):
            break
        value = value[:-80] + shorter
    return value.strip(" \x1f\u3000|丨【】")
