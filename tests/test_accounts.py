"""The register of accounts: its rules, and its file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from operator import methodcaller

import pytest

from originality.accounts import FILE, Account, Permission, Register, RegisterFile, load_register
from originality.errors import RegisterError

TEA = Account(name="汀步茶室", uid="2608812381", trades=("茶饮",), campaigns=("双十一", "春茶节"), updated_by="api")
BREAD = Account(name="麦岸烘焙", uid="1404376560", role="own")
COFFEE = Account(name="岔路口咖啡")
ALL = Register(accounts=(TEA, BREAD, COFFEE))


def said(error: pytest.ExceptionInfo[RegisterError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    return message


def test_an_account_is_found_by_name_and_by_number():
    assert ALL.find("汀步茶室") is ALL.find("2608812381") is TEA
    assert ALL.find("没有这家") is None
    assert ALL.find("") is None
    assert ALL.names_of("1404376560") == {"麦岸烘焙", "1404376560"}
    assert ALL.names_of("没有这家") == {"没有这家"}
    assert ALL.names_of("") == set()


def test_a_permission_holds_through_its_last_day_in_beijing():
    register = ALL.authorised("麦岸烘焙", "2608812381", date(2026, 12, 31))
    last_minute = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)  # 23:59 in Beijing
    assert register.reusable_by("1404376560", last_minute) == {"汀步茶室", "2608812381"}
    assert register.reusable_by("麦岸烘焙", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == set()
    assert register.reusable_by("麦岸烘焙", datetime(2026, 12, 31, 23, 59)) == {"汀步茶室", "2608812381"}
    assert register.reusable_by("汀步茶室", last_minute) == set()  # it does not hold the other way round
    assert register.reusable_by("没有这家", last_minute) == set()


def test_a_later_permission_replaces_the_earlier_and_can_be_revoked():
    register = ALL.authorised("麦岸烘焙", "岔路口咖啡", date(2026, 1, 1)).authorised("麦岸烘焙", "岔路口咖啡")
    assert register.permissions == (Permission(by="1404376560", source="岔路口咖啡"),)
    assert register.reusable_by("麦岸烘焙", datetime(2099, 1, 1, tzinfo=UTC)) == {"岔路口咖啡"}
    assert register.revoked("麦岸烘焙", "岔路口咖啡") == ALL
    with pytest.raises(RegisterError, match="has no permission"):
        ALL.revoked("麦岸烘焙", "岔路口咖啡")


def test_adding_again_replaces_and_keeps_the_permissions():
    register = ALL.authorised("麦岸烘焙", "岔路口咖啡").authorised("岔路口咖啡", "汀步茶室")
    numbered = register.added(Account(name="岔路口咖啡", uid="5550000001"))
    assert [account.uid for account in numbered.accounts] == ["2608812381", "1404376560", "5550000001"]
    now = datetime.now(UTC)
    assert numbered.reusable_by("麦岸烘焙", now) == {"岔路口咖啡", "5550000001"}
    assert numbered.reusable_by("5550000001", now) == TEA.names
    renamed = numbered.added(Account(name="岔路口咖啡馆", uid="5550000001"))
    assert renamed.find("岔路口咖啡") is None
    assert renamed.reusable_by("麦岸烘焙", now) == {"岔路口咖啡馆", "5550000001"}


def test_removing_takes_the_permissions_along():
    register = ALL.authorised("麦岸烘焙", "岔路口咖啡").authorised("汀步茶室", "麦岸烘焙").removed("1404376560")
    assert register == Register(accounts=(TEA, COFFEE))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: Account(name=""), "1 to 60 printable"),
        (lambda: Account(name=" 茶"), "without spaces around"),
        (lambda: Account(name="茶\n室"), "printable"),
        (lambda: Account(name="茶", uid="abc"), "5 to 12 digits"),
        (lambda: Account(name="茶", updated_by="web"), "needs its Weibo number"),
        (lambda: Account(name="茶", uid="2608812381", updated_by="rss"), "api, web, none"),  # type: ignore[arg-type]
        (lambda: Account(name="茶", role="friend"), "own or competitor"),  # type: ignore[arg-type]
        (lambda: Account(name="茶", trades=("",)), "group"),
        (lambda: ALL.get("没有这家"), "originality accounts add"),
        (lambda: ALL.added(Account(name="汀步茶室", uid="5550000001")), "belongs to the account 2608812381"),
        (lambda: ALL.added(Account(name="新名字", uid="1404376560")).added(Account(name="1404376560")), "1404376560"),
        (lambda: ALL.authorised("麦岸烘焙", "1404376560"), "its own posts"),
        (lambda: ALL.authorised("麦岸烘焙", "没有这家"), "no account"),
        (lambda: Register(accounts=(TEA, TEA)), "Two accounts"),
        (lambda: Register(accounts=(TEA,), permissions=(Permission(by="x", source="y"),)), "no account"),
    ],
)
def test_what_a_person_mistypes_is_one_line(change, words):
    with pytest.raises(RegisterError) as error:
        change()
    assert words in said(error)


def test_the_file_gives_back_the_register_and_people_can_read_it(tmp_path):
    file = RegisterFile(tmp_path / "new")
    for account in ALL.accounts:
        file.change(methodcaller("added", account))
    kept = file.change(lambda known: known.authorised("麦岸烘焙", "汀步茶室", date(2026, 12, 31)))
    assert load_register(tmp_path / "new") == file.read() == kept
    text = (tmp_path / "new" / FILE).read_text(encoding="utf-8")
    assert '"name": "汀步茶室"' in text
    assert '"until": "2026-12-31"' in text


def test_no_file_is_an_empty_register(tmp_path):
    assert RegisterFile(tmp_path / "none").read() == load_register(tmp_path) == Register()
    assert not (tmp_path / "none").exists()


def test_a_change_on_disk_is_seen_and_an_unchanged_file_is_not_read_again(tmp_path):
    RegisterFile(tmp_path).change(lambda known: known.added(TEA))
    reader = RegisterFile(tmp_path)
    first = reader.read()
    assert reader.read() is first
    RegisterFile(tmp_path).change(lambda known: known.added(BREAD))
    assert reader.read().find("麦岸烘焙") == BREAD
    (tmp_path / FILE).unlink()
    assert reader.read() == Register()


VALID = {"version": 1, "accounts": [{"name": "汀步茶室"}], "permissions": []}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "nested too deep"),
        ([], "must be an object"),
        ({**VALID, "version": 2}, "version must be 1"),
        ({"accounts": []}, "version must be 1"),
        ({**VALID, "account": []}, "unknown field 'account'"),
        ({**VALID, "accounts": {}}, "wrong type"),
        ({**VALID, "accounts": ["汀步茶室"]}, "must be an object"),
        ({**VALID, "accounts": [{"uid": "2608812381"}]}, "no name"),
        ({**VALID, "accounts": [{"name": "茶", "uid": 2608812381}]}, "wrong type"),
        ({**VALID, "accounts": [{"name": "茶", "trades": [1]}]}, "list of texts"),
        ({**VALID, "accounts": [{"name": "茶", "grops": []}]}, "unknown field 'grops'"),
        ({**VALID, "accounts": [{"name": "茶", "person_allowed": 1}]}, "wrong type"),
        ({**VALID, "permissions": [{"by": "汀步茶室"}]}, '"source"'),
        ({**VALID, "permissions": [{"by": "汀步茶室", "source": "x", "until": "明年"}]}, "2026-12-31"),
        ({**VALID, "permissions": [{"by": "汀步茶室", "source": "x"}]}, "no account"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_one_line_and_left_alone(tmp_path, document, words):
    path = tmp_path / FILE
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    before = path.read_bytes()
    actions: list[Callable[[], object]] = [
        lambda: load_register(tmp_path),
        lambda: RegisterFile(tmp_path).change(lambda known: known),
    ]
    for action in actions:
        with pytest.raises(RegisterError) as error:
            action()
        assert words in said(error)
        assert FILE in said(error)
    assert path.read_bytes() == before


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(RegisterError, match="UTF-8"):
        load_register(tmp_path)


def test_changes_at_once_all_count(tmp_path):
    def add(number: int) -> None:
        RegisterFile(tmp_path).change(lambda known: known.added(Account(name=f"品牌{number}")))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_register(tmp_path).accounts) == 12


def test_a_failed_write_leaves_the_old_register(tmp_path, monkeypatch):
    RegisterFile(tmp_path).change(lambda known: known.added(TEA))

    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(RegisterError, match="No space left"):
            RegisterFile(tmp_path).change(lambda known: known.added(BREAD))
    assert load_register(tmp_path) == Register(accounts=(TEA,))
