"""The graph around a document: every shown document by its title, nothing from outside, no overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.reports.graph import Edge, Graph, Left, Node
from policylib.reports.graph_layout import plan

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 3, 2)
HOSTILE = (
    "<script>alert(1)</script>&amp;\"'",
    "]]><!-- <b>粗</b> --><svg onload=x>",
    "关于" + "很长的题目" * 90,
    "W" * 400,
    "👨‍👩‍👧‍👦👍🏽🎉" * 20,
    "e\u0301\u0302" * 40 + "\u202e倒写\u202c",
    "带\ufffe\uffff怪字符\ud800的\x00",
)


def graph(
    nodes: Sequence[Node] = (), edges: Sequence[Edge] = (), left: Sequence[Left] = ()
) -> Graph:
    centre = Node("甲", "青山县停车管理办法", "青政〔2024〕1号", "现行有效")
    return Graph("甲", centre.title, DAY, 1, (centre, *nodes), tuple(edges), tuple(left))


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    return [
        tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height"))  # type: ignore[misc]
        for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect")
        if rect.attrib["class"].startswith("box")
    ]


def star(count: int, kind: str = "依据") -> Graph:
    nodes = [Node(f"n{n}", f"第{n}号办法", None, "现行有效", 1) for n in range(count)]
    return graph(nodes, [Edge(node.id, "甲", kind) for node in nodes])


def test_what_it_points_to_is_left_and_what_points_to_it_right() -> None:
    seen = graph(
        [Node("乙", "某省条例", ring=1), Node("丙", "停车解读", validity="现行有效", ring=1)],
        [Edge("甲", "乙", "依据", "第十二条", DAY), Edge("丙", "甲", "解读")],
    )
    planned = plan(seen)
    assert {name: box.column for name, box in planned.boxes.items()} == {"甲": 0, "乙": -1, "丙": 1}
    svg = seen.to_svg()
    assert {"某省条例", "停车解读", "青政〔2024〕1号", "现行有效"} <= set(texts(svg))
    assert "依据 第十二条" in texts(svg)
    assert "解读" in texts(svg)
    assert svg.count("<title>依据 第十二条（2026-03-02起）</title>") == 1


def test_all_between_two_documents_is_one_line() -> None:
    edges = [Edge("乙", "甲", "修改"), Edge("乙", "甲", "延续"), Edge("甲", "乙", "相关")]
    (line,) = plan(graph([Node("乙", "决定", ring=1)], edges)).lines
    assert (line.label, line.ahead, line.back) == ("修改、延续、相关", True, True)


def test_a_document_that_is_not_in_the_library() -> None:
    seen = graph([Node("未入库：某法", "《某法》", ring=1, absent=True)],
                 [Edge("甲", "未入库：某法", "依据")])  # fmt: skip
    assert "未入库" in texts(seen.to_svg())
    assert seen.as_dict()["nodes"][1]["in_library"] is False


def test_many_are_grouped_and_counted() -> None:
    seen = star(200)
    svg = seen.to_svg()
    assert "依据：另有 192 件" in texts(svg)
    assert len(boxes(svg)) == 10
    assert len(seen.as_dict()["nodes"]) == 201


def test_what_was_left_out_is_told() -> None:
    many = [
        Left("甲", "被指向", "依据"),
        Left("甲", "指向", "实施", 5),
        Left("甲", "被指向", "解读"),
    ]
    said = texts(Graph("甲", "办法", DAY, 1, star(9).nodes, star(9).edges, tuple(many)).to_svg())
    assert {"依据：另有 1 件以上", "实施：另有 5 件", "解读：另有多件"} <= set(said)


def test_two_hundred_in_three_rings_stay_a_drawing() -> None:
    nodes, edges = [], []
    for n in range(200):
        parent = "甲" if n < 20 else f"n{(n - 20) % 60}" if n < 80 else f"n{n % 80}"
        ring = 1 if n < 20 else 2 if n < 80 else 3
        nodes.append(Node(f"n{n}", f"第{n}号办法", None, "废止", ring))
        edges.append(Edge(f"n{n}", parent, ("依据", "实施", "解读")[n % 3]))
    svg = graph(nodes, edges).to_svg()
    assert len(boxes(svg)) <= 180
    assert_apart(boxes(svg))


def assert_apart(found: list[tuple[float, float, float, float]]) -> None:
    for place, (x, y, width, height) in enumerate(found):
        for other_x, other_y, _, other_height in found[place + 1 :]:
            aside = abs(x - other_x) >= width
            assert aside or y + height <= other_y or other_y + other_height <= y


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_can_be_drawn(title: str) -> None:
    seen = Graph(
        "甲", title, DAY, 1, (Node("甲", title, title, title), Node(title, title, title, None, 1)),
        (Edge("甲", title, title, title),), (Left("甲", "指向", title),),
    )  # fmt: skip
    svg = seen.to_svg()
    assert "<script" not in svg
    for element in ElementTree.fromstring(svg).iter():
        assert not [name for name in element.attrib if name.startswith("on")]


def test_nothing_comes_from_outside_and_nothing_changes() -> None:
    svg = star(30).to_svg()
    assert svg == star(30).to_svg()
    assert set(re.findall(r"https?://[^\"]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme:dark" in svg
    assert not re.search(r"<(?:image|script|use|foreignObject)", svg)


names = st.sampled_from([f"n{n}" for n in range(12)])


@given(
    st.lists(st.tuples(names, names, st.sampled_from(["依据", "修改"])), max_size=40),
    st.lists(st.tuples(names, st.sampled_from(["指向", "被指向"]), st.none() | st.integers(1, 9))),
)
def test_any_graph_is_a_drawing_in_which_no_boxes_overlap(
    edges: list[tuple[str, str, str]], left: list[tuple[str, str, int | None]]
) -> None:
    nodes = tuple(Node(f"n{n}", f"第{n}号办法") for n in range(12))
    seen = Graph(
        "n0", "办法", DAY, 3, nodes, tuple(Edge(*edge) for edge in edges),
        tuple(Left(name, way, "依据", count) for name, way, count in left),
    )  # fmt: skip
    assert_apart(boxes(seen.to_svg()))


def test_as_plain_values() -> None:
    seen = graph([Node("乙", "某省条例", ring=1)], [Edge("甲", "乙", "依据", "第一条", DAY)],
                 [Left("甲", "被指向", "依据", 3)]).as_dict()  # fmt: skip
    assert (seen["id"], seen["on"], seen["depth"]) == ("甲", "2026-03-02", 1)
    assert seen["edges"] == [
        {
            "source": "甲",
            "target": "乙",
            "kind": "依据",
            "provision": "第一条",
            "since": "2026-03-02",
        }
    ]
    assert seen["left"] == [{"document": "甲", "direction": "被指向", "kind": "依据", "count": 3}]
