"""A few seconds of what `benchmarks/soak.py` does for an hour."""

from __future__ import annotations

from benchmarks.soak import ROWS, Maker, soak
from originality.index import open_index
from tests.fakes import FakeEncoder
from tests.stores import grown, posts_of


def test_checks_and_updates_go_on_side_by_side(tmp_path, capsys):
    posts = [post for post in posts_of(500)]
    grown(tmp_path, posts).close()
    maker = Maker([f"{post.text}。再说一句关于第{post.post_id}的话" for post in posts], 3)
    rows = soak(tmp_path, FakeEncoder(), maker, posts, 6, rest=0.05)
    assert len(rows) == ROWS
    assert sum(len(row.times) for row in rows) > 0
    assert sum(row.updates for row in rows) >= sum(row.forgotten for row in rows) > 0
    assert all(row.resident > 0 and row.files > 0 and row.disk > 0 for row in rows)
    with open_index(tmp_path) as index:
        assert index.info().posts == 500
    assert capsys.readouterr().out.count("|\n") == ROWS + 2
