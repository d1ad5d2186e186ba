"""The official Open API: the commercial endpoints for the accounts of others, the free one for one's own.

Enters: an account and a token. Leaves: pages of its posts, long texts completed. The documented limits: 25 posts a page
(100 for one's own account), 50 ids in one call for long texts, 50,000 calls an hour for a commercial contract.
Paging as documented: `max_id` is the smallest id seen minus one, `since_id` the largest id known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from originality.accounts import Account
from originality.live.faults import BadReply, Fault, NotPermitted, NotThere, fault_of
from originality.live.http import Fetcher, Reply
from originality.live.page import Page, Statuses, id_of, is_deleted, long_text_of, wants_long_text
from originality.live.surroundings import Surroundings
from originality.live.token import Token

OTHERS = "/2/statuses/user_timeline/other.json"
OWN = "/2/statuses/user_timeline.json"
BATCH = "/2/statuses/show_batch/biz.json"
SEARCH = "/2/search/statuses/limited.json"

_PAGE = {OTHERS: 25, OWN: 100}
_IDS_PER_CALL = 50
_ACCOUNTS_PER_SEARCH = 50
_OF_SINGLE_POSTS = frozenset({20101, 20112})  # one of the posts asked for is gone or not public


class OpenApi:
    """Calls of the API, each one documented endpoint; what is no success is raised as the error that it stands for."""

    def __init__(self, fetcher: Fetcher, token: Token, around: Surroundings) -> None:
        self._fetcher = fetcher
        self._token = token
        self._around = around

    def timeline(self, path: str, uid: str, *, since_id: int = 0, max_id: str = "") -> list[dict[str, Any]]:
        """Return posts of an account, newest first, greater than `since_id` and not greater than `max_id`."""
        bounds = {"since_id": str(since_id) if since_id else "", "max_id": max_id}
        given = {"uid": uid, "count": str(_PAGE[path]), "feature": "0", "trim_user": "0", **bounds}
        return self._statuses(path, given)

    def whole_posts(self, ids: Iterable[int]) -> Iterator[dict[str, Any]]:
        """Yield posts by their ids with their long texts; those that are gone are missing or say so."""
        waiting = iter(ids)
        while group := list(islice(waiting, _IDS_PER_CALL)):
            try:
                yield from self._statuses(BATCH, {"ids": ",".join(map(str, group)), "isGetLongText": "1"})
            except (NotThere, NotPermitted) as fault:
                if fault.code not in _OF_SINGLE_POSTS:
                    raise

    def search(
        self, words: str, *, uids: Sequence[str] = (), since: datetime, until: datetime, page: int = 1
    ) -> list[dict[str, Any]]:
        """Return a page of posts that hold some words, newest first, of at most 50 accounts or of all."""
        if len(uids) > _ACCOUNTS_PER_SEARCH:
            raise ValueError(f"a search takes at most {_ACCOUNTS_PER_SEARCH} accounts, got {len(uids)}")
        span = {"starttime": str(int(since.timestamp())), "endtime": str(int(until.timestamp()))}
        return self._statuses(SEARCH, {"q": words, "ids": "~".join(uids), "sort": "time", "page": str(page), **span})

    def _statuses(self, path: str, parameters: dict[str, str]) -> list[dict[str, Any]]:
        given = {name: value for name, value in parameters.items() if value}
        return self._fetcher.get(path, given, self._read)

    def _read(self, reply: Reply) -> list[dict[str, Any]]:
        document = reply.document()
        if document and "error_code" in document:
            raise self._fault(document)
        reply.must_be_fine(self._around.now())
        statuses = document.get("statuses") if document else None
        if not isinstance(statuses, list) or not all(isinstance(status, dict) for status in statuses):
            raise BadReply(
                f"{reply.host} answered with something else than posts. Check the address in the settings; if it is "
                "right, the API has changed: report it."
            )
        return statuses

    def _fault(self, document: dict[str, Any]) -> Fault:
        code = str(document["error_code"])
        said = str(document.get("error_description") or document.get("error") or "no text")
        return fault_of(int(code) if code.isascii() and code.isdigit() else 0, self._token.redacted(said))


class ApiTimeline:
    """The posts of one account through the API."""

    def __init__(self, api: OpenApi, account: Account, seen_at: datetime) -> None:
        self._api = api
        self._account = account
        self._path = OWN if account.role == "own" else OTHERS
        self._statuses = Statuses(account, seen_at)

    def page(self, cursor: str, after: int) -> Page:
        """Return the page at a cursor, long texts completed where the contract gives them."""
        statuses = self._api.timeline(self._path, self._account.uid, since_id=after, max_id=cursor)
        if self._path == OTHERS:
            self._complete(statuses)
        return self._statuses.page(statuses, (), _next(statuses, cursor))

    def _complete(self, statuses: Sequence[dict[str, Any]]) -> None:
        cut = {id_of(status): status for status in statuses if wants_long_text(status)}
        for whole in self._api.whole_posts(cut):
            status = cut.get(id_of(whole))
            if status is not None and is_deleted(whole):
                status["deleted"] = "1"
            elif status is not None and long_text_of(whole):
                status["longText"] = whole["longText"]


def _next(statuses: Sequence[dict[str, Any]], cursor: str) -> str:
    if not statuses:
        return ""
    ids = [number for status in statuses if (number := id_of(status))]
    if not ids or (cursor and min(ids) > int(cursor)):
        raise BadReply("Weibo's pages do not move on: the same posts came again, or posts without ids. Report it.")
    return str(min(ids) - 1)
