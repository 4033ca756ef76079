"""The fixed words of the field: official Chinese terms as values, English names in code."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "ENDED",
    "FORMS",
    "INTERPRETATION_FORMS",
    "KINDS",
    "THEMES",
    "Act",
    "Channel",
    "Conclusion",
    "Disclosure",
    "Disposition",
    "DocumentClass",
    "DocumentType",
    "InterpretationForm",
    "Interpreter",
    "OrganLevel",
    "Origin",
    "RelationKind",
    "Role",
    "Severity",
    "Stage",
    "Validity",
]


class DocumentType(StrEnum):
    """What part a document plays in a policy's life (文件类型)."""

    POLICY = "政策文件"
    CONSULTATION = "意见征集"
    FEEDBACK = "意见反馈"
    INTERPRETATION = "政策解读"
    REPOST = "转载"


class DocumentClass(StrEnum):
    """What a document is in law (文件类别), which decides its procedure."""

    LAW = "法律"
    REGULATION = "行政法规"
    RULES = "规章"
    NORMATIVE = "行政规范性文件"
    MAJOR_DECISION = "重大行政决策"
    INTERPRETATION = "政策解读"
    OTHER = "其他文件"


class Stage(StrEnum):
    """The last step a document has completed (办理阶段); moved by acts, stored.

    In the order of a procedure. Which of them a document needs is for its rule-set to say.
    """

    PROPOSED = "立项"
    DRAFTED = "起草"
    CONSULTED = "征求意见"
    ANSWERED = "意见反馈"
    LEGALLY_REVIEWED = "合法性审核"
    SECRECY_REVIEWED = "保密审查"
    DELIBERATED = "集体审议"
    REVIEWED = "审核"
    SIGNED = "签发"
    NUMBERED = "统一登记编号"
    RELEASED = "公布"
    WITHDRAWN = "撤回"

    @property
    def is_signed(self) -> bool:
        """Whether it is signed and waits for its release."""
        return self in {Stage.SIGNED, Stage.NUMBERED}

    @property
    def is_unsigned(self) -> bool:
        """Whether it is still worked on."""
        return not self.is_signed and self not in {Stage.RELEASED, Stage.WITHDRAWN}


class Act(StrEnum):
    """What an officer does to a document (办理动作)."""

    PROPOSE = "立项"
    DRAFT = "起草"
    REVISE = "改稿"
    CONSULT = "征求意见"
    ANSWER = "意见反馈"
    LEGAL_REVIEW = "合法性审核"
    SECRECY_REVIEW = "保密审查"
    DELIBERATE = "集体审议"
    STEP = "办理环节"
    REVIEW = "审核"
    SIGN = "签发"
    NUMBER = "统一登记编号"
    RETURN = "退回"
    RELEASE = "公布"
    CORRECT = "更正"
    WITHDRAW = "撤回"
    AMEND = "修改"
    RENEW = "延续"
    SUSPEND = "暂停"
    RESUME = "恢复"
    PARTLY_REPEAL = "部分废止"
    REPEAL = "废止"
    DECLARE_LAPSED = "宣布失效"
    REVOKE = "撤销"
    IMPORT = "导入"
    REGISTER = "登记机关"
    CONFIRM = "确认关系"
    REJECT = "不采纳关系"
    RETRACT = "撤销认定"
    MEASURE = "登记事项"
    NOTICE = "到期提示"
    FULFIL = "办结事项"
    MATCH = "批量匹配"


class Role(StrEnum):
    """In what capacity an officer acts (办理角色)."""

    DRAFTER = "起草人"
    LEGAL_REVIEWER = "合法性审核人"
    SECRECY_REVIEWER = "保密审查人"
    REVIEWER = "审核人"
    SIGNER = "签发人"
    REGISTRAR = "登记人"
    PUBLISHER = "发布人"
    IMPORTER = "导入人"
    ROBOT = "自动办理"


class Conclusion(StrEnum):
    """What a step came to (办理结论). What fails is sent back, see :attr:`Act.RETURN`."""

    PASSED = "通过"
    PASSED_CHANGED = "修改后通过"
    FAILED = "不通过"


class Validity(StrEnum):
    """Whether a document is in force on a day (时效性); computed, never stored.

    The superset of the value sets of the national law database, gov.cn and county portals.
    """

    UNRELEASED = "未公布"
    PENDING = "尚未施行"
    IN_FORCE = "现行有效"
    PARTLY = "部分失效"
    SUSPENDED = "暂停施行"
    LAPSED = "失效"
    REPEALED = "废止"
    REVOKED = "撤销"


#: What no longer works on a day; 部分失效 and 暂停施行 still do in part, or will again.
ENDED = frozenset({Validity.LAPSED, Validity.REPEALED, Validity.REVOKED})


class Disclosure(StrEnum):
    """公开属性 (国办发〔2016〕80号 一(一)): fixed when a document is drafted."""

    PROACTIVE = "主动公开"
    ON_REQUEST = "依申请公开"
    CLOSED = "不予公开"


class RelationKind(StrEnum):
    """How one document stands to another (文件关系); read as "subject KIND object"."""

    BASIS = "依据"
    IMPLEMENTS = "实施"
    AMENDS = "修改"
    REPEALS = "废止"
    PARTLY_REPEALS = "部分废止"
    DECLARES_LAPSED = "宣布失效"
    LAPSES_UNLESS = "附条件失效"
    REVOKES = "撤销"
    RENEWS = "延续"
    SUSPENDS = "暂停"
    RESUMES = "恢复"
    INTERPRETS = "解读"
    CONSULTS = "征求意见"
    ANSWERS = "意见反馈"
    REPOSTS = "转载"
    RELATED = "相关"


class Origin(StrEnum):
    """Where a relation comes from (关系来源)."""

    DECLARED = "登记"
    EXTRACTED = "提取"
    CONFIRMED = "确认"


class OrganLevel(StrEnum):
    """Level of government an organ belongs to (机关层级)."""

    STATE = "国家"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"
    TOWN = "乡镇"


class Severity(StrEnum):
    """How grave a finding is (严重程度): an error blocks release, the others do not."""

    ERROR = "错误"
    WARNING = "警告"
    HINT = "提示"


class Channel(StrEnum):
    """How the public may speak, or spoke (征集渠道)."""

    ONLINE = "网上"
    LETTER = "信函"
    PHONE = "电话"
    EMAIL = "邮箱"
    FAX = "传真"
    MEETING = "座谈"
    HEARING = "听证"
    SURVEY = "问卷"
    NOTICE_BOARD = "公示栏"
    COUNTER = "窗口"
    SOCIAL_MEDIA = "政务新媒体"
    OTHER = "其他"


class Disposition(StrEnum):
    """What became of an opinion (采纳情况)."""

    ADOPTED = "采纳"
    PARTLY = "部分采纳"
    REJECTED = "未采纳"


class InterpretationForm(StrEnum):
    """In what form a policy is interpreted (解读形式): the union of county practice."""

    TEXT = "文字"
    INFOGRAPHIC = "图解"
    PICTURE = "图片"
    CHART = "图表"
    AUDIO = "音频"
    VIDEO = "视频"
    ANIMATION = "动漫"
    H5 = "H5"
    LIVE = "直播"
    QUESTIONS = "问答"
    PRESS_CONFERENCE = "新闻发布会"
    INTERVIEW = "在线访谈"
    BY_EXPERT = "专家解读"
    BY_LEADER = "负责人解读"
    BY_MEDIA = "媒体解读"
    CARD = "明白卡"
    COMIC = "漫画"
    LARGE_PRINT = "大字版"
    GUIDE = "申报指南"
    CASE = "案例"


class Interpreter(StrEnum):
    """Who interprets (解读主体)."""

    DRAFTER = "起草单位"
    EXPERT = "专家"
    MEDIA = "媒体"
    LEADER = "负责人"


#: The 15 公文种类 of 党政机关公文处理工作条例 (中办发〔2012〕14号) 第八条.
KINDS: tuple[str, ...] = (
    "决议", "决定", "命令（令）", "公报", "公告", "通告", "意见", "通知",
    "通报", "报告", "请示", "批复", "议案", "函", "纪要",
)  # fmt: skip

#: Names under which a text is made (文件形式). Not 公文种类: a 通知 or a 令 carries them.
FORMS: tuple[str, ...] = (
    "办法", "规定", "细则", "意见", "方案", "规划", "计划", "措施", "通知", "公告", "通告",
    "决定", "规则", "条例", "规程", "规范", "标准", "指南", "指引", "预案", "目录", "清单",
    "制度", "章程", "要点", "公示", "批复", "函", "命令", "解读", "问答", "意见征集", "意见反馈",
)  # fmt: skip

#: The 22 top classes of the State Council's 主题分类; below them ``top\child``.
THEMES: tuple[str, ...] = (
    "国务院组织机构", "综合政务", "国民经济管理、国有资产监管", "财政、金融、审计",
    "国土资源、能源", "农业、林业、水利", "工业、交通", "商贸、海关、旅游",
    "市场监管、安全生产监管", "城乡建设、环境保护", "科技、教育", "文化、广电、新闻出版",
    "卫生、体育", "人口与计划生育、妇女儿童工作", "劳动、人事、监察", "公安、安全、司法",
    "民政、扶贫、救灾", "民族、宗教", "对外事务", "港澳台侨工作", "国防", "其他",
)  # fmt: skip

#: Other words in use for an 解读形式 (长图, 短视频), read as the official one.
INTERPRETATION_FORMS: dict[str, InterpretationForm] = {
    "一图读懂": InterpretationForm.INFOGRAPHIC,
    "长图": InterpretationForm.INFOGRAPHIC,
    "语音播报": InterpretationForm.AUDIO,
    "短视频": InterpretationForm.VIDEO,
    "动画": InterpretationForm.ANIMATION,
    "政策问答": InterpretationForm.QUESTIONS,
    "新闻发布会实录": InterpretationForm.PRESS_CONFERENCE,
    "政策明白卡": InterpretationForm.CARD,
    "画册": InterpretationForm.COMIC,
    "漫画手册": InterpretationForm.COMIC,
}
