"""Policies that find the person (政策找人): conditions + profile → answers with reasons."""
