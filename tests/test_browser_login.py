"""The login with a real OpenID Connect provider on this machine, in a real browser, through Streamlit's own code."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from originality.decisions import DecisionFile
from originality.embed import load_encoder
from originality.embed.cache import CACHE_VARIABLE, cache_root
from tests.brand_posts import COPIED, POSTS
from tests.browsing import PATIENCE_MS, QUIET, await_verdict, check, free_port, go, picture, served
from tests.identity import CLIENT, SECRET, Provider, identity_provider
from tests.pages import as_post, make_index

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
for library in ("authlib", "joserfc"):
    pytest.importorskip(library, reason=f"{library} is not installed: pip install 'originality[login]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: chromium is not on the PATH"),
]
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "nur-zum-testen-0123456789-0123456789"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{address}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("login") / "index"
    return make_index(folder, [*map(as_post, POSTS)], load_encoder("fast"), "fast")


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with identity_provider() as running:
        yield running


@pytest.fixture(scope="module")
def address(index: Path, provider: Provider) -> Iterator[str]:
    port, home = free_port(), index.parent / "home"
    (home / ".streamlit").mkdir(parents=True)
    text = SECRETS.format(port=port, client=CLIENT, secret=SECRET, address=provider.address)
    (home / ".streamlit" / "secrets.toml").write_text(text, "utf-8")
    variables = {"HOME": str(home), CACHE_VARIABLE: str(cache_root())}
    with served(index, port, watched=False, **variables) as where:  # streamlit logs a refused token with its traceback
        yield where


@pytest.fixture
def page(address: str, provider: Provider) -> Iterator[Any]:
    """Open the page as a stranger."""
    provider.forged = provider.stale = False
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        window = chromium.new_page(viewport={"width": 1280, "height": 900})
        window.set_default_timeout(PATIENCE_MS)
        window.goto(address)
        window.get_by_role("button", name="登录").wait_for()
        yield window
        chromium.close()


def ask_to_come_in(page: Any, answer: str = "以小满登录") -> None:
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name=answer).click()


def test_whoever_logs_in_decides_under_the_name_of_the_login_and_leaves_again(page, provider, index):
    assert page.get_by_label("草稿", exact=True).count() == 0
    ask_to_come_in(page)
    page.get_by_role("button", name="小满 ＊＊x＊＊ · 退出").wait_for()
    check(page, COPIED)
    await_verdict(page, "抄袭")
    go(page, "review")
    name = page.get_by_label("你的名字")
    name.wait_for()
    assert name.input_value() == "小满 **x**"
    assert name.is_disabled()
    picture(page, "login-review-1280")
    page.get_by_role("button", name="提交意见").click()
    page.get_by_text("意见已保存").wait_for()
    (decision,), _ = DecisionFile(index).read()
    assert decision.who == "小满 **x**"

    page.reload()
    page.get_by_role("button", name="小满 ＊＊x＊＊ · 退出").click()
    page.get_by_role("button", name="登录").wait_for()
    assert provider.ended == 1, "the provider was told too"
    assert page.get_by_label("草稿", exact=True).count() == 0


def test_whoever_says_no_stays_outside(page):
    ask_to_come_in(page, "取消")
    page.get_by_role("button", name="登录").wait_for()
    assert page.get_by_label("草稿", exact=True).count() == 0


@pytest.mark.parametrize("fault", ["forged", "stale"])
def test_a_token_that_is_not_the_providers_or_not_of_this_login_admits_nobody(page, provider, fault):
    setattr(provider, fault, True)
    ask_to_come_in(page)
    page.get_by_role("button", name="登录").wait_for()
    assert page.get_by_label("草稿", exact=True).count() == 0


def test_a_cookie_of_ones_own_making_admits_nobody(page, address):
    for value in ("forged", "2|1:0|10:1700000000|15:_streamlit_user|4:e30=|00"):
        page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": address}])
        page.goto(address)
        page.get_by_role("button", name="登录").wait_for()
        assert page.get_by_label("草稿", exact=True).count() == 0
