"""The gate: what a policy makes of a check, from Python."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from originality import Checker, CheckResult, Draft, GateDecision, Policy
from originality.errors import IndexFault, StampError
from originality.gate import Authorisation, Rule, Threshold
from originality.index import open_index
from originality.score import load_model
from tests.corpus import LOTTERY, SOURCE, START, STORIES
from tests.fakes import FakeEncoder
from tests.gates import gatekeeper
from tests.processes import run_python

OWN = "把窗台上的薄荷剪短之后，屋里忽然有了夏天清晨的味道，猫打了三个喷嚏，我也打了一个。"
NEVER = Rule()


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    with gatekeeper(tmp_path_factory.mktemp("index")) as checker:
        yield checker


def test_a_copy_is_blocked_with_its_cause_in_words(checker):
    decision = checker.gate(SOURCE, Policy(name="汀步"))
    assert decision.action == "block"
    first = decision.causes[0]
    assert (first.code, first.action, first.per_100) == ("wording", "block", 2)
    assert first.threshold == load_model().alarm
    assert first.risk == decision.result.risk >= first.threshold
    assert "抄文字" in decision.reasons[0]
    assert "「闻记钟表」的帖子 p0" in decision.reasons[0]
    assert "每 100 篇原创约有 2 篇" in decision.reasons[0]
    assert (decision.policy.name, decision.result.verdict) == ("汀步", "copied")


def test_own_words_pass_without_a_cause(checker):
    policy = Policy(wording=Rule(block=Threshold(per_100=2)), template=NEVER)
    decision = checker.gate(Draft(text=OWN, id="d7"), policy)
    assert (decision.action, decision.causes, decision.reasons) == ("pass", (), ())
    assert decision.result.id == "d7"


def test_reasons_in_english_by_the_settings(tmp_path):
    with gatekeeper(tmp_path, "en") as checker:
        decision = checker.gate(SOURCE, Policy())
        unjudged = checker.gate("早", Policy())
    assert decision.reasons[0].startswith("Wording: risk ")
    assert "the policy blocks from" in decision.reasons[0]
    assert "post p0 by 闻记钟表" in decision.reasons[0]
    assert unjudged.reasons == (
        "Cannot tell: The text is too short to tell a copy from a coincidence. The policy says: warning.",
    )


@pytest.mark.parametrize("action", ["pass", "warn", "block"])
def test_the_policy_says_what_a_draft_that_cannot_be_judged_means(checker, action):
    decision = checker.gate(LOTTERY, Policy(undetermined=action))
    assert decision.result.verdict == "undetermined"
    assert decision.action == action
    assert [cause.code for cause in decision.causes] == ([] if action == "pass" else ["undetermined"])
    assert all("套话" in reason for reason in decision.reasons)


def test_a_brand_may_ask_for_longer_drafts(checker):
    assert checker.gate(SOURCE[:20], Policy()).result.verdict != "undetermined"
    decision = checker.gate(SOURCE[:20], Policy(min_letters=40))
    assert (decision.action, decision.result.caveats) == ("warn", ("too_short",))


def test_each_lane_acts_on_its_own(checker):
    half = Threshold(risk=checker.check(SOURCE).template_risk / 2)
    quiet = Policy(wording=NEVER, template=NEVER)
    assert checker.gate(SOURCE, quiet).action == "pass"
    template = Policy(wording=NEVER, template=Rule(block=half))
    blocked = checker.gate(SOURCE, template)
    assert [cause.code for cause in blocked.causes] == ["template"]
    assert blocked.action == "block"
    both = Policy(template=Rule(warn=half), idea=Rule(warn=Threshold(risk=0.001)))
    causes = [(cause.code, cause.action) for cause in checker.gate(SOURCE, both).causes]
    assert causes == [("wording", "block"), ("template", "warn"), ("idea", "warn")]


def test_the_verdict_speaks_by_the_threshold_of_the_policy(checker):
    risk = checker.check(SOURCE).risk
    lax = Policy(wording=Rule(block=Threshold(risk=min(0.9999, risk + 1e-6))), template=NEVER)
    decision = checker.gate(SOURCE, lax)
    assert decision.action == "pass"
    assert not decision.result.is_alarm
    warned = checker.gate(SOURCE, Policy(wording=Rule(warn=Threshold(risk=0.5)), template=NEVER))
    assert warned.action == "warn"
    assert warned.result.is_alarm


def test_excluded_accounts_and_posts_accuse_nobody_and_are_counted(checker):
    for policy in (Policy(excluded_accounts=("闻记钟表",)), Policy(excluded_posts=("p0",))):
        decision = checker.gate(SOURCE, policy)
        assert not decision.result.is_alarm
        assert (decision.excluded, decision.authorised) == (1, 0)
        assert decision.to_dict()["left_out"] == {"excluded": 1, "authorised": 0}


def test_an_authorised_source_accuses_nobody_until_its_day(checker):
    policy = Policy(authorised=(Authorisation(account="闻记钟表", until=date(2026, 12, 31)),))
    within = checker.gate(Draft(text=SOURCE, published_at=datetime(2026, 12, 31, 15, 59, tzinfo=UTC)), policy)
    assert within.authorised == 1
    assert "authorised_reuse" in within.result.caveats
    assert not within.result.is_alarm
    after = checker.gate(Draft(text=SOURCE, published_at=datetime(2026, 12, 31, 16, tzinfo=UTC)), policy)
    assert after.action == "block"
    assert after.authorised == 0


def test_the_account_is_that_of_the_draft_else_that_of_the_policy(checker):
    policy = Policy(account="闻记钟表")
    assert checker.gate(SOURCE, policy).account == "闻记钟表"
    assert not checker.gate(SOURCE, policy).result.is_alarm
    assert checker.gate(Draft(text=SOURCE, account="别家"), policy).action == "block"


def test_only_earlier_posts_count(checker):
    assert checker.gate(Draft(text=SOURCE, published_at=START), Policy()).result.is_alarm is False


def test_from_an_event_loop_it_holds_nothing_up(checker):
    async def both() -> tuple[int, tuple[CheckResult, GateDecision]]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        answers = await asyncio.gather(checker.acheck(SOURCE, id="a"), checker.agate(SOURCE, Policy()))
        ticking.cancel()
        return ticks, answers

    ticks, (result, decision) = asyncio.run(both())
    assert (result.id, result.verdict, decision.action) == ("a", "copied", "block")
    assert ticks > 1


def test_threads_may_share_it(checker):
    texts = [SOURCE, OWN, LOTTERY, STORIES[1]] * 5
    alone = [_plain(checker.gate(text, Policy())) for text in texts]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda text: _plain(checker.gate(text, Policy())), texts)) == alone


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_process_may_go_on_with_it_while_others_search(tmp_path):
    with gatekeeper(tmp_path / "index"):
        pass
    code = """
    import os, sys, threading
    from originality import Checker, Policy
    from originality.index import open_index
    from tests.corpus import SOURCE
    from tests.fakes import FakeEncoder

    checker = Checker(open_index(sys.argv[1]), FakeEncoder())
    assert checker.check(SOURCE).is_alarm
    stop = threading.Event()
    def search():
        while not stop.is_set():
            checker.check(SOURCE)
    thread = threading.Thread(target=search)
    thread.start()
    codes = []
    for _ in range(8):  # the thread holds some lock at most of these moments
        child = os.fork()
        if not child:
            os._exit(7 if checker.gate(SOURCE, Policy()).action == "block" else 1)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    stop.set()
    thread.join()
    print(codes == [7] * 8, checker.check(SOURCE).is_alarm)
    """
    assert run_python(code, tmp_path / "index") == "True True"


def test_a_changed_stamp_is_refused_at_once(tmp_path):
    with gatekeeper(tmp_path) as checker:
        assert checker.gate(SOURCE, Policy()).action == "block"
        with open_index(tmp_path) as other, other.store.transaction() as database:
            database.execute("UPDATE meta SET value='v9;other' WHERE key='stamp'")
        with pytest.raises(StampError, match="now it has v9;other") as error:
            checker.gate(SOURCE, Policy())
        assert "\n" not in str(error.value)
        assert "start the program again" in str(error.value)
        with pytest.raises(StampError):
            checker.check("")


def test_an_index_that_was_replaced_or_removed_is_refused(tmp_path):
    folder = tmp_path / "index"
    with gatekeeper(tmp_path / "another"):
        pass
    with gatekeeper(folder) as checker:
        assert checker.check(SOURCE).is_alarm
        shutil.rmtree(folder)
        with pytest.raises(IndexFault, match=r"posts\.sqlite is missing"):
            checker.check(SOURCE)
        shutil.copytree(tmp_path / "another", folder)
        with pytest.raises(IndexFault, match="was replaced by another file"):
            checker.check(SOURCE)
    with open_index(folder) as index:
        assert Checker(index, FakeEncoder()).check(SOURCE).is_alarm


def test_decisions_travel_between_processes(checker):
    decision = checker.gate(SOURCE, Policy())
    assert pickle.loads(pickle.dumps(decision)) == decision
    assert dataclasses.replace(decision, account="别家") != decision


def _plain(decision: GateDecision) -> dict[str, Any]:
    values = decision.to_dict()
    values.pop("decided_at")
    values["result"].pop("elapsed_ms")
    return values
