from __future__ import annotations

import numpy as np

from originality.clean import clean
from originality.retrieve import Retrieved, retrieve
from originality.settings import Settings
from tests.corpus import SOURCE, STORIES, corpus, indexed, post
from tests.fakes import FakeEncoder


def look(index, text: str, admits=lambda post: True, **settings) -> Retrieved:
    return retrieve(clean(text), index, FakeEncoder(), Settings(**settings), admits)


def ids(found: Retrieved) -> list[str]:
    return [found.posts[candidate.row].post_id for candidate in found.candidates]


def test_a_short_lift_in_a_long_draft_is_found(tmp_path):
    lifted = SOURCE[12:22]
    with indexed(tmp_path) as index:
        found = look(index, "今天一个人去吃了面，面里没有放葱，" * 6 + lifted)
    assert "p0" in ids(found)
    row = next(c for c in found.candidates if found.posts[c.row].post_id == "p0")
    assert row.shared_fingerprints >= 1


def test_the_copied_post_comes_first(tmp_path):
    with indexed(tmp_path) as index:
        found = look(index, SOURCE.replace("闻", "温"))
    assert ids(found)[0] == "p0"
    assert found.candidates[0].resemblance > 0.5


def test_what_may_be_no_source_takes_nobodys_place(tmp_path):
    clones = [post(300 + i, SOURCE + str(i), "自己") for i in range(30)]
    with indexed(tmp_path, [*corpus(), *clones]) as index:
        found = look(index, SOURCE, lambda item: item.account != "自己", candidates=3)
    assert ids(found)[0] == "p0"
    assert all(item.account != "自己" for item in found.posts.values())


def test_no_more_candidates_than_asked_for_and_each_once(tmp_path):
    with indexed(tmp_path) as index:
        found = look(index, STORIES[0], candidates=5)
    assert len(ids(found)) == len(set(ids(found))) == 5


def test_vectors_and_backgrounds_go_together(tmp_path):
    text = "".join(STORIES[:3])
    with indexed(tmp_path) as index:
        found = look(index, text)
    assert found.vectors.shape[0] == len(clean(text).units()) == len(found.backgrounds)
    assert np.all(found.backgrounds < 1)


def test_in_an_empty_index_there_is_nothing_to_find(tmp_path):
    with indexed(tmp_path, []) as index:
        found = look(index, SOURCE)
    assert found.candidates == ()
