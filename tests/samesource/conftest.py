from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import run  # noqa: F401 - the fixture
from tests.library.life import Calendar
from tests.library.office import released
from tests.samesource.offices import COUNTY, TOWN, Library, Site, registered, website

BODY = "\n\n".join(
    f"第{n}条　申请人应当自收到第{n}号通知之日起十个工作日内向县民政局提交书面材料{n}份。"
    for n in "一二三四五六七八"
)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar("2026-03-02")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The libraries of a county and a town as each story finds them; copied, which is quick."""
    where = tmp_path_factory.mktemp("办公室")
    papers = where / "文件"
    papers.mkdir()
    with Library.create(where / "县库", clock=Calendar("2026-03-02")) as county:
        registered(county, where, COUNTY)
        released(county, papers, "高龄", BODY, title="青山县高龄津贴发放办法",
                 doc_number="青政〔2024〕1号", expires_on="2026-12-31")  # fmt: skip
        released(
            county, papers, "低保", title="青山县最低生活保障办法", doc_number="青政〔2024〕2号"
        )
        released(county, papers, "密件", title="青山县内部方案", disclosure="不予公开")
    with Library.create(where / "镇库", clock=Calendar("2026-03-02")) as town:
        registered(town, where, TOWN)
    return where


@pytest.fixture
def county(office: Path, tmp_path: Path, calendar: Calendar) -> Iterator[Library]:
    """A county with two documents, and one that it does not publish."""
    shutil.copytree(office / "县库", tmp_path / "县库")
    with Library.open(tmp_path / "县库", clock=calendar) as library:
        yield library


@pytest.fixture
def town(office: Path, tmp_path: Path, calendar: Calendar) -> Iterator[Library]:
    """A town with a registry and no documents."""
    shutil.copytree(office / "镇库", tmp_path / "镇库")
    with Library.open(tmp_path / "镇库", clock=calendar) as library:
        yield library


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The county's web site, with what lies in the folder 网站."""
    (tmp_path / "网站").mkdir(exist_ok=True)
    with website(tmp_path / "网站") as found:
        yield found


@pytest.fixture
def manifest(tmp_path: Path, county: Library, town: Library) -> Path:
    """The county's manifest, which the town has pulled."""
    county.publish_sources(tmp_path / "清单")
    town.pull_sources(str(tmp_path / "清单"), pin=county.source_key())
    return tmp_path / "清单"
