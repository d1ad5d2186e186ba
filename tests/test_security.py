"""Where drafts go (docs/security.md): nowhere. They are secrets until they are published."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from originality.index import open_index
from tests.brand_posts import COPIED, POSTS
from tests.command_line import built, run
from tests.gates import policy_file
from tests.hostile import Cable, content, holding
from tests.pages import address, make_index, open_page, own_index, press, verdict
from tests.services import TOKEN, service

SECRET = "蓝釉茶盏下周三才见人"  # in no post
DRAFT = f"{SECRET}。{COPIED}"
RULES = 'name = "汀步茶室"\naccount = "汀步茶室"\n'


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("security"))


CHECKS = """
import os, socket, sys
from streamlit.testing.v1 import AppTest
from originality import Checker, Draft, Policy
from originality.embed import load_encoder

index, draft = sys.argv[1:]
os.environ |= {"ORIGINALITY_INDEX": index, "ORIGINALITY_KEEP_DAYS": "off"}
with Checker.open(index) as checker:
    assert checker.check(draft).verdict == "copied"
    assert checker.gate(draft, Policy()).action == "block"
    answers = list(checker.check_many([Draft(text=draft)] * 40, workers=2))
    assert [each.verdict for each in answers] == ["copied"] * 40
page = AppTest.from_file("app.py", default_timeout=300).run()
page.text_area(key="draft").set_value(draft)
page = next(each for each in page.button if each.label in {"检测", "Check"}).click().run()
assert not page.exception and any("o-verdict" in part.body for part in page.main.html)
assert load_encoder("default").encode([draft]).shape == (1, 384)
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except PermissionError as error:
    print("cut:", error)
"""


def test_no_connection_is_asked_for_while_drafts_are_checked(index, tmp_path):
    """By the library, by processes that share the work, by the page and by the default encoder."""
    cable = Cable(tmp_path)
    assert cable.run(CHECKS, index, DRAFT).startswith("cut: the network is cut"), "else the test would prove nothing"
    assert len(cable.tried) == 1, cable.tried


def test_the_service_asks_for_no_connection(index, tmp_path, monkeypatch):
    cable = Cable(tmp_path)
    for name, value in cable.environment.items():
        monkeypatch.setenv(name, value)
    with service(index, "--policy", policy_file(tmp_path, RULES)) as running:
        assert running.post("/gate", {"text": DRAFT}).json()["action"] == "block"
    assert cable.tried == []


def test_a_check_a_gate_and_the_service_leave_the_index_as_it_was(index, tmp_path):
    before = content(index)
    rules = policy_file(tmp_path, RULES)
    assert run("check", DRAFT, "--index", index).exit_code == 1
    assert run("gate", DRAFT, "--policy", rules, "--index", index).exit_code == 1
    with service(index, "--policy", rules) as running:
        assert running.post("/check", {"text": DRAFT}).status_code == 200
        assert running.post("/gate", {"text": DRAFT}).status_code == 200
        assert running.batch(json.dumps({"text": DRAFT})).status_code == 200
        running.stop()
    assert content(index) == before


def test_the_page_leaves_the_index_as_it_was_where_nothing_is_to_be_kept(tmp_path, monkeypatch):
    folder = own_index(tmp_path, monkeypatch)
    monkeypatch.setenv("ORIGINALITY_KEEP_DAYS", "off")
    before = content(folder)
    assert verdict(open_page(DRAFT)) == "抄袭"
    assert content(folder) == before


def test_what_the_page_keeps_is_one_private_file_and_no_post(tmp_path, monkeypatch):
    folder = own_index(tmp_path, monkeypatch)
    before = content(folder)
    page = open_page(DRAFT)
    kept = f"checks/{address(page, 'check')}.json"
    after = content(folder)
    assert holding(folder, SECRET) == [kept]
    assert {name: data for name, data in after.items() if name != kept} == before
    assert stat.S_IMODE((folder / kept).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "checks").stat().st_mode) == 0o700
    assert SECRET not in str(dict(page.query_params)), "an address is seen by others"


def test_a_draft_never_becomes_a_source(tmp_path, monkeypatch):
    folder = own_index(tmp_path, monkeypatch)
    page = open_page(f"{SECRET}，这一句谁也没有发过，写了两遍也还是自己的。")
    first = verdict(page)
    page.text_area(key="draft").set_value(f"{SECRET}，这一句谁也没有发过，写了两遍也还是自己的！")
    assert verdict(press(page, "检测")) == first != "抄袭"
    with open_index(folder) as opened:
        assert {post.post_id for post in opened.posts()} == {post["post_id"] for post in POSTS}
        assert opened.store.vectors == _vectors(tmp_path / "fresh")


def _vectors(folder: Path) -> int:
    from tests.pages import as_post

    with open_index(make_index(folder, [*map(as_post, POSTS)])) as opened:
        return opened.store.vectors


def test_the_audit_log_holds_no_draft_unless_asked_for(index, tmp_path):
    rules = policy_file(tmp_path, RULES)
    (tmp_path / "quiet").mkdir()
    (tmp_path / "told").mkdir()
    for folder, more in (("quiet", ()), ("told", ("--audit-text",))):
        log = tmp_path / folder / "audit.jsonl"
        assert run("gate", DRAFT, "--policy", rules, "--index", index, "--audit", log, *more).exit_code == 1
    assert holding(tmp_path / "quiet", SECRET) == []
    assert holding(tmp_path / "told", SECRET) == ["audit.jsonl"]
    line = json.loads((tmp_path / "quiet" / "audit.jsonl").read_text("utf-8"))
    assert len(line["draft_hash"]) == 64
    assert "麦岸烘焙" not in str(line), "no post of the index either"


def test_the_service_logs_neither_drafts_nor_its_token(index, tmp_path):
    with service(index, "--policy", policy_file(tmp_path, RULES), token=TOKEN) as running:
        answers = [
            running.post("/gate", {"text": DRAFT}),
            running.post("/gate", {"text": DRAFT, "policy": SECRET}),
            running.post("/check", {"text": [SECRET]}),
            running.client.post("/check", content=f'{{"text": "{SECRET}'.encode()),
            running.client.get("/metrics"),
            running.client.get(f"/{SECRET}", headers={"authorization": f"Bearer {TOKEN}x"}),
        ]
        written = running.stop()
    assert [answer.status_code for answer in answers] == [200, 422, 422, 422, 200, 401]
    for text in (written, *(answer.text for answer in answers)):
        assert SECRET not in text
        assert TOKEN not in text
