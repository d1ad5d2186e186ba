"""What the register of accounts means for a check: one's own posts and those one may reuse accuse nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from originality.accounts import FILE, Account, RegisterFile
from originality.checker import Checker
from originality.errors import RegisterError
from originality.explain import caveat_text
from tests.corpus import SOURCE, START, corpus, indexed, post
from tests.fakes import FakeEncoder

SOURCE_NAME = "闻记钟表"


@pytest.fixture
def folder(tmp_path):
    posts = [each for each in corpus() if each.account != SOURCE_NAME]
    posts.append(post(0, SOURCE, SOURCE_NAME, account_id="1404376560"))
    with indexed(tmp_path, posts):
        pass
    file = RegisterFile(tmp_path)
    file.change(lambda known: known.added(Account(name="闻记钟表官微", uid="1404376560")))
    file.change(lambda known: known.added(Account(name="钟楼文创", uid="2608812381", role="own")))
    return tmp_path


@pytest.fixture
def checker(folder):
    with indexed(folder, []) as index:
        yield Checker(index, FakeEncoder())


def accused(checker, account: str, before: datetime | None = None) -> bool:
    result = checker.check(SOURCE, account=account, before=before)
    return any(match.account == SOURCE_NAME for match in result.matches)


def test_own_posts_are_known_by_number_and_by_either_name(checker):
    assert accused(checker, "路人甲")
    for author in (SOURCE_NAME, "闻记钟表官微", "1404376560"):  # the name in the index, today's name, the number
        assert not accused(checker, author)


def test_a_permission_holds_while_it_lasts_and_only_for_its_account(folder, checker):
    assert accused(checker, "钟楼文创")
    last = (START + timedelta(days=9)).date()
    RegisterFile(folder).change(lambda known: known.authorised("钟楼文创", "1404376560", last))
    within, after = START + timedelta(days=9), START + timedelta(days=10)
    for author in ("钟楼文创", "2608812381"):
        assert not accused(checker, author, within)
        assert accused(checker, author, after)
    assert accused(checker, "路人甲", within)
    assert accused(checker, "", within)


def test_without_a_date_today_counts(folder, checker):
    file = RegisterFile(folder)
    file.change(lambda known: known.authorised("钟楼文创", "1404376560", date(2020, 1, 1)))
    assert accused(checker, "钟楼文创")
    file.change(lambda known: known.authorised("钟楼文创", "1404376560"))
    assert not accused(checker, "钟楼文创")
    file.change(lambda known: known.revoked("钟楼文创", "1404376560"))
    assert accused(checker, "钟楼文创")


def test_what_was_left_out_is_said(folder, checker):
    assert "authorised_reuse" not in checker.check(SOURCE, account="钟楼文创").caveats
    RegisterFile(folder).change(lambda known: known.authorised("钟楼文创", "1404376560"))
    assert "authorised_reuse" in checker.check(SOURCE, account="钟楼文创").caveats
    assert "authorised_reuse" not in checker.check(SOURCE, account="路人甲").caveats
    assert "授权" in caveat_text("authorised_reuse", "zh")
    assert "reused" in caveat_text("authorised_reuse", "en")


def test_a_damaged_register_stops_a_check_instead_of_accusing_wrongly(folder, checker):
    (folder / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(RegisterError, match="not valid JSON"):
        checker.check(SOURCE, account="钟楼文创")
    with pytest.raises(RegisterError, match="not valid JSON"):
        Checker.open(folder)
