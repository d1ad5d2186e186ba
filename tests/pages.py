"""What the tests of the page share: small indexes, opening the page as a visitor, and reading what it draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from originality.build import build
from originality.embed import Encoder
from originality.index import open_index
from originality.models import Post
from tests.brand_posts import COPIED, FRESH, POSTS
from tests.fakes import FakeEncoder

_scan = manifest_scanner.scan_component_manifests
PAGE = Path(__file__).parents[1] / "app.py"
TWO = f"{FRESH}{COPIED.split('，水多')[0]}。"  # own words, then a lifted sentence
PATIENCE_S = 120  # on a machine that may be busy


def as_post(fields: dict[str, str]) -> Post:
    time = datetime.fromisoformat(fields["published_at"])
    url = fields.get("url", "")
    return Post(post_id=fields["post_id"], account=fields["account"], text=fields["text"], published_at=time, url=url)


def make_index(folder: Path, posts: Sequence[Post], encoder: Encoder | None = None, setting: str = "fake") -> Path:
    """Build an index, with the encoder of the tests unless another one is given."""
    encoder = encoder or FakeEncoder()
    with open_index(folder, encoder=setting, encoder_name=encoder.name) as index:
        build(posts, index, encoder)
    return folder


def own_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build the index of one test that changes it, and lead the page to it."""
    monkeypatch.setattr("originality.checker.load_encoder", lambda name: FakeEncoder())
    monkeypatch.setenv("ORIGINALITY_INDEX", str(folder / "index"))
    return make_index(folder / "index", [*map(as_post, POSTS)])


@cache
def _component_manifests() -> list[Any]:
    """Return what Streamlit finds by reading the metadata of all packages, two seconds for each new page."""
    return _scan()


def open_page(draft: str | None = None, **address: str) -> AppTest:
    """Open the page as a new visitor and, with a draft, check it; nothing may raise."""
    page = AppTest.from_file(str(PAGE), default_timeout=PATIENCE_S)
    for key, value in address.items():
        page.query_params[key] = value
    with patch.object(manifest_scanner, "scan_component_manifests", _component_manifests):
        page.run()
    if draft is not None:
        page.text_area(key="draft").set_value(draft)
        page = press(page, "检测", "Check")
    assert not page.exception
    return page


def press(page: AppTest, *labels: str) -> AppTest:
    """Press the button of a label; it may be said in either language."""
    button = next(each for each in page.button if each.label in labels)
    page = button.click().run()
    assert not page.exception
    return page


def upload(page: AppTest, key: str, *files: tuple[str, bytes]) -> AppTest:
    """Hand files in, each with its name, as one drop onto an upload."""
    for name, data in files:
        page.file_uploader(key=key).upload(name, data)
    page.run()
    assert not page.exception
    return page


def go(page: AppTest, tab: str) -> AppTest:
    """Change to a tab."""
    page.radio(key="tab").set_value(tab).run()
    assert not page.exception
    return page


def body(page: AppTest) -> str:
    """Return all HTML that the page draws itself, without its style sheet."""
    return "\n".join(part.body for part in page.main.html if "<style>" not in part.body)


def found(pattern: str, page: AppTest) -> str:
    match = re.search(pattern, body(page), re.DOTALL)
    assert match, f"nothing on the page matches {pattern}"
    return match[1]


def verdict(page: AppTest) -> str:
    return found(r"o-verdict[^>]*>.*?<h2>(.*?)</h2>", page)


def marked_words(html: str) -> str:
    return "".join(re.findall(r'<mark class="(?:exact|near|rewrite)">(.*?)</mark>', html))


def draft_sheet(page: AppTest) -> str:
    return found(r'<div class="o-sheet">(.*?)<div class="o-legend">', page)


def address(page: AppTest, name: str) -> str:
    value: Any = page.query_params.get(name, "")
    return value if isinstance(value, str) else "".join(value)


def decide(page: AppTest, choice: str, **fields: str) -> AppTest:
    """Fill in the form of 复核 and submit it."""
    page.radio(key="choice").set_value(choice)
    for key, value in fields.items():
        (page.text_area if key == "reason" else page.text_input)(key=key).set_value(value)
    return press(page, "提交意见")
