"""Settings: defaults that hold, files that are read, mistakes that are named."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from originality import errors, sketch
from originality.errors import OriginalityError, SettingsError
from originality.settings import Settings, stamp


def test_a_file_sets_what_it_names_and_leaves_the_rest(tmp_path):
    path = tmp_path / "originality.toml"
    path.write_text('encoder = "fast"\nmax_matches = 5\nalarm = 0.7\nlanguage = "en"\n', encoding="utf-8")
    settings = Settings.load(path)
    assert settings == dataclasses.replace(Settings(), encoder="fast", max_matches=5, alarm=0.7, language="en")


def test_an_empty_file_is_the_defaults(tmp_path):
    (tmp_path / "empty.toml").touch()
    assert Settings.load(tmp_path / "empty.toml") == Settings()


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ({"df_kap": 5}, "unknown setting 'df_kap'. Known: alarm, alarms_per_100, candidates, df_cap"),
        ({"df_cap": "many"}, "df_cap must be int, got 'many'"),
        ({"df_cap": True}, "df_cap must be int, got True"),
        ({"df_cap": 2.5}, "df_cap must be int, got 2.5"),
        ({"encoder": 1}, "encoder must be str, got 1"),
        ({"alarm": "high"}, "alarm must be float | None, got 'high'"),
        ({"df_cap": 0}, "df_cap must be at least 1, got 0"),
        ({"alarm": 1}, "alarm must lie between 0 and 1, got 1"),
        ({"alarm": 0}, "alarm must lie between 0 and 1, got 0"),
        ({"alarm": float("nan")}, "alarm must lie between 0 and 1, got nan"),
        ({"language": "fr"}, 'language must be "zh" or "en", got \'fr\''),
        ({"encoder": ""}, "encoder must name a model, got ''"),
        ({"min_letters": 0}, "min_letters must be between 1 and 100, got 0"),
        ({"max_draft_chars": 10}, "max_draft_chars must be 100 to 1000000, got 10"),
        ({"candidates": 201}, "candidates must be between 1 and 200, got 201"),
        ({"max_matches": 11}, "max_matches must be between 1 and 10, got 11"),
    ],
)
def test_a_mistake_is_named_in_one_line(values, seen):
    with pytest.raises(SettingsError) as error:
        Settings.of(values)
    assert seen in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"encoder = ", b"\xff\xfe", b"[a", b'encoder = "a"\nencoder = "b"'])
def test_a_file_that_is_no_toml_is_named_in_one_line(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as error:
        Settings.load(path)
    assert f"{path} is not valid TOML" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("path", [Path("no/such/file.toml"), Path()])
def test_a_file_that_cannot_be_read_is_named(path):
    with pytest.raises(SettingsError, match="Cannot read the settings file"):
        Settings.load(path)


def test_a_mistake_in_a_file_names_the_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("colour = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"mine\.toml: unknown setting 'colour'"):
        Settings.load(path)


def test_settings_cannot_be_changed_by_accident():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().df_cap = 1  # type: ignore[misc]


def test_the_stamp_changes_with_what_changes_the_content(monkeypatch):
    assert stamp("a@1") == "v2;fp5w4;mh3x128-affine32-s1;a@1"
    assert stamp("a@1") != stamp("a@2")
    before = stamp("a@1")
    monkeypatch.setattr(sketch, "WINDOW", 5)
    assert stamp("a@1") != before


def test_all_errors_are_one_family_with_a_reason_each():
    family = [value for value in vars(errors).values() if isinstance(value, type)]
    assert len(family) == 14
    assert all(issubclass(error, OriginalityError) and error.__doc__ for error in family)
    assert issubclass(errors.StampError, errors.IndexFault)
