"""What exporters leave behind a post makes posts alike; cleaning takes it away."""

from __future__ import annotations

import itertools
import re

import pytest

from originality.clean import clean
from tests.test_collect import read

pytestmark = pytest.mark.shared


@pytest.fixture
def formats(shared):
    return shared / "data" / "weibo_formats"


# What the tool leaves behind a post, found without the rules of `clean`.
TAIL = re.compile(r"(?:\s*(?:\[组图共\d+张\]|原图|\S{1,24}的(?:微博|秒拍)视频|抽奖详情|全文))+\s*$|\s{2,}$")
ALIKE = 0.2  # of the shingles of both: every fifth is shared


def alike(texts: list[str]) -> set[tuple[int, int]]:
    """Return the pairs of texts that share many of their characters' 3-grams."""
    sets = [{text[i : i + 3] for i in range(len(text) - 2)} for text in texts]
    pairs = itertools.combinations(range(len(sets)), 2)
    return {(i, j) for i, j in pairs if len(sets[i] & sets[j]) >= ALIKE * max(1, len(sets[i] | sets[j]))}


def because_of_tails(texts: list[str]) -> int:
    """Count the pairs that are alike only as long as their tails are there."""
    return len(alike(texts) - alike([TAIL.sub("", text) for text in texts]))


@pytest.mark.parametrize(
    ("name", "least"),
    [("华为中国_2557129567.csv", 1), ("清华大学_1676317545.csv", 1), ("腾讯微信团队_1930378853.csv", 0)],
)
def test_no_two_posts_are_alike_because_of_tool_tails(formats, name, least, capsys):
    texts = [post.text for post in read(formats / name)[0]]
    cleaned = [clean(text).text for text in texts]
    before, after = because_of_tails(texts), because_of_tails(cleaned)
    tails = sum(TAIL.search(text) is not None for text in texts)
    with capsys.disabled():
        print(f"\n{name}: {before} pairs alike because of tails, cleaned {after} ({tails} posts had a tail)")  # noqa: T201
    assert before >= least
    assert tails > 20
    assert after == 0
    assert not any(TAIL.search(text) for text in cleaned)
