"""Many profiles against many measures (批量匹配): the one door to NumPy (extra ``batch``).

Import this package only when a batch runs.
"""

from policylib.matching.batch.running import BLOCK, Batch, BlockResult

__all__ = ["BLOCK", "Batch", "BlockResult"]
