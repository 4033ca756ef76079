"""Findings with codes (检查): one function, one code, one docstring, one file of cases.

A check sees a :class:`~policylib.checks.framework.Case` and never the store, so the same check
runs on a file in an editor and on a document of the library. Which checks there are stands in
:mod:`policylib.checks.table`; how they are explained, in :mod:`policylib.checks.manual`.
"""
