from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality import Checker, Draft, Settings
from originality.embed import load_encoder
from originality.models import ALARMS, CheckResult
from tests.corpus import LOTTERY, SOURCE, START, STORIES, corpus, indexed, post
from tests.fakes import FakeEncoder

NEAR = SOURCE.replace("修表", "补鞋").replace("齿轮", "鞋底").replace("三十一年", "二十六年").replace("闻", "温")
OWN = "把窗台上的薄荷剪短之后，屋里忽然有了夏天清晨的味道，猫打了三个喷嚏，我也打了一个。"


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    encoder = load_encoder("fast")
    with indexed(tmp_path_factory.mktemp("index"), encoder=encoder) as index:
        yield Checker(index, encoder)


def test_a_copy_is_called_so_with_its_source_and_words(checker):
    result = checker.check(SOURCE, id="d1")
    best = result.matches[0]
    assert (result.id, result.verdict, best.post_id, best.kind) == ("d1", "copied", "p0", "verbatim")
    assert result.is_alarm
    assert result.originality < 0.1
    assert best.containment_of_draft > 0.9
    assert best.containment_of_source > 0.9
    assert SOURCE[slice(*best.spans[0].draft)] == SOURCE[slice(*best.spans[0].source)]
    assert best.reasons


def test_a_copy_with_some_words_changed_is_an_alarm_of_kind_near(checker):
    result = checker.check(NEAR)
    assert result.verdict in ALARMS
    assert result.matches[0].post_id == "p0"
    assert result.matches[0].kind == "near"


def test_own_words_are_original(checker):
    result = checker.check(OWN)
    assert result.verdict == "original"
    assert result.originality == 1.0
    assert result.lane is None
    assert result.best is None


def test_a_shared_formula_accuses_nobody(checker):
    result = checker.check(f"{OWN}{LOTTERY}。")
    assert result.verdict not in ALARMS
    assert result.boilerplate
    assert result.originality > 0.9
    assert result.lane != "template"


def test_an_accounts_own_posts_accuse_nobody(checker):
    assert checker.check(SOURCE, account="闻记钟表").verdict not in ALARMS


def test_only_earlier_posts_are_sources(checker):
    assert checker.check(SOURCE, before=START).verdict not in ALARMS
    assert checker.check(SOURCE, before=START + timedelta(seconds=1)).verdict in ALARMS


def test_a_declared_repost_is_no_copy(checker):
    result = checker.check(f"{OWN}//@闻记钟表:{SOURCE}")
    assert result.verdict == "original"
    assert "declared_repost" in result.caveats


@pytest.mark.parametrize(
    ("text", "caveat"),
    [
        ("", "empty"),
        (" \n\u3000", "empty"),
        ("[doge][doge]🌙✨", "nothing_left_after_cleaning"),
        ("#话题# @某人 https://t.cn/abc", "nothing_left_after_cleaning"),
        ("\ud800\udfff", "nothing_left_after_cleaning"),
        ("早安呀", "too_short"),
        (LOTTERY, "only_boilerplate"),
    ],
)
def test_what_cannot_be_judged_says_why(checker, text, caveat):
    result = checker.check(text)
    assert result.verdict == "undetermined"
    assert caveat in result.caveats
    assert (result.risk, result.matches) == (0.0, ())


def test_an_empty_index_cannot_acquit(tmp_path):
    with indexed(tmp_path, []) as index:
        result = Checker(index, FakeEncoder()).check(SOURCE)
    assert (result.verdict, result.caveats) == ("undetermined", ("index_empty",))


def test_damaged_characters_are_said_and_the_rest_is_judged(checker):
    result = checker.check(SOURCE + "\ud83d")
    assert result.verdict == "copied"
    assert "invalid_characters" in result.caveats


def test_doubts_about_the_source_are_said(tmp_path):
    cut = replace(post(900, SOURCE + "...全文", "闻记钟表"), published_at=None, truncated=True)
    with indexed(tmp_path, [*corpus()[1:], cut]) as index:
        result = Checker(index, FakeEncoder()).check(SOURCE)
    assert {"source_may_be_later", "source_truncated"} <= set(result.caveats)


def test_a_draft_stitched_from_three_posts_names_them_all(checker):
    stitched = "，".join(story[:22] for story in STORIES[:3])
    result = checker.check(stitched)
    assert {"p1", "p2", "p3"} <= {match.post_id for match in result.matches[:3]}
    assert result.originality < 0.2


@pytest.mark.parametrize("extra", STORIES)
def test_adding_a_source_never_raises_originality(tmp_path, extra):
    few = [item for item in corpus() if item.text != extra]
    more = [*few, post(400, extra, "后来者")]
    with indexed(tmp_path / "few", few) as one, indexed(tmp_path / "more", more) as other:
        before, after = (Checker(index, FakeEncoder(), Settings(candidates=200)) for index in (one, other))
        for cut in range(8, 31):
            draft = f"{OWN[:20]}{extra[:cut]}{SOURCE[:15]}"
            assert after.check(draft).originality <= before.check(draft).originality + 1e-9, cut


@given(text=st.text(max_size=80))
def test_every_span_quotes_the_original_whatever_unicode_comes_in(checker, text):
    draft = text + SOURCE[:30] + text
    result = checker.check(draft)
    for match in result.matches:
        for span in match.spans:
            assert 0 <= span.draft[0] < span.draft[1] <= len(draft)
            assert 0 <= span.source[0] < span.source[1] <= len(match.text)
    for item in result.boilerplate:
        assert 0 <= item.span[0] < item.span[1] <= len(draft)
    json.dumps(result.to_dict())


def test_the_user_may_set_the_threshold(tmp_path):
    with indexed(tmp_path) as index:
        strict, lax = (Checker(index, FakeEncoder(), Settings(alarm=alarm)) for alarm in (0.0001, 0.99999))
        assert strict.check(STORIES[0][:12] + OWN).is_alarm
        assert not lax.check(NEAR).is_alarm


def test_reasons_and_results_in_english_by_switch(tmp_path):
    with indexed(tmp_path) as index:
        result = Checker(index, FakeEncoder(), Settings(language="en")).check(SOURCE)
    assert "characters are the same" in result.matches[0].reasons[0]


def test_the_json_contract_is_that_of_the_docs(checker):
    result = checker.check(NEAR, id="d1").to_dict()
    assert list(result) == [
        "id", "verdict", "risk", "originality", "template_risk", "idea_risk", "matches", "boilerplate", "caveats",
        "index", "elapsed_ms",
    ]  # fmt: skip
    assert list(result["matches"][0]) == [
        "post_id", "account", "published_at", "url", "text", "risk", "kind", "containment_of_draft",
        "containment_of_source", "spans", "reasons",
    ]  # fmt: skip
    assert set(result["matches"][0]["spans"][0]) == {"draft", "source", "kind"}
    assert set(result["index"]) == {"posts", "as_of", "stamp"}
    assert len(result["matches"]) <= 10
    risks = [match["risk"] for match in result["matches"]]
    rounded = [round(risk, 2) for risk in risks]  # below that nobody could tell them apart
    assert rounded == sorted(rounded, reverse=True)


def test_many_drafts_keep_their_order_and_ids(checker):
    drafts = [Draft(text=SOURCE, id="a"), Draft(text="", id="b"), Draft(text=SOURCE, id="c", account="闻记钟表")]
    verdicts = [(result.id, result.verdict) for result in checker.check_many(drafts)]
    assert verdicts[:2] == [("a", "copied"), ("b", "undetermined")]
    assert verdicts[2][0] == "c"
    assert verdicts[2][1] not in ALARMS


def test_threads_may_share_a_checker(checker):
    texts = [SOURCE, NEAR, OWN, LOTTERY, STORIES[2]] * 6
    alone = [_plain(checker.check(text)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: _plain(checker.check(text)), texts))
    assert together == alone


def test_a_post_that_is_deleted_is_no_source_any_more(tmp_path):
    with indexed(tmp_path) as index:
        checker = Checker(index, FakeEncoder())
        assert checker.check(SOURCE).is_alarm
        index.delete(["p0"])
        assert not checker.check(SOURCE).is_alarm


def test_posts_collected_meanwhile_are_seen(tmp_path):
    from originality.build import build

    with indexed(tmp_path) as index:
        checker = Checker(index, FakeEncoder())
        assert not checker.check(OWN).is_alarm
        build([post(500, OWN, "隔壁")], index, FakeEncoder())
        assert checker.check(OWN).verdict == "copied"


def _plain(result: CheckResult) -> dict[str, object]:
    return {key: value for key, value in result.to_dict().items() if key != "elapsed_ms"}
