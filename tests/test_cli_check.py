"""`originality check`: verdicts for people and for programs, from arguments, files, pipes and batches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from originality.models import ALARMS
from tests.brand_posts import COPIED, FRESH, POSTS
from tests.command_line import built, failed, run

OWN = next(post for post in POSTS if post["post_id"] == "t3")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("cli"))


def test_a_copied_draft_is_shown_with_its_words_and_its_source(index: Path) -> None:
    result = run("check", f"早安。{COPIED}", "--index", index)
    assert result.exit_code == 1
    assert "抄袭" in result.stdout.splitlines()[0]
    assert "【凌晨四点的" in result.stdout
    assert "@麦岸烘焙" in result.stdout
    assert "2026-11-02 07:30" in result.stdout
    assert result.stderr == ""
    english = run("check", COPIED, "--index", index, "--lang", "en").stdout
    assert "[Copied]" in english
    assert "word for word" in english


def test_a_fresh_draft_passes(index: Path) -> None:
    result = run("check", FRESH, "--index", index)
    assert result.exit_code == 0
    assert result.stdout.startswith(("【原创】", "【需留意】"))
    assert "截至 2026-11-12" in result.stdout


def test_the_link_of_a_source_is_shown_and_ones_own_post_accuses_nobody(index: Path) -> None:
    accused = run("check", OWN["text"], "--index", index)
    assert accused.exit_code == 1
    assert OWN["url"] in accused.stdout
    assert run("check", OWN["text"], "--index", index, "--account", OWN["account"]).exit_code == 0


def test_json_is_the_contract_on_one_line(index: Path) -> None:
    result = run("check", COPIED, "--json", ORIGINALITY_INDEX=str(index))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    answer = json.loads(result.stdout)
    assert list(answer) == [
        "id", "verdict", "risk", "originality", "template_risk", "idea_risk", "matches", "boilerplate", "caveats",
        "index", "elapsed_ms",
    ]  # fmt: skip
    assert answer["verdict"] == "copied"
    best = answer["matches"][0]
    assert best["post_id"] == "b1"
    start, end = best["spans"][0]["draft"]
    source_start, source_end = best["spans"][0]["source"]
    assert COPIED[start:end] == best["text"][source_start:source_end]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_drafts_come_from_files_and_standard_input(index: Path, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "draft.txt"
    file.write_bytes(COPIED.encode(encoding))
    for result in (
        run("check", "--file", file, "--index", index, "--json"),
        run("check", "-", "--index", index, "--json", given=file.read_bytes()),
        run("check", "--file", "-", "--index", index, "--json", given=file.read_bytes()),
    ):
        assert result.exit_code == 1
        assert json.loads(result.stdout)["originality"] == 0


def test_drafts_that_are_no_text_are_refused(index: Path, tmp_path: Path) -> None:
    file = tmp_path / "photo.txt"
    file.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200))
    failed(run("check", "--file", file, "--index", index), "photo.txt", "UTF-8")
    failed(run("check", "--file", tmp_path / "absent.txt", "--index", index), "absent.txt")


@pytest.mark.parametrize("draft", ["", " \n\t", "🍵🍰😂❤️[doge]", "\ud800\udc00\ud83d", "茶"])
def test_what_cannot_be_judged_is_undetermined(index: Path, tmp_path: Path, draft: str) -> None:
    batch = tmp_path / "drafts.jsonl"
    batch.write_text(json.dumps({"id": "d", "text": draft}), encoding="ascii")
    for arguments in (["check", draft, "--json"], ["check", "--batch", batch]):
        result = run(*arguments, "--index", index)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["verdict"] == "undetermined"
        assert json.loads(result.stdout)["caveats"]
    shown = run("check", draft, "--index", index)
    assert shown.exit_code == 0
    assert "无法判断" in shown.stdout
    assert len(shown.stdout) < 500


def test_a_batch_keeps_order_and_ids(index: Path, tmp_path: Path) -> None:
    batch = tmp_path / "drafts.jsonl"
    lines = [
        json.dumps({"id": "新-1", "text": FRESH}, ensure_ascii=False),
        "",
        json.dumps({"id": 7, "text": COPIED}),
        json.dumps({"text": OWN["text"], "account": OWN["account"]}),
        json.dumps({"id": "新-1", "text": COPIED, "published_at": "2026-11-01T00:00:00"}),
        json.dumps({"id": "坏", "text": "\ud800" + FRESH}),
    ]
    batch.write_text("\n".join(lines), encoding="utf-8-sig")
    result = run("check", "--batch", batch, "--index", index)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer["id"] for answer in answers] == ["新-1", "7", "4", "新-1", "坏"]
    alarms = [answer["verdict"] in ALARMS for answer in answers]
    assert alarms == [False, True, False, False, False]  # of the fourth, every post that is like it came later
    assert run("check", "--batch", "-", "--index", index, given=batch.read_bytes()).stdout.count("\n") == 5


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{broken", "JSON"),
        ('["a list"]', "JSON"),
        ('{"id": "x"}', "text"),
        ('{"text": null}', "text"),
        ('{"text": "好", "id": [1]}', "id"),
        ('{"text": "好", "account": 3}', "account"),
        ('{"text": "好", "published_at": "昨天"}', "published_at"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_broken_line_of_a_batch_is_named_and_those_before_it_are_answered(
    index: Path, tmp_path: Path, line: str, word: str
) -> None:
    batch = tmp_path / "drafts.jsonl"
    batch.write_text(f'{{"text": "茶"}}\n{line}\n{{"text": "茶"}}\n', encoding="utf-8")
    result = run("check", "--batch", batch, "--index", index)
    assert result.exit_code == 2
    assert [json.loads(answer)["id"] for answer in result.stdout.splitlines()] == ["1"]
    assert len(result.stderr.splitlines()) == 1
    assert "drafts.jsonl" in result.stderr
    assert "第 2 行" in result.stderr
    assert word in result.stderr
