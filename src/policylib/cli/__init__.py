"""The command line: one verb, one short function over one Library method.

Exit codes: 0 fine, 1 findings or refused, 2 wrong use. Messages are in Chinese; ``--json`` prints
one JSON value on standard output and nothing else there.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Sequence

from policylib.cli.parser import WrongUse, build
from policylib.errors import BackendError, Conflict, NotFound, ParseError, PolicyLibError, Refused

__all__ = ["main"]

#: A word to leave out (``-住房``), which argparse would take for an option.
_WITHOUT = re.compile(r"-[^\x00-\x7f]")
_CODES: tuple[tuple[type[PolicyLibError], int], ...] = (
    (WrongUse, 2),
    (ParseError, 2),
    (Refused, 1),
    (Conflict, 1),
    (NotFound, 1),
    (BackendError, 1),
    (PolicyLibError, 1),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["search"]:
        words = [f" {word}" if _WITHOUT.match(word) else word for word in words]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal cannot show must not stop us
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = build(words[0] if words else "").parse_args(words)
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except PolicyLibError as error:
        return _fail(error, as_json="--json" in words)
    except BrokenPipeError:  # the reader, head for instance, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        name = f"“{error.filename}”" if error.filename else "文件"
        fault = BackendError(f"无法读写{name}（{error.strerror}），请检查路径、权限和磁盘空间")
        return _fail(fault, as_json="--json" in words)
    except KeyboardInterrupt:
        print("已中断；已确认的记录都已保存，重新运行会接着做", file=sys.stderr)
        return 130
    return code


def _fail(error: PolicyLibError, *, as_json: bool) -> int:
    if as_json:
        from policylib.cli.output import put_json

        if isinstance(error, Refused):
            put_json({"refused": list(error.reasons)})
        else:
            put_json({"error": str(error)})
    elif isinstance(error, Refused):
        print("不予办理：", file=sys.stderr)
        for reason in error.reasons:
            print(f"  - {reason}", file=sys.stderr)
    else:
        print(f"错误：{error}", file=sys.stderr)
    return next(code for kind, code in _CODES if isinstance(error, kind))
