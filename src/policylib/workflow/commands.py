"""How acts and roles are typed on the command line (命令写法), and commands to show people."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.model.vocabulary import Act, Role

__all__ = ["ACTS", "ROLES", "command"]

#: Acts as typed; the Chinese words are taken too.
ACTS: Mapping[str, Act] = {
    "draft": Act.DRAFT,
    "revise": Act.REVISE,
    "consult": Act.CONSULT,
    "answer": Act.ANSWER,
    "legal-review": Act.LEGAL_REVIEW,
    "secrecy-review": Act.SECRECY_REVIEW,
    "deliberate": Act.DELIBERATE,
    "step": Act.STEP,
    "review": Act.REVIEW,
    "sign": Act.SIGN,
    "number": Act.NUMBER,
    "return": Act.RETURN,
    "release": Act.RELEASE,
    "correct": Act.CORRECT,
    "withdraw": Act.WITHDRAW,
    "amend": Act.AMEND,
    "renew": Act.RENEW,
    "suspend": Act.SUSPEND,
    "resume": Act.RESUME,
    "partly-repeal": Act.PARTLY_REPEAL,
    "repeal": Act.REPEAL,
    "declare-lapsed": Act.DECLARE_LAPSED,
    "revoke": Act.REVOKE,
    "measures": Act.MEASURE,
}
#: Roles as typed; the Chinese words are taken too.
ROLES: Mapping[str, Role] = {
    "drafter": Role.DRAFTER,
    "legal-reviewer": Role.LEGAL_REVIEWER,
    "secrecy-reviewer": Role.SECRECY_REVIEWER,
    "reviewer": Role.REVIEWER,
    "signer": Role.SIGNER,
    "registrar": Role.REGISTRAR,
    "publisher": Role.PUBLISHER,
}
_ACTS_TYPED = {act: word for word, act in ACTS.items()}
_ROLES_TYPED = {role: word for word, role in ROLES.items()}


def command(act: Act, id: str, role: Role, *, step: str | None = None) -> str:
    """The command that does an act, for an officer to fill in name and note.

    >>> command(Act.SIGN, "qs-1", Role.SIGNER)
    'policylib act sign qs-1 --by 姓名 --role signer'
    """
    words = f"policylib act {_ACTS_TYPED[act]} {id} --by 姓名 --role {_ROLES_TYPED[role]}"
    return f"{words} --step {step} --note 说明" if step else words
