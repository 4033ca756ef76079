"""policylib: government policy documents (政策文件) through their whole life.

>>> import policylib
>>> policylib.__version__
'0.1.0'

The public names are listed in ``__all__``; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policylib.errors import (
        BackendError,
        Conflict,
        NotFound,
        ParseError,
        PolicyLibError,
        Refused,
    )
    from policylib.files.documentfile import DocumentFile
    from policylib.library.facade import Library
    from policylib.matching.answers import Answer
    from policylib.model.document import Document, Edition, Header, Opinion
    from policylib.model.event import Event, Evidence, Statement
    from policylib.model.finding import Finding
    from policylib.model.measure import Measure
    from policylib.model.organ import Organ
    from policylib.model.profile import Profile
    from policylib.model.relation import Relation
    from policylib.model.ruleset import Chain, StepName
    from policylib.model.vocabulary import (
        Act,
        Conclusion,
        Disclosure,
        DocumentClass,
        DocumentType,
        RelationKind,
        Role,
        Severity,
        Stage,
        Validity,
    )
    from policylib.reports.timeline import Timeline
    from policylib.search.query import Hit, Query, Results
    from policylib.text.docnumber import DocNumber
    from policylib.text.indexnumber import IndexNumber
    from policylib.text.locator import Locator
    from policylib.text.outline import Outline
    from policylib.workflow.procedure import Progress

__version__ = "0.1.0"

_HOMES = {
    "Act": "model.vocabulary",
    "Answer": "matching.answers",
    "BackendError": "errors",
    "Chain": "model.ruleset",
    "Conclusion": "model.vocabulary",
    "Conflict": "errors",
    "Disclosure": "model.vocabulary",
    "DocNumber": "text.docnumber",
    "Document": "model.document",
    "DocumentClass": "model.vocabulary",
    "DocumentFile": "files.documentfile",
    "DocumentType": "model.vocabulary",
    "Edition": "model.document",
    "Event": "model.event",
    "Evidence": "model.event",
    "Finding": "model.finding",
    "Header": "model.document",
    "Hit": "search.query",
    "IndexNumber": "text.indexnumber",
    "Library": "library.facade",
    "Locator": "text.locator",
    "Measure": "model.measure",
    "NotFound": "errors",
    "Opinion": "model.document",
    "Organ": "model.organ",
    "Outline": "text.outline",
    "ParseError": "errors",
    "PolicyLibError": "errors",
    "Profile": "model.profile",
    "Progress": "workflow.procedure",
    "Query": "search.query",
    "Refused": "errors",
    "Relation": "model.relation",
    "RelationKind": "model.vocabulary",
    "Results": "search.query",
    "Role": "model.vocabulary",
    "Severity": "model.vocabulary",
    "Stage": "model.vocabulary",
    "Statement": "model.event",
    "StepName": "model.ruleset",
    "Timeline": "reports.timeline",
    "Validity": "model.vocabulary",
}

__all__ = [
    "Act",
    "Answer",
    "BackendError",
    "Chain",
    "Conclusion",
    "Conflict",
    "Disclosure",
    "DocNumber",
    "Document",
    "DocumentClass",
    "DocumentFile",
    "DocumentType",
    "Edition",
    "Event",
    "Evidence",
    "Finding",
    "Header",
    "Hit",
    "IndexNumber",
    "Library",
    "Locator",
    "Measure",
    "NotFound",
    "Opinion",
    "Organ",
    "Outline",
    "ParseError",
    "PolicyLibError",
    "Profile",
    "Progress",
    "Query",
    "Refused",
    "Relation",
    "RelationKind",
    "Results",
    "Role",
    "Severity",
    "Stage",
    "Statement",
    "StepName",
    "Timeline",
    "Validity",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'policylib' has no attribute {name!r}")
    value = getattr(import_module(f"policylib.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
