"""Postings and columns on disk: the one door to Whoosh.

Whoosh gives segments, the table of contents that makes a commit atomic, the write lock, the term
hash table and per-document columns. Its own posting lists cost several Python calls a posting, so
a codec of ours (Whoosh's extension point) keeps a posting list as two flat arrays: document
numbers and one-byte impacts. They are written, read and merged in bulk
(docs/decisions/0003-bulk-postings.md has the measurement).
"""

from policylib.search.segments.codec import WHOOSH_RELEASE, Postings
from policylib.search.segments.folder import Segments
from policylib.search.segments.view import SegmentView, Snapshot
from policylib.search.segments.writing import Row

__all__ = ["WHOOSH_RELEASE", "Postings", "Row", "SegmentView", "Segments", "Snapshot"]
