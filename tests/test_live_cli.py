"""`originality accounts` and `originality collect --live` as a person or cron runs them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from filelock import FileLock

from originality.accounts import load_register
from originality.live import log
from originality.live.run import LOCK
from tests.command_line import failed, run
from tests.weibo_server import NAME, OTHERS, TOKEN, UID, Answer, Weibo, running, status


@pytest.fixture
def weibo():
    with running() as served:
        yield served


def fill_today(weibo: Weibo, count: int) -> None:
    """Let the account post texts of this week: the command line's clock is the real one."""
    today = datetime.now(UTC)
    for number in range(count):
        when = (today - timedelta(hours=count - number)).strftime("%a %b %d %H:%M:%S +0000 %Y")
        weibo.posts[UID].insert(0, status(number, created_at=when))


def live(weibo: Weibo, folder: Path, *more: object, **variables: str) -> Result:
    urls = {f"ORIGINALITY_{name}_URL": weibo.url for name in ("API", "BUSINESS", "WEB")}
    given = {**urls, "ORIGINALITY_WEIBO_TOKEN": TOKEN, **variables}
    return run("collect", "--live", "--index", folder, "--encoder", "fast", *more, **given)


def added(folder: Path, *more: object) -> Result:
    return run("accounts", "add", NAME, "--uid", UID, "--live", "api", "--index", folder, *more)


def test_accounts_are_added_listed_authorised_and_removed(tmp_path):
    result = added(tmp_path, "--trade", "茶饮", "--campaign", "双十一", "--campaign", "春茶节")
    assert (result.exit_code, result.stderr) == (0, "")
    assert NAME in result.stdout
    assert run("accounts", "add", "麦岸烘焙", "--own", "--index", tmp_path).exit_code == 0
    allowed = run("accounts", "authorise", "麦岸烘焙", UID, "--until", "2026-12-31", "--index", tmp_path)
    assert "2026-12-31" in allowed.stdout
    shown = run("accounts", "list", "--index", tmp_path).stdout
    for words in (
        f"@{NAME}",
        UID,
        "竞品",
        "茶饮、双十一、春茶节",
        "官方 API",
        "自己的品牌",
        "不自动更新",
        "2026-12-31",
    ):
        assert words in shown
    answer = json.loads(run("accounts", "list", "--json", "--index", tmp_path).stdout)
    assert answer["accounts"][0]["campaigns"] == ["双十一", "春茶节"]
    assert answer["permissions"] == [{"by": "麦岸烘焙", "source": UID, "until": "2026-12-31"}]
    assert run("accounts", "revoke", "麦岸烘焙", NAME, "--index", tmp_path).exit_code == 0
    assert load_register(tmp_path).permissions == ()
    assert "forget" in run("accounts", "remove", NAME, "--index", tmp_path).stdout
    assert [account.name for account in load_register(tmp_path).accounts] == ["麦岸烘焙"]


def test_without_a_command_the_help_is_shown():
    result = run("accounts")
    assert result.exit_code == 0
    assert "authorise" in result.stdout
    assert "--until" in run("accounts", "authorise", "--help").stdout


def test_an_empty_register_says_so(tmp_path):
    assert "还没有登记账号" in run("accounts", "list", "--index", tmp_path).stdout


def test_what_is_wrong_is_one_line(tmp_path):
    failed(run("accounts", "add", NAME, "--live", "web", "--index", tmp_path), "Weibo number")
    failed(run("accounts", "remove", "没有这家", "--index", tmp_path), "没有这家")
    failed(run("accounts", "authorise", "甲", "乙", "--index", tmp_path), "originality accounts add 甲")
    failed(run("accounts", "authorise", "甲", "乙", "--until", "明年", "--index", tmp_path), "--until")
    failed(run("accounts", "rename", "甲"), "rename")
    failed(run("accounts", "add"), "NAME")
    assert not (tmp_path / "accounts.json").exists()


def test_files_and_live_do_not_mix(tmp_path):
    failed(run("collect", "--index", tmp_path), "--live")
    failed(run("collect", tmp_path, "--live", "--index", tmp_path), "--live")
    failed(run("collect", "--live", "--account", "甲", "--index", tmp_path), "--account")
    failed(run("collect", "--live", "--index", tmp_path), "originality accounts add")


def test_a_live_run_tells_what_is_new_for_each_account(tmp_path, weibo):
    fill_today(weibo, 30)
    added(tmp_path)
    result = live(weibo, tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"@{NAME}：新增 30" in result.stdout
    assert "现有 30 条帖子" in result.stdout
    answer = json.loads(live(weibo, tmp_path, "--json").stdout)
    assert answer["accounts"][0]["added"] == 0
    assert (answer["failed"], answer["posts"], answer["requests"]) == (0, 30, 1)
    assert len((tmp_path / log.FILE).read_text(encoding="utf-8").splitlines()) == 2
    assert run("stats", "--index", tmp_path).exit_code == 0


def test_failures_end_with_2_and_say_which_account(tmp_path, weibo):
    fill_today(weibo, 3)
    added(tmp_path)
    run("accounts", "add", "岔路口咖啡", "--uid", "5550000001", "--live", "web", "--index", tmp_path)
    result = live(weibo, tmp_path)
    assert result.exit_code == 2
    assert "新增 3" in result.stdout
    assert "没有更新完" in result.stdout
    assert "ORIGINALITY_PUBLIC_WEB=1" in result.stdout
    weibo.next[OTHERS].append(Answer(status=401, body={"error_code": 21332, "error": f"invalid {TOKEN}"}))
    result = live(weibo, tmp_path, "--json")
    assert result.exit_code == 2
    assert "21332" in json.loads(result.stdout)["accounts"][0]["error"]
    assert TOKEN not in result.stdout + result.stderr


def test_a_second_run_at_the_same_time_is_one_line_and_2(tmp_path, weibo):
    added(tmp_path)
    with FileLock(tmp_path / LOCK):
        failed(live(weibo, tmp_path), "Another live run")


def test_an_address_in_the_clear_is_refused(tmp_path, weibo):
    added(tmp_path)
    failed(live(weibo, tmp_path, ORIGINALITY_BUSINESS_URL="http://c.api.weibo.com"), "https")
