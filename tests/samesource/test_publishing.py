"""The county publishes, the town pulls: what came is proven, or what was held stays."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.library.life import Calendar
from tests.library.office import Act, Role, act, day, paper, released
from tests.samesource.offices import BASE, COUNTY, QUICK, Library, Site

from policylib.errors import NotFound, PolicyLibError, Refused
from policylib.samesource.manifest import parse_root
from policylib.samesource.signing import Signer

ROOT, SIG, KEYS = "manifest.json", "manifest.sig", "keys.json"


@pytest.fixture
def web(tmp_path: Path, county: Library) -> Path:
    county.publish_sources(tmp_path / "网站" / "tongyuan")
    return tmp_path / "网站" / "tongyuan"


def held(town: Library, target: str = "青政〔2024〕1号") -> str:
    """What the town knows of a document, in one word."""
    found = town.holdings().find(target)
    return str(found[0].entry.turn(day("2026-03-02")).validity) if found else "没有"


def first_pull(town: Library, county: Library, where: object) -> None:
    town.pull_sources(str(where), pin=county.source_key(), limits=QUICK)


# -- publishing ---------------------------------------------------------------------------------


def test_only_what_the_county_owns_and_the_public_may_see_is_published(
    county: Library, web: Path, papers: Path
) -> None:
    released(county, papers, "省文", title="某省养老服务条例", issuers=["江南省人民代表大会"])
    county.publish_sources(web)
    said = b"".join(file.read_bytes() for file in web.rglob("*.*")).decode()
    assert "高龄津贴" in said
    assert "最低生活保障" in said
    assert "内部方案" not in said
    assert "养老服务条例" not in said
    assert "县民政局提交" not in said, "no bodies, only their digests"


def test_nothing_changed_means_nothing_written(county: Library, web: Path) -> None:
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in web.rglob("*.*")}
    done = county.publish_sources(web)
    assert (done.changed, done.version) == (False, 1)
    assert before == {f: (f.read_bytes(), f.stat().st_mtime_ns) for f in web.rglob("*.*")}


def test_a_week_later_it_is_signed_anew(county: Library, web: Path, calendar: Calendar) -> None:
    calendar.day = "2026-03-12"
    assert county.publish_sources(web).version == 2


def test_the_version_rises_even_when_the_folder_is_lost(county: Library, web: Path) -> None:
    shutil.rmtree(web)
    assert county.publish_sources(web).version == 2


def test_a_damaged_folder_is_made_whole_again(county: Library, web: Path, town: Library) -> None:
    (web / ROOT).write_bytes(b"{")
    next((web / "segments").iterdir()).unlink()
    assert county.publish_sources(web).version == 2
    first_pull(town, county, web)
    assert held(town) == "现行有效"


def test_a_library_that_says_not_whose_it_is_does_not_publish(tmp_path: Path) -> None:
    with Library.create(tmp_path / "库") as library, pytest.raises(Refused, match="哪个机关"):
        library.publish_sources(tmp_path / "出")


def test_the_feed_is_atom_and_names_what_changed_last(county: Library, web: Path) -> None:
    feed = ElementTree.fromstring((web / "feed.atom").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
    assert sorted(titles) == ["青山县最低生活保障办法", "青山县高龄津贴发放办法"]
    links = {
        link.get("href")
        for entry in feed.iter(f"{atom}entry")
        for link in entry.iter(f"{atom}link")
    }
    assert f"{BASE}%E9%AB%98%E9%BE%84.html" in links


def test_a_withdrawn_document_says_so(county: Library, web: Path, town: Library) -> None:
    act(county, Act.WITHDRAW, "低保", Role.PUBLISHER, note="附件有误，撤回更正")
    county.publish_sources(web)
    first_pull(town, county, web)
    [match] = town.holdings().find("低保")
    assert match.entry.withdrawn
    assert match.entry.turn(day("2026-03-02")).reason == "附件有误，撤回更正"
    assert not match.entry.texts


# -- pulling ------------------------------------------------------------------------------------


def test_a_first_pull_needs_a_fingerprint_that_was_checked(
    county: Library, web: Path, town: Library
) -> None:
    with pytest.raises(Refused) as refused:
        town.pull_sources(str(web))
    assert f"--pin {county.source_key()}" in str(refused.value)
    with pytest.raises(Refused, match="指纹"):
        town.pull_sources(str(web), pin="0" * 40)
    assert held(town) == "没有"
    done = town.pull_sources(str(web), pin=county.source_key())
    assert (done.version, done.documents, done.before) == (1, 2, None)
    assert held(town) == "现行有效"


def test_repeal_at_the_county_reaches_the_town(
    county: Library, web: Path, town: Library, site: Site, papers: Path
) -> None:
    address = f"{site.base}/tongyuan/"
    first_pull(town, county, address)
    released(county, papers, "决定", title="青山县人民政府关于废止文件的决定", released_on="2026-02-01",
             relations=[{"kind": "废止", "target": "青政〔2024〕1号", "effective_on": "2026-02-15"}])  # fmt: skip
    county.publish_sources(web)
    assert held(town) == "现行有效"
    done = town.pull_sources(address, limits=QUICK)
    assert done.changed == ("高龄",)
    assert done.added == ("决定",)
    assert held(town) == "废止"


def test_over_the_web_only_what_is_new_is_fetched(
    county: Library, web: Path, town: Library, site: Site
) -> None:
    address = f"{site.base}/tongyuan/"
    first_pull(town, county, address)
    site.asked.clear()
    assert town.pull_sources(address, limits=QUICK).fetched == 0
    assert set(site.asked) == {f"/tongyuan/{ROOT}"}, "the ETag told that nothing is new"


def test_a_file_carried_by_hand_is_as_good(
    county: Library, web: Path, town: Library, tmp_path: Path, papers: Path
) -> None:
    first_pull(town, county, web)
    released(county, papers, "新办法", title="青山县临时救助办法")
    county.publish_sources(web)
    with zipfile.ZipFile(tmp_path / "清单.zip", "w") as archive:
        for file in web.rglob("*.*"):
            archive.write(file, f"tongyuan/{file.relative_to(web)}")
    assert town.pull_sources(str(tmp_path / "清单.zip")).added == ("新办法",)


# -- what is refused ----------------------------------------------------------------------------


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def resigned(web: Path, key: Signer, **changes: object) -> None:
    """A manifest that somebody signs with a key of their own."""
    root = json.loads((web / ROOT).read_bytes()) | changes
    data = json.dumps(root).encode()
    import hashlib

    line = {"sha256": hashlib.sha256(data).hexdigest(), "key": key.public,
            "signature": key.sign("manifest 1", data)}  # fmt: skip
    (web / ROOT).write_bytes(data)
    (web / SIG).write_text(json.dumps(line))


ATTACKS = {
    "一位被改": lambda web, old: flip(web / ROOT),
    "分段被改": lambda web, old: [flip(f) for f in (web / "segments").iterdir()],
    "签名被改": lambda web, old: flip(web / SIG),
    "签名缺失": lambda web, old: (web / SIG).unlink(),
    "清单缺失": lambda web, old: (web / ROOT).unlink(),
    "分段缺失": lambda web, old: shutil.rmtree(web / "segments"),
    "只有一半": lambda web, old: (web / ROOT).write_bytes((web / ROOT).read_bytes()[:100]),
    "空文件": lambda web, old: (web / ROOT).write_bytes(b""),
    "分段是一半": lambda web, old: [
        f.write_bytes(f.read_bytes()[:50]) for f in (web / "segments").iterdir()
    ],
    "旧清单重放": lambda web, old: (shutil.rmtree(web), shutil.copytree(old, web)),
    "陌生公钥": lambda web, old: resigned(web, Signer.new(), version=99),
    "陌生公钥冒充更替": lambda web, old: (
        resigned(web, Signer.new(), version=99), (web / KEYS).write_text('[{"authority":"甲"}]'),
    ),
    "签名文件太多行": lambda web, old: (web / SIG).write_text("[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_not_proven_is_refused_and_the_last_good_state_stays(
    attack: str, county: Library, web: Path, town: Library, papers: Path
) -> None:
    old = papers.parent / "旧"
    shutil.copytree(web, old)
    act(county, Act.REPEAL, "高龄", Role.PUBLISHER, on=day("2026-02-01"),
        made_by=released(county, papers, "决定一", title="决定一", released_on="2026-01-20"))  # fmt: skip
    county.publish_sources(web)
    first_pull(town, county, web)
    good = {f.name: f.read_bytes() for f in town.sources_folder.rglob("*.json*")}
    released(county, papers, "更新", title="青山县更新办法")
    county.publish_sources(web)
    ATTACKS[attack](web, old)
    with pytest.raises(Refused) as refused:
        town.pull_sources(str(web))
    assert "保留原有内容" in str(refused.value)
    assert held(town) == "废止"
    now = {f.name: f.read_bytes() for f in town.sources_folder.rglob("*.json*")}
    assert good.items() <= now.items()
    with pytest.raises(NotFound):
        town.repost_file("青山县更新办法")


def test_one_version_with_two_contents_is_refused(
    county: Library, web: Path, town: Library
) -> None:
    first_pull(town, county, web)
    signer = Signer.load((county.sources_folder / "key.pem").read_bytes())
    resigned(web, signer, made_at="2026-03-03T09:00:00+08:00")
    with pytest.raises(Refused, match="两种内容"):
        town.pull_sources(str(web))


def test_another_organs_manifest_at_the_address_is_refused(
    county: Library, web: Path, town: Library
) -> None:
    first_pull(town, county, web)
    signer = Signer.load((county.sources_folder / "key.pem").read_bytes())
    resigned(web, signer, version=2, authority="白水县人民政府")
    with pytest.raises(PolicyLibError):
        town.pull_sources(str(web))
    assert held(town) == "现行有效"


def test_half_a_download_is_not_fetched_twice(
    county: Library, web: Path, town: Library, site: Site, papers: Path
) -> None:
    many = [paper(papers, f"办法{n}", f"第一条　第{n}号。\n") for n in range(150)]
    county.import_files(many, by="档案员")
    county.publish_sources(web)
    segments = sorted((web / "segments").iterdir())
    assert len(segments) > 1
    root = parse_root((web / ROOT).read_bytes())
    last = web / f"segments/{root.segments[-1].sha256}.jsonl"
    data = last.read_bytes()
    last.write_bytes(data[:20])
    with pytest.raises(Refused):
        first_pull(town, county, f"{site.base}/tongyuan/")
    assert held(town) == "没有"
    last.write_bytes(data)
    site.asked.clear()
    first_pull(town, county, f"{site.base}/tongyuan/")
    assert [path for path in site.asked if "segments" in path] == [
        f"/tongyuan/segments/{last.name}"
    ]
    assert len(list(town.holdings())[0]._all()) == 152  # noqa: RUF015 - all are there


def test_a_web_site_that_is_down_changes_nothing(
    county: Library, web: Path, town: Library, site: Site
) -> None:
    first_pull(town, county, f"{site.base}/tongyuan/")
    site.fault(f"/tongyuan/{ROOT}", "500")
    with pytest.raises(PolicyLibError, match="服务器错误"):
        town.pull_sources(f"{site.base}/tongyuan/", limits=replace(QUICK, tries=1))
    assert held(town) == "现行有效"


# -- clocks and keys ----------------------------------------------------------------------------


def test_a_clock_that_is_wrong_stops_nobody(
    county: Library, web: Path, town: Library, calendar: Calendar, papers: Path
) -> None:
    first_pull(town, county, web)
    calendar.day = "2030-01-01"
    county.publish_sources(web)
    calendar.day = "2026-03-05"
    done = town.pull_sources(str(web))
    assert done.version == 2
    assert "时钟" in done.notices[0]
    released(county, papers, "后来", title="青山县后来办法")
    assert county.publish_sources(web).version == 3, "by version, not by time"
    assert town.pull_sources(str(web)).added == ("后来",)


def test_a_manifest_that_is_old_is_told_of(
    county: Library, web: Path, town: Library, calendar: Calendar
) -> None:
    first_pull(town, county, web)
    calendar.day = "2026-06-01"
    assert "没有更新" in town.pull_sources(str(web)).notices[0]


def test_a_new_key_that_the_old_one_signed_is_followed(
    county: Library, web: Path, town: Library
) -> None:
    first_pull(town, county, web)
    first = county.source_key()
    for _ in range(2):
        county.new_source_key()
    assert county.source_key() != first
    assert county.publish_sources(web).changed
    assert town.pull_sources(str(web)).version == 2
    assert town.pull_sources(str(web)).version == 2


def test_a_new_key_of_nobody_knows_whom_needs_a_pin(
    county: Library, web: Path, town: Library, tmp_path: Path
) -> None:
    first_pull(town, county, web)
    (county.sources_folder / "key.pem").unlink()
    county.publish_sources(web)
    with pytest.raises(Refused, match="--pin"):
        town.pull_sources(str(web))
    assert town.pull_sources(str(web), pin=county.source_key()).version == 2
    assert town.pull_sources(str(web)).version == 2


def test_a_retired_key_signs_no_more(county: Library, web: Path, town: Library) -> None:
    first_pull(town, county, web)
    stolen = Signer.load((county.sources_folder / "key.pem").read_bytes())
    county.new_source_key()
    county.publish_sources(web)
    town.pull_sources(str(web))
    resigned(web, stolen, version=9)
    with pytest.raises(Refused, match="陌生的公钥"):
        town.pull_sources(str(web))


def test_the_registry_may_hold_the_fingerprint(
    county: Library, web: Path, town: Library, tmp_path: Path
) -> None:
    file = town.sources_folder / "authorities.yaml"
    text = file.read_text("utf-8")
    more = f"    manifest: {json.dumps(str(web))}\n    keys: [{county.source_key()}]\n"
    file.write_text(text.replace("    addresses:", f"{more}    addresses:", 1), "utf-8")
    assert town.pull_sources(COUNTY).documents == 2
    assert [done.version for done in town.pull_all_sources()] == [1]  # type: ignore[union-attr]


def test_the_private_key_is_private(county: Library, web: Path) -> None:
    key = county.sources_folder / "key.pem"
    assert key.stat().st_mode & 0o077 == 0
    assert b"PRIVATE KEY" not in b"".join(f.read_bytes() for f in web.rglob("*.*"))
