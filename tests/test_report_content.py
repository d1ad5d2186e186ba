"""What accounts post about: formats, topics, shares, movement, occasions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from originality.clean import clean
from originality.report.angles import ANGLES, angle_name, angles_in
from originality.report.days import parse_days
from originality.report.directions import directions_of
from originality.report.formats import format_of
from originality.report.movement import Movement
from originality.report.occasions import in_span, occasions_of
from originality.report.pieces import Pieces, read_pieces
from originality.report.shares import Counts, differentiation, overlap
from originality.report.subjects import subject_weight
from originality.report.topics import group_pieces, topics_of
from tests.weekly import WEEK, at, open_checker, post

SPAN = parse_days(WEEK)
BRANDS = ("青栎咖啡", "汐禾茶铺", "麦垛面包", "半山自习室", "白榆花店", "旧渡书房")

# -- formats and words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("关注并转发，周五晚八点抽6位朋友送帆布袋一只。", "lottery"),
        ("中秋节快乐，今晚早点关门，都回家看月亮。", "greeting"),
        ("在家煮姜茶：\n1. 老姜拍碎\n2. 红糖半块\n3. 小火二十分钟\n4. 趁热喝", "list"),
        ("第一步，豆子磨细；第二步，温杯；第三步，分三次注水，每次等它安静下来。", "list"),
        ("慢一点，香气才追得上。", "poster"),
        ("新烘的三支豆子这周都上齐了，酸的、甜的、带一点酒味的都有。你们早上第一口想喝哪个？", "question"),
        (
            "昨晚打烊前来了一位大叔，要了一杯热牛奶，坐到灯都关了一半。他说今天是他开末班车的最后一天，"
            "明天起就能在这个钟点喝上茶了。我们送了他一块没卖完的栗子蛋糕。",
            "story",
        ),
        ("门店水温统一调到九十二度，滤纸换成了漂白的那一款，口味会比上个月再干净一些，欢迎来比较。", "other"),
    ],
)
def test_formats_are_told_by_rules(text: str, expected: str) -> None:
    assert format_of(clean(text)) == expected


def test_words_that_name_a_subject_weigh_most() -> None:
    assert subject_weight("#桂花季") == subject_weight("咖啡") == 1
    assert subject_weight("一会儿") == subject_weight("周五") == subject_weight("2026") == 0
    assert 0 < subject_weight("快乐") < 1


def test_angles_leave_the_occasion_itself_out() -> None:
    assert "food" in angles_in("中秋吃月饼", ["中秋"])
    assert "food" not in angles_in("中秋买月饼", ["中秋", "月饼"])
    assert angles_in("祝大家节日快乐", []) == ("plain_wish",)
    assert len({angle_name(angle, language) for angle in ANGLES for language in ("zh", "en")}) == 2 * len(ANGLES)


# -- topics ------------------------------------------------------------------------------------------------------------

SUBJECTS = {
    "coffee": "咖啡 豆子 烘焙 拿铁 滤纸 磨豆机 酸度 手冲 奶泡 浓缩 吧台 咖啡机 水温 香气 冷萃 糖浆".split(),
    "flower": "玫瑰 花束 花瓶 绣球 剪枝 园艺 花泥 郁金香 花店 百合 枝条 花园 康乃馨 盆栽 花盆 叶片".split(),
    "book": "书店 小说 作者 书签 诗集 读者 封面 装帧 书架 出版社 散文 译者 书页 序言 插图 签名".split(),
}


def sentence(words: Sequence[str], seed: int) -> str:
    chosen = np.random.default_rng(seed).permutation(list(words))[:5].tolist()
    return f"{chosen[0]}和{chosen[1]}放在一起，{chosen[2]}挨着{chosen[3]}，旁边是{chosen[4]}"


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pieces]:
    """Give nine weeks of three accounts that keep to their subjects; in the last two, one takes up another's."""
    posts = []
    for week in range(9):
        for number, (subject, account) in enumerate(zip(SUBJECTS, BRANDS, strict=False)):
            for i in range(4):
                shown = "flower" if number == 0 and week >= 7 and i < 3 else subject
                when = SPAN.until - timedelta(weeks=9 - week) + timedelta(days=i, hours=9 + number)
                text = sentence(SUBJECTS[shown], week * 100 + number * 10 + i)
                posts.append(post(f"{account}-{week}-{i}", account, when.strftime("%Y-%m-%d %H:%M"), text))
    with open_checker(tmp_path_factory.mktemp("topics"), tuple(posts)) as checker:
        yield read_pieces(checker.index, SPAN.until, 12)


def test_posts_on_one_subject_share_a_group(pieces: Pieces) -> None:
    grouped = group_pieces(pieces)
    of_word = {word: subject for subject, words in SUBJECTS.items() for word in words}
    right = 0
    for group in range(grouped.count):
        members = [piece for piece, number in zip(pieces.all, grouped.group, strict=True) if number == group]
        seen = [next(of_word[word] for word in piece.words if word in of_word) for piece in members]
        right += max(seen.count(subject) for subject in set(seen))
    assert right >= 0.9 * len(pieces.all)
    assert all(set(words) & of_word.keys() for words in grouped.words)


def test_topics_are_the_same_every_time(pieces: Pieces) -> None:
    one, other = group_pieces(pieces), group_pieces(pieces)
    assert one.words == other.words
    assert (one.group == other.group).all()


def test_topics_count_the_posts_of_the_span_and_the_one_before(pieces: Pieces) -> None:
    topics = topics_of(pieces, group_pieces(pieces), SPAN.since)
    assert sum(sum(topic.posts.values()) for topic in topics) == 12
    assert sum(topic.total.value or 0 for topic in topics) == 12
    assert all(len(topic.weeks) == 12 and topic.weeks[-1] == topic.total.value for topic in topics)


# -- shares and movement -----------------------------------------------------------------------------------------------


def counts_of(posts: np.ndarray) -> Counts:
    """Return counts with a post at noon of each day in turn of its week."""
    groups, weeks, times = [], [], []
    for account in posts:
        rows = [(week, group) for week, row in enumerate(account) for group, n in enumerate(row) for _ in range(int(n))]
        weeks.append(np.array([week for week, _ in rows], np.int64))
        groups.append(np.array([group for _, group in rows], np.int64))
        times.append(np.array([7.0 * week + (i % 7) for i, (week, _) in enumerate(rows)]))
    order = [np.argsort(t, kind="stable") for t in times]
    return Counts(
        accounts=BRANDS[: len(posts)],
        posts=posts.astype(float),
        weeks=tuple(w[o] for w, o in zip(weeks, order, strict=True)),
        groups=tuple(g[o] for g, o in zip(groups, order, strict=True)),
        times=tuple(t[o] for t, o in zip(times, order, strict=True)),
    )


def test_overlap_is_one_for_the_same_and_zero_for_nothing_shared() -> None:
    same, apart = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.0, 1.0])
    assert overlap(same, same) == 1
    assert overlap(same, apart) == 0
    assert 0 < overlap(np.array([0.9, 0.1]), np.array([0.1, 0.9])) < 1


def test_differentiation_is_low_for_followers_of_the_crowd_and_high_for_loners() -> None:
    posts = np.zeros((4, 12, 4))
    posts[:3, :, :2] = 3  # three speak of the same two things
    posts[3, :, 3] = 6  # one of something else
    found = differentiation(counts_of(posts), [], 0, 12)
    assert found[BRANDS[0]] < 0.05
    assert found[BRANDS[3]] > 0.85
    assert differentiation(counts_of(posts), BRANDS, 0, 12) == {}  # allies are no rivals


def test_too_few_posts_have_no_index() -> None:
    posts = np.zeros((2, 12, 3))
    posts[0, :, 0] = 4
    posts[1, 0, 1] = 2
    assert differentiation(counts_of(posts), [], 0, 12) == {}


def moving(steps: Sequence[int]) -> Counts:
    """Return two accounts: the second keeps to topic 1, the first has so many of ten posts a week there."""
    posts = np.zeros((2, 12, 3))
    posts[1, :, 1] = 8
    for week, step in enumerate(steps):
        posts[0, week, 1], posts[0, week, 0] = step, 10 - step
    return counts_of(posts)


def test_drift_has_a_direction_and_belongs_to_who_moves() -> None:
    towards = Movement(moving([0, 0, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8]))
    assert towards.drift(BRANDS[0], BRANDS[1]).sign == "towards"
    assert towards.drift(BRANDS[1], BRANDS[0]).sign == "none"
    away = Movement(moving([8, 7, 6, 6, 5, 4, 3, 2, 2, 1, 0, 0]))
    assert away.drift(BRANDS[0], BRANDS[1]).sign == "away"
    still = Movement(moving([4, 5, 4, 3, 5, 4, 4, 5, 3, 4, 5, 4])).drift(BRANDS[0], BRANDS[1])
    assert still.sign == "none"
    assert still.slope.low is not None
    assert still.slope.high is not None
    assert still.slope.low < 0 < still.slope.high


def test_drift_over_few_weeks_is_not_told() -> None:
    found = Movement(moving([0, 2, 4, 6, 8])).drift(BRANDS[0], BRANDS[1])
    assert (found.sign, found.slope.value, found.p) == ("too_few", None, None)


def adopting(delay: int, topics: int = 8) -> Counts:
    """Return two accounts that take up one topic after the other, the second so many weeks later."""
    posts = np.zeros((2, 16, topics + 1))
    posts[:, :, topics] = 4
    for topic in range(topics):
        posts[0, 3 + topic : 6 + topic, topic] = 2
        posts[1, 3 + topic + delay : 6 + topic + delay, topic] = 2
    return counts_of(posts)


def test_who_takes_topics_up_first_is_named() -> None:
    found = Movement(adopting(1)).first(*BRANDS[:2])
    assert (found.leader, found.one, found.other) == (BRANDS[0], 8, 0)
    mirrored = Movement(adopting(1)).first(BRANDS[1], BRANDS[0])
    assert (mirrored.leader, mirrored.one, mirrored.other) == (BRANDS[0], 0, 8)


def test_taking_topics_up_together_names_nobody() -> None:
    found = Movement(adopting(0)).first(*BRANDS[:2])
    assert (found.leader, found.one + found.other) == ("", 0)


def test_four_topics_are_too_few_to_tell() -> None:
    found = Movement(adopting(1, topics=4)).first(*BRANDS[:2])
    assert (found.leader, found.one, found.p) == ("", 4, None)


def test_directions_are_those_of_own_accounts_where_some_are_named() -> None:
    counts = counts_of(np.full((4, 12, 3), 2.0))
    assert len(directions_of(counts, [], 11)) == 6
    ours = directions_of(counts, [BRANDS[2], BRANDS[3]], 11)
    assert {pair.one for pair in ours} == {BRANDS[2], BRANDS[3]}
    assert {pair.other for pair in ours} == {BRANDS[0], BRANDS[1]}
    assert all(pair.overlap_long == pytest.approx(1) for pair in ours)


# -- occasions ---------------------------------------------------------------------------------------------------------

SLOGAN = "给路过的风留一扇窗"
OPEN_WINDOW = (
    "今天把临街的玻璃全擦了，老师傅说上一次这么亮还是开业那天。",
    "后厨的窗户推开，隔壁院子的桂花就落在了案板上。",
    "自习室关了空调，翻书声比平时清楚了三倍。",
    "花材都搬到风口，绣球一上午喝掉两壶水。",
)


def crowd(folder: Path, texts: Sequence[str], days: Sequence[int]) -> Pieces:
    quiet = [
        post(f"q{i}", account, f"2026-0{3 + i % 2}-{10 + i} 10:00", sentence(SUBJECTS["book"], i))
        for i, account in enumerate(BRANDS)
    ]
    posts = [
        post(f"c{i}", account, f"2026-05-{day:02} 10:0{i}", text)
        for i, (account, text, day) in enumerate(zip(BRANDS, texts, days, strict=False))
    ]
    with open_checker(folder, (*quiet, *posts)) as checker:
        return read_pieces(checker.index, SPAN.until, 12)


def test_a_joint_campaign_is_an_occasion_with_its_slogan(tmp_path: Path) -> None:
    texts = [f"{text}{SLOGAN}。#开窗日#" for text in OPEN_WINDOW]
    (found,) = occasions_of(crowd(tmp_path, texts, [12, 12, 13, 13]), [BRANDS[1]])
    assert (found.name, found.posts, found.accounts) == ("开窗日", 4, BRANDS[:4])
    assert found.phrases == (SLOGAN,)
    assert found.first.post_id == "c0"
    assert in_span([found], SPAN.since, SPAN.until) == (found,)
    assert in_span([found], at("2026-05-18 00:00"), at("2026-05-25 00:00")) == ()


def test_copies_of_one_post_are_no_custom(tmp_path: Path) -> None:
    texts = [f"{OPEN_WINDOW[1]}{SLOGAN}。#开窗日#"] * 4
    (found,) = occasions_of(crowd(tmp_path, texts, [12, 12, 13, 13]), [])
    assert found.phrases == ()


def test_one_hashtag_over_many_weeks_is_no_occasion(tmp_path: Path) -> None:
    texts = [f"{text}#开窗日#" for text in OPEN_WINDOW]
    assert occasions_of(crowd(tmp_path, texts, [2, 7, 12, 17]), []) == ()
