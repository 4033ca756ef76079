"""One of eight officers writing at once; run in a process of its own."""

from __future__ import annotations

from pathlib import Path

from tests.library.office import act, draft, paper, to_stage

from policylib import Act, Conflict, Library, Refused, Role

OWN = 2
SHARED = 4
IMPORTED = 4


def officer(where: str, folder: str, name: str) -> dict[str, int]:
    """Work on own papers and on a shared one; what was acknowledged, and how often not."""
    done = {"shared": 0, "conflicts": 0, "releases": 0, "refusals": 0}
    papers = Path(folder) / name
    with Library.open(where) as library:
        for turn in range(OWN):
            draft(library, papers, f"{name}草稿{turn}")
            to_stage(library, f"{name}草稿{turn}", "公布")
            batch = papers / f"批{turn}"
            for number in range(IMPORTED // OWN):
                paper(batch, f"{name}存量{turn}{number}", released_on="2024-01-10")
            assert library.import_files([batch], by=name).imported == IMPORTED // OWN
            while done["shared"] <= turn * SHARED // OWN:
                try:
                    act(library, Act.REVISE, "共同起草", Role.DRAFTER, body=f"{name}第{turn}稿\n")
                    done["shared"] += 1
                except Conflict:
                    done["conflicts"] += 1
        try:
            act(library, Act.RELEASE, "抢着公布", Role.PUBLISHER)
            done["releases"] += 1
        except (Conflict, Refused):
            done["refusals"] += 1
    return done


def searcher(where: str) -> int:
    """How many documents a newly started process finds."""
    with Library.open(where) as library:
        return library.search("办法").total
