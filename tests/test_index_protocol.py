"""What every index must do, however it came to be: one set of tests, run over each way to get one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from originality import sketch
from originality.build import build
from originality.clean import clean
from originality.index import Index, LocalIndex, open_index
from originality.models import Post
from originality.settings import stamp
from originality.words import content_words, cut
from tests.fakes import FakeEncoder
from tests.ways import BY_ID, POSTS, SHARED_LINE, START, WAYS, text_of, written_by_another_process


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: way.__name__)
def index(request, tmp_path_factory):
    """Give an index that is only read."""
    with request.param(tmp_path_factory.mktemp("index") / "made") as made:
        yield made


# Without the one that starts a process for each test: what it leaves is the same file.
@pytest.fixture(params=[way for way in WAYS if way is not written_by_another_process], ids=lambda way: way.__name__)
def own(request, tmp_path):
    """Give an index that the test may change."""
    with request.param(tmp_path / "made") as made:
        yield made


def row_of(index: LocalIndex, post_id: str) -> int:
    ((row,),) = index.store.rows("SELECT row FROM post WHERE post_id=?", (post_id,))
    return int(row)


def signature_of(text: str) -> NDArray[np.uint32]:
    signature: NDArray[np.uint32] = sketch.signatures([clean(text).letters])[0]
    return signature


def hashes_of(text: str) -> list[int]:
    return [int(value) for value in sketch.fingerprints(clean(text).letters)]


def words_of(text: str) -> tuple[str, ...]:
    return content_words(cut(clean(text).text))


def found_by_sketch(index: LocalIndex, text: str, limit: int = 3) -> list[str]:
    """Return the posts whose sketches are nearest to a text's."""
    rows, _ = index.near_sketches(signature_of(text), limit)
    posts = index.posts_at(rows.tolist())
    return [posts[row].post_id for row in rows.tolist()]


def found_by_vector(index: LocalIndex, text: str, limit: int = 3) -> list[str]:
    """Return the posts with the vectors nearest to a text's."""
    (hits,) = index.near_texts(FakeEncoder().encode([clean(text).text]), limit)
    posts = index.posts_at([row for row, _, _ in hits])
    return [posts[row].post_id for row, _, _ in hits]


# -- facts -----------------------------------------------------------------------------------------------------------


def test_is_what_the_protocol_asks_for(index):
    asked: Index = index
    assert all(callable(getattr(asked, name)) for name in vars(Index) if not name.startswith("_"))


def test_info_tells_size_newest_time_and_stamp(index):
    info = index.info()
    assert (info.posts, info.as_of, info.stamp) == (122, START + timedelta(hours=119), stamp("fake@1"))
    assert index.encoder == "default"


def test_posts_at_gives_back_each_post_unchanged_and_leaves_out_what_is_not_there(index):
    rows = index.store.row_numbers().tolist()
    posts = index.posts_at([*rows, 10**9])
    assert sorted(posts) == sorted(rows)
    assert {post.post_id: post for post in posts.values()} == BY_ID
    assert index.posts_at([]) == {}


def test_fetch_finds_by_id_and_ignores_unknown_ids(index):
    assert index.fetch(["id007", "twin", "nobody"]) == {"id007": BY_ID["id007"], "twin": BY_ID["twin"]}


def test_accounts_at_and_accounts_agree_with_the_posts(index):
    rows = index.store.row_numbers().tolist()
    posts = index.posts_at(rows)
    assert index.accounts_at(rows) == {row: post.account for row, post in posts.items()}
    assert index.accounts() == {"茶铺0": 31, "茶铺1": 30, "茶铺2": 30, "茶铺3": 30, "转载号": 1}


def test_posts_come_in_order_of_time_and_of_a_half_open_span(index):
    everything = list(index.posts())
    assert everything[0].post_id == "mute"  # without a time
    times = [post.published_at for post in everything[1:]]
    assert times == sorted(times)
    since, until = START + timedelta(hours=10), START + timedelta(hours=13)
    assert [post.post_id for post in index.posts(since, until)] == ["id010", "id011", "id012"]
    assert [post.post_id for post in index.posts(until=START + timedelta(hours=1))] == ["id000"]
    assert len(list(index.posts(since=START + timedelta(hours=118)))) == 2


def test_word_counts_count_posts_and_know_only_words_that_stand_somewhere(index):
    truth = Counter(word for post in POSTS for word in words_of(post.text))
    assert index.word_counts([*truth, "独角兽", "草稿"]) == truth
    assert index.word_counts([]) == {}


def test_signatures_are_those_of_the_texts_in_the_order_asked_for(index):
    rows = [row_of(index, post_id) for post_id in ("id030", "mute", "id001")]
    expected = sketch.signatures([clean(BY_ID[i].text).letters for i in ("id030", "mute", "id001")])
    assert (index.signatures(rows) == expected).all()
    assert index.signatures([]).shape == (0, 128)


def test_parts_are_the_whole_text_and_then_its_passages(index):
    for post_id in ("id000", "id001", "twin", "mute"):
        row = row_of(index, post_id)
        units = clean(BY_ID[post_id].text).units()
        parts = index.parts([row]).get(row, [])
        assert len(parts) == len(units)
        for part, vector in zip(parts, FakeEncoder().encode(units), strict=True):
            assert part == pytest.approx(vector, abs=1e-3)  # stored in half precision


# -- retrieval -------------------------------------------------------------------------------------------------------


def test_carriers_are_the_posts_that_share_a_fingerprint(index):
    texts = {row: clean(post.text).letters for row, post in index.posts_at(index.store.row_numbers().tolist()).items()}
    prints = {row: set(sketch.fingerprints(letters).tolist()) for row, letters in texts.items()}
    wanted = [*hashes_of(text_of(10)), 12345]
    truth = {value: sorted(row for row, values in prints.items() if value in values) for value in wanted}
    assert index.carriers(wanted, 1000) == truth
    assert index.carriers([], 5) == {}


def test_carriers_stop_one_beyond_the_cap(index):
    wanted = hashes_of(SHARED_LINE)
    full = index.carriers(wanted, 1000)
    assert max(len(rows) for rows in full.values()) >= 12
    capped = index.carriers(wanted, 4)
    assert capped == {value: rows[:5] for value, rows in full.items()}


def test_near_sketches_find_a_lightly_edited_post_first(index):
    for i in (3, 44, 119):
        assert found_by_sketch(index, text_of(i).replace("刚刚好", "正合适"))[0] == f"id{i:03d}"


def test_near_sketches_are_exact_nearest_first_and_end_with_the_posts(index):
    signature = signature_of(text_of(17))
    rows, distances = index.near_sketches(signature, 500)
    assert sorted(rows.tolist()) == sorted(index.store.row_numbers().tolist())
    bits = np.unpackbits(
        sketch.sign_bits(index.signatures(rows.tolist())) ^ sketch.sign_bits(signature[None, :]), axis=1
    )
    assert (distances == bits.sum(axis=1)).all()
    assert (np.diff(distances) >= 0).all()


def test_near_texts_find_whole_texts_and_passages_with_their_cosine(index):
    whole, line = FakeEncoder().encode([clean(text_of(33)).text, SHARED_LINE + "。"])
    first, second = index.near_texts(np.stack([whole, line]), 4)
    assert index.posts_at([first[0][0]])[first[0][0]].post_id == "id033"
    assert first[0][1] == 0
    assert first[0][2] == pytest.approx(1, abs=2e-3)
    sharing = [(row, ordinal) for row, ordinal, cosine in second if cosine > 0.999]
    assert len(sharing) == 12  # one vector, twelve posts
    assert all(ordinal >= 1 for _, ordinal in sharing)
    assert [cosine for _, _, cosine in second] == sorted((cosine for _, _, cosine in second), reverse=True)


def test_near_texts_of_nothing_is_nothing(index):
    assert index.near_texts(np.empty((0, FakeEncoder.dim), np.float32), 5) == []


def test_twins_share_their_vectors_and_are_both_found(index):
    keys = index.store.rows("SELECT vector FROM part WHERE row=?", (row_of(index, "twin"),))
    assert keys == index.store.rows("SELECT vector FROM part WHERE row=?", (row_of(index, "id005"),))
    assert set(found_by_vector(index, text_of(5), 1)) == {"id005", "twin"}


def test_a_post_without_words_is_kept_and_never_found(index):
    row = row_of(index, "mute")
    assert index.parts([row]) == {}
    assert all(row not in [hit for hit, _, _ in hits] for hits in index.near_texts(np.eye(64, dtype=np.float32), 200))


# -- change ----------------------------------------------------------------------------------------------------------


def test_building_the_same_again_adds_nothing_and_embeds_nothing(own):
    encoder = FakeEncoder()
    report = build(POSTS, own, encoder)
    assert (report.added, report.replaced, report.updated, report.unchanged) == (0, 0, 0, 122)
    assert encoder.encoded == []


def test_update_changes_facts_and_keeps_rows_and_everything_derived(own):
    row = row_of(own, "id008")
    before = own.parts([row])[row]
    newer = replace(BY_ID["id008"], likes=12345, comments=7, account="茶铺改名了", url="https://weibo.com/1/Abc")
    own.update([newer])
    assert own.posts_at([row]) == {row: newer}
    assert all((old == new).all() for old, new in zip(before, own.parts([row])[row], strict=True))
    assert found_by_sketch(own, text_of(8))[0] == "id008"
    assert own.info().posts == 122


def test_an_edited_post_replaces_its_old_version_in_every_way_of_finding_it(own):
    text = "厦门新店周六开业,前五十杯柚子苏打免费。排队的朋友请带伞。"
    old_row = row_of(own, "id025")
    build([replace(BY_ID["id025"], text=text)], own, FakeEncoder())
    assert own.info().posts == 122
    assert own.fetch(["id025"])["id025"].text == text
    assert found_by_sketch(own, text)[0] == found_by_vector(own, text)[0] == "id025"
    assert old_row not in own.posts_at([old_row])
    assert not [v for v, rows in own.carriers(hashes_of(text_of(25)), 1000).items() if old_row in rows]
    assert "id025" not in found_by_vector(own, text_of(25), 1)
    assert old_row not in own.near_sketches(signature_of(text_of(25)), 500)[0]


def test_an_edit_that_keeps_a_passage_keeps_its_vector(own):
    text = text_of(61).replace("刚刚好。", "最治愈。")  # only the first of two passages changes
    kept = clean(text).units()[2]
    assert kept in clean(text_of(61)).units()
    encoder = FakeEncoder()
    build([replace(BY_ID["id061"], text=text)], own, encoder)
    assert kept not in encoder.encoded
    row = row_of(own, "id061")
    assert own.parts([row])[row][2] == pytest.approx(FakeEncoder().encode([kept])[0], abs=1e-3)


def test_deleted_posts_are_gone_from_every_way_of_finding_them(own):
    row = row_of(own, "id042")
    words = words_of(text_of(42))
    before = own.word_counts(words)
    assert own.delete(["id042", "nobody"]) == 1
    assert own.info().posts == 121
    assert own.fetch(["id042"]) == {}
    assert own.posts_at([row]) == {}
    assert own.parts([row]) == {}
    assert not own.signatures([row]).any()
    assert not [v for v, rows in own.carriers(hashes_of(text_of(42)), 1000).items() if row in rows]
    assert "id042" not in found_by_sketch(own, text_of(42), 500)
    assert "id042" not in found_by_vector(own, text_of(42), 500)
    assert own.word_counts(words) == {word: count - 1 for word, count in before.items() if count > 1}


def test_deleting_leaves_no_byte_of_the_text_on_disk(own):
    text = BY_ID["id077"].text.encode()
    files = [path for path in own.folder.iterdir() if path.is_file()]
    assert any(text in path.read_bytes() for path in files)
    own.delete(["id077"])
    assert not [path.name for path in own.folder.iterdir() if text in path.read_bytes()]


def test_vectors_of_twins_stay_until_the_last_twin_is_gone(own):
    before = own.store.vectors
    own.delete(["id005"])
    assert own.store.vectors == before
    assert found_by_vector(own, text_of(5), 1) == ["twin"]
    own.delete(["twin"])
    assert own.store.vectors < before
    assert "twin" not in found_by_vector(own, text_of(5), 5)


def test_a_reader_sees_what_a_writer_has_done_without_reopening(own):
    with open_index(own.folder) as reader:
        assert found_by_sketch(reader, text_of(9))[0] == "id009"
        text = "西安城墙下的冬至限定,羊肉泡馍味的拿铁,你敢不敢试?"
        build([Post(post_id="new", account="茶铺9", text=text)], own, FakeEncoder())
        own.delete(["id009"])
        assert reader.info().posts == 122
        assert found_by_sketch(reader, text)[0] == found_by_vector(reader, text)[0] == "new"
        assert "id009" not in found_by_sketch(reader, text_of(9), 500)


def test_an_index_with_everything_deleted_is_empty_and_usable(own):
    assert own.delete(list(BY_ID)) == 122
    info = own.info()
    assert (info.posts, info.as_of) == (0, None)
    assert own.near_texts(FakeEncoder().encode(["茶"]), 5) == [[]]
    assert len(own.near_sketches(signature_of("茶铺新品上市"), 5)[0]) == 0
    build(POSTS[:3], own, FakeEncoder())
    assert found_by_vector(own, text_of(2), 1) == ["id002"]
