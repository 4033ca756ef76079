"""What all drawings have in common (图的样式): type, and colours in light and in dark surroundings."""

from __future__ import annotations

__all__ = ["COLOURS", "FONTS", "STATES"]

FONTS = (
    "'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',"
    "'Source Han Sans SC','WenQuanYi Micro Hei',sans-serif"
)
#: The class of each validity (时效性).
STATES = {
    "未公布": "none",
    "尚未施行": "pending",
    "现行有效": "force",
    "部分失效": "partly",
    "暂停施行": "partly",
    "失效": "ended",
    "废止": "ended",
    "撤销": "ended",
}
#: Selector, property, and the colours in light and in dark surroundings.
COLOURS = (
    (".page", "fill", "#ffffff", "#0d1117"),
    ("text", "fill", "#1f2328", "#e6edf3"),
    (".quiet", "fill", "#57606a", "#9aa4af"),
)
