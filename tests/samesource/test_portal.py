"""The town's page on the web: what citizens read of a repost after the county has repealed it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from examples.portal import make_app
from tests.examples.client import TestClient
from tests.library.office import released, to_stage
from tests.samesource.offices import Library


def test_the_towns_page_says_so_after_the_next_pull(
    county: Library, town: Library, manifest: Path, papers: Path
) -> None:
    id = town.repost("青政〔2024〕1号", by="李明")
    to_stage(town, id, "公布", released_on="2026-03-02")
    with TestClient(make_app(papers.parent / "镇库")) as portal:
        page = f"/documents/{quote(id)}"
        day = {"on": "2026-03-02"}
        before = portal.get(page, params=day).json()
        assert (before["validity"], before["header"]["title"]) == (
            "现行有效",
            "青山县高龄津贴发放办法",
        )
        released(county, papers, "决定", title="青山县关于废止文件的决定", released_on="2026-02-01",
                 relations=[{"kind": "废止", "target": "青政〔2024〕1号", "effective_on": "2026-02-15"}])  # fmt: skip
        county.publish_sources(manifest)
        town.pull_sources(str(manifest))
        assert portal.get(page, params=day).json()["validity"] == "废止"
        hits = portal.get("/search", params={"words": "高龄津贴", **day}).json()["hits"]
        assert [(hit["id"], hit["validity"]) for hit in hits] == [(id, "废止")]
        assert "县民政局" not in portal.get(page, params=day).json()["html"]
