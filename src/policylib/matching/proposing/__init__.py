"""Measures proposed from a text (事项提取): an officer confirms them, nothing is matched before that."""

from policylib.matching.proposing.places import region_of
from policylib.matching.proposing.proposing import propose
from policylib.matching.proposing.values import Evidence, Leftover, Proposal, Proposals

__all__ = ["Evidence", "Leftover", "Proposal", "Proposals", "propose", "region_of"]
