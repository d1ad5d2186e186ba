"""The cache of converted models: filled once, whole or not at all, and mended when damaged."""

from __future__ import annotations

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from originality.embed import cache
from originality.embed.cache import CACHE_VARIABLE, cache_root, cached_folder, is_intact
from originality.errors import EncoderError
from tests.fakes import full_disk, unwritable
from tests.processes import run_python


class Filler:
    """Fills a folder with two small files and counts how often it was asked to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "weights").mkdir()
        (folder / "weights" / "model.bin").write_bytes(b"w" * 1000)
        (folder / "config.json").write_text("{}", encoding="utf-8")


def test_a_folder_is_filled_once(tmp_path):
    fill = Filler()
    folder = cached_folder("m-v1", fill, cache_dir=tmp_path)
    assert cached_folder("m-v1", fill, cache_dir=tmp_path) == folder == tmp_path / "m-v1"
    assert fill.calls == 1
    assert (folder / "weights" / "model.bin").read_bytes() == b"w" * 1000
    assert sorted(path.name for path in tmp_path.iterdir()) in (["m-v1"], ["m-v1", "m-v1.lock"])


def flip(folder: Path) -> None:
    (folder / "weights" / "model.bin").write_bytes(b"w" * 500 + b"x" + b"w" * 499)


def shorten(folder: Path) -> None:
    (folder / "config.json").write_bytes(b"")


def lose(folder: Path) -> None:
    (folder / "weights" / "model.bin").unlink()


def lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def spoil_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"files": ["config.json"]}', encoding="utf-8")


@pytest.mark.parametrize("limit", [0, 2**24], ids=["as large files", "as small files"])
@pytest.mark.parametrize("harm", [flip, shorten, lose, lose_manifest, spoil_manifest])
def test_damage_is_noticed_and_mended(tmp_path, monkeypatch, harm, limit):
    monkeypatch.setattr(cache, "ALWAYS_HASHED_BYTES", limit)
    fill = Filler()
    folder = cached_folder("m", fill, cache_dir=tmp_path)
    assert is_intact(folder)
    harm(folder)
    assert not is_intact(folder)
    cached_folder("m", fill, cache_dir=tmp_path)
    assert is_intact(folder)
    assert fill.calls == 2


def test_a_large_file_is_hashed_only_when_it_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "ALWAYS_HASHED_BYTES", 0)
    folder = cached_folder("m", Filler(), cache_dir=tmp_path)
    hashed: list[str] = []
    digest = cache._digest

    def spy(path: Path) -> str:
        hashed.append(path.name)
        return digest(path)

    monkeypatch.setattr(cache, "_digest", spy)
    assert is_intact(folder)
    assert hashed == []
    os.utime(folder / "config.json", ns=(1, 1))
    assert is_intact(folder)
    assert hashed == ["config.json"]
    assert is_intact(folder)
    assert hashed == ["config.json"]
    (folder / "checked.json").unlink()
    assert is_intact(folder)
    assert sorted(hashed) == ["config.json", "config.json", "model.bin"]


def test_a_filling_that_fails_leaves_nothing(tmp_path):
    def fill(folder: Path) -> None:
        (folder / "half").write_text("x", encoding="utf-8")
        raise EncoderError("no weights")

    with pytest.raises(EncoderError, match="no weights"):
        cached_folder("m", fill, cache_dir=tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
    assert is_intact(cached_folder("m", Filler(), cache_dir=tmp_path))


def test_two_processes_fill_a_folder_once(tmp_path):
    code = """
    import sys, time
    from pathlib import Path
    from originality.embed.cache import cached_folder, is_intact

    def fill(folder):
        (folder / "weights").write_bytes(b"w" * 100)
        time.sleep(0.5)
        with (Path(sys.argv[1]) / "calls").open("a") as calls:
            calls.write("x")

    print(is_intact(cached_folder("m", fill, cache_dir=Path(sys.argv[1]))))
    """
    with ThreadPoolExecutor(3) as pool:
        printed = list(pool.map(lambda _: run_python(code, tmp_path), range(3)))
    assert printed == ["True"] * 3
    assert (tmp_path / "calls").read_text() == "x"


def test_a_lock_that_is_never_released_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "LOCK_SECONDS", 0.2)
    with FileLock(tmp_path / "m.lock"), pytest.raises(EncoderError) as error:
        run_in_thread(lambda: cached_folder("m", Filler(), cache_dir=tmp_path))
    assert "locked by another process" in str(error.value)
    assert CACHE_VARIABLE in str(error.value)


def run_in_thread(work) -> None:
    """Run something in another thread, as another user of a lock; raise what it raises."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


def test_a_read_only_cache_serves_and_an_empty_one_says_what_to_set(public):
    fill = Filler()
    cached_folder("m", fill, cache_dir=public)
    with unwritable(public):
        assert is_intact(cached_folder("m", fill, cache_dir=public))
        with pytest.raises(EncoderError) as error:
            cached_folder("other", fill, cache_dir=public)
        with pytest.raises(EncoderError):
            cached_folder("m", fill, cache_dir=public / "below")
    assert fill.calls == 1
    assert "must be writable" in str(error.value)
    assert f"Set {CACHE_VARIABLE} to such a folder" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_full_disk_is_one_line_and_leaves_nothing_half_made(tmp_path):
    with full_disk(500), pytest.raises(EncoderError, match="must be writable, with about 300 MB free"):
        cached_folder("m", Filler(), cache_dir=tmp_path)
    assert not (tmp_path / "m").exists()
    assert is_intact(cached_folder("m", Filler(), cache_dir=tmp_path))


def test_the_manifest_lists_every_file_with_its_checksum(tmp_path):
    folder = cached_folder("m", Filler(), cache_dir=tmp_path)
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert sorted(files) == ["config.json", "weights/model.bin"]
    assert files["weights/model.bin"]["size"] == 1000
    assert len(files["config.json"]["sha256"]) == 64


def test_the_cache_is_where_the_argument_the_variable_or_the_platform_says(monkeypatch, tmp_path):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "named"))
    assert cache_root(tmp_path / "argument") == tmp_path / "argument"
    assert cache_root() == tmp_path / "named"
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg" / "originality"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_root() == tmp_path / ".cache" / "originality"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_root() == tmp_path / "Library" / "Caches" / "originality"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_root() == tmp_path / "local" / "originality"
