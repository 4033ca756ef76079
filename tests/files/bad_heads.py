"""Heads that must be refused, each with what the clerk is told: ``(name, head, words told)``."""

from __future__ import annotations

DEEP = "title: " + "[" * 60 + "]" * 60
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]"

BAD_HEADS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("引号没有收尾", 'title: "关于印发办法的通知\nkind: 通知', ("不是正确的 YAML", "第 ", "引号")),
    ("缩进错", "title: 办法\n  kind: 通知\n kind: 函", ("不是正确的 YAML", "第 3 行")),
    ("冒号后没有空格", "title:办法\nkind:通知", ("键: 值",)),
    ("只有一行字", "关于印发办法的通知", ("键: 值",)),
    ("列表", "- title: 办法", ("键: 值",)),
    ("引用炸弹", BOMB, ("第 2 行", "锚点或引用")),
    ("引用自己", "title: &a [*a]", ("锚点或引用",)),
    ("合并键", "title: 甲\n<<: {kind: 通知}", ("不认识的键", "<<")),
    ("嵌套过深", DEEP, ("嵌套过深",)),
    ("类型标记", "title: !!python/object/apply:os.system [ls]", ("第 2 行", "类型标记")),
    ("键上的类型标记", "!!str title: 办法", ("类型标记",)),
    ("两段 YAML", "title: 办法\n... \ntitle: 又一个", ("YAML",)),
    ("键重复", "title: 甲\nkind: 通知\ntitle: 乙", ("第 4 行", "重复出现“title”")),
    ("内层键重复", "title: 甲\nrelations: [{kind: 依据, kind: 修改, target: 乙}]", ("重复出现“kind”",)),
    ("键不是文字", "title: 甲\n? [a, b]\n: 乙", ("键应为文字",)),
    ("不认识的键", "title: 甲\ntitel: 乙", ("不认识的键“titel”", "拼写")),
    ("中文键", "标题: 甲\ntitle: 乙", ("不认识的键“标题”",)),
    ("关系里不认识的键", "title: 甲\nrelations: [{kind: 依据, target: 乙, 备注: 丙}]", ("relations.0.备注",)),
    ("关系种类不对", "title: 甲\nrelations: [{kind: 引用, target: 乙}]", ("relations.0.kind", "引用", "依据")),
    ("关系没有目标", "title: 甲\nrelations: [{kind: 依据}]", ("缺少“relations.0.target”",)),
    ("关系不是列表", "title: 甲\nrelations: 依据某文件", ("relations", "应为列表")),
    ("十三月", "title: 甲\nreleased_on: 2024-13-40", ("released_on", "月份应为1至12")),
    ("没有二月三十", "title: 甲\nwritten_on: 2024年2月30日", ("written_on", "只有1日至29日")),
    ("日期占位", "title: 甲\nreleased_on: 20XX-01-01", ("released_on", "占位符")),
    ("日期是字", "title: 甲\nreleased_on: 去年", ("released_on", "不是可识别的日期")),
    ("日期是列表", "title: 甲\nreleased_on: [2024-01-01]", ("released_on", "应为日期")),
    ("发布早于成文", "title: 甲\nwritten_on: 2024-07-02\nreleased_on: 2024-07-01", ("早于成文日期",)),
    ("有效期早于施行", "title: 甲\neffective_on: 2024-07-02\nexpires_on: 2024-07-01", ("早于施行日期",)),
    ("文号占位", "title: 甲\ndoc_number: 青政〔20XX〕12号", ("doc_number", "占位符")),
    ("文号空括号", "title: 甲\ndoc_number: 青政〔〕12号", ("doc_number", "占位符")),
    ("没有标题", "kind: 通知", ("没有标题", "title:")),
    ("标题是空的", "title:\nkind: 通知", ("没有标题",)),
    ("标题是列表", "title: [甲, 乙]", ("title", "应为文字")),
    ("标题过长", "title: " + "长" * 501, ("title", "过长")),
    ("机构里有映射", "title: 甲\nissuers: [{name: 乙}]", ("issuers.0", "应为文字")),
    ("文件类型不对", "title: 甲\ntype: 红头文件", ("type", "红头文件", "政策文件")),
    ("标识里有上级目录", "title: 甲\nid: ../../etc/passwd", ("id", "“..”")),
    ("标识里有反斜线上级目录", "title: 甲\nid: a\\..\\b", ("id", "“..”")),
)  # fmt: skip
