"""robots.txt (爬虫协议, RFC 9309): whether a page may be fetched, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

__all__ = ["ALLOW_ALL", "DENY_ALL", "Robots", "parse_robots"]

_LONGEST = 500_000  # bytes that are read, RFC 9309 section 2.5
_MOST = 5_000  # rules
_PATTERN = 500  # characters of one rule


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one agent: path patterns, each with whether it allows; and 抓取间隔 in seconds."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float | None = None

    def allows(self, path: str) -> bool:
        r"""Whether a path with its query may be fetched; the longest rule decides, allowing wins.

        >>> robots = parse_robots(b"User-agent: *\nDisallow: /a\nAllow: /a/b$", "policylib")
        >>> robots.allows("/a/c"), robots.allows("/a/b"), robots.allows("/c")
        (False, True, True)
        """
        plain = unquote(path or "/")
        best = max(
            ((len(rule), allow) for rule, allow in self.rules if _fits(rule, plain)), default=None
        )
        return best is None or best[1]


ALLOW_ALL = Robots()
DENY_ALL = Robots((("/", False),))


def parse_robots(data: bytes, agent: str) -> Robots:
    """The rules of a robots.txt for an agent: those of its own group, else those of ``*``."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    names: list[str] = []
    in_rules = False
    count = 0
    if len(data) > _LONGEST:  # half a rule is no rule
        data = data[:_LONGEST].rpartition(b"\n")[0]
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            names = [value.lower()] if in_rules else [*names, value.lower()]
            in_rules = False
            for name in names:
                groups.setdefault(name, [])
        elif key in ("allow", "disallow"):
            in_rules = True
            count += 1
            if value and count <= _MOST:
                for name in names[:50]:
                    groups[name].append((unquote(value[:_PATTERN]), key == "allow"))
        elif key == "crawl-delay":
            in_rules = True
            for name in names[:50]:
                delays[name] = _seconds(value)
    mine = agent.lower()
    chosen = mine if mine in groups else "*"
    return Robots(tuple(groups.get(chosen, ())), delays.get(chosen) or None)


def _seconds(text: str) -> float:
    try:
        found = float(text[:20])
    except ValueError:
        return 0.0
    return found if 0 <= found <= 86_400 else 0.0


def _fits(rule: str, path: str) -> bool:
    """Whether a pattern with ``*`` and a final ``$`` fits a path, piece by piece, in linear time."""
    whole = rule.endswith("$")
    pieces = (rule[:-1] if whole else rule).split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    if len(pieces) == 1:
        return not whole or at == len(path)
    for piece in pieces[1:-1]:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    last = pieces[-1]
    if whole:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
