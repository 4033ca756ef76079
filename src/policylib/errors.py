"""The exceptions of policylib: one tree, messages in Chinese where an officer reads them.

A check's finding is a value, never an exception; :class:`Refused` is what findings become when
someone acts against them.
"""

from __future__ import annotations

__all__ = ["BackendError", "Conflict", "NotFound", "ParseError", "PolicyLibError", "Refused"]


class PolicyLibError(Exception):
    """Base of every error that policylib raises on purpose."""


class ParseError(PolicyLibError, ValueError):
    """A text cannot be read as the value asked for (文本无法识别)."""


class NotFound(PolicyLibError, LookupError):  # noqa: N818 - the domain's word, as HTTP has it
    """No document, edition or library has that name (未找到)."""


class Conflict(PolicyLibError):  # noqa: N818 - the domain's word
    """Somebody else changed what this change rests on (并发冲突): read again and retry."""


class Refused(PolicyLibError):  # noqa: N818 - an answer of the rules, not a fault
    """The rules do not allow this act (不予办理).

    ``reasons`` holds one Chinese sentence a reason; nothing was changed.
    """

    def __init__(self, *reasons: str) -> None:
        self.reasons: tuple[str, ...] = reasons
        super().__init__("；".join(reasons))


class BackendError(PolicyLibError):
    """The store or an index cannot be used (存储或索引不可用)."""
