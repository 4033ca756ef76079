"""The façade: :class:`Library` joins store, search, files, checks and workflow."""

from policylib.library.facade import Library

__all__ = ["Library"]
