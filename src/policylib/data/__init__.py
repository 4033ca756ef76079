"""Vocabularies and word lists, as data files."""
