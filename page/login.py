"""Who may use the page: those whom the login admits, or, where none is configured, whoever sits at this machine."""

import streamlit as st

from originality.addresses import is_loopback
from page.visit import note, say
from page.words import word


def admit() -> str | None:
    """Return the visitor's name, "" where nobody logs in, None where the visitor may not come in."""
    if is_configured():
        if not st.user.get("is_logged_in"):
            say(word("login_first"))
            st.button(word("login"), type="primary", on_click=st.login)
            return None
        name = st.user.get("name") or st.user.get("email") or st.user.get("sub") or ""
        st.sidebar.button(word("logout", name=str(name).replace("*", "＊")), on_click=st.logout)
        return str(name)
    if not is_loopback(st.get_option("server.address")):
        say(word("no_login"), "originality app --address 127.0.0.1", word("no_login_detail"))
        return None
    with st.sidebar:
        note(word("only_here"))
    return ""


def is_configured() -> bool:
    """Say whether there is a login: `[auth]` in the secrets of Streamlit."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets
