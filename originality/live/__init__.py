"""Accounts of the register -> index: what they posted since the last run.

    register ─ token ─▶ api | web ─ pages of posts ─▶ build ─▶ index, then state

* `run`       one run over all accounts: lock, log line, report
* `catch_up`  one account: pages, newest first, until nothing is missing; may be killed at any point
* `api`       the official Open API, commercial for others' accounts, free for one's own
* `web`       the public pages of m.weibo.cn: opt-in, slow, obedient, and at an end with the first refusal
* `http`      one request with bounds on time and size; nothing else here touches the network
* `state`     what is remembered between runs, `live.json`

The rules of good conduct and their reasons: docs/live.md.
"""

from __future__ import annotations

from originality.live.outcome import AccountUpdate, LiveReport
from originality.live.run import collect_live
from originality.live.surroundings import Surroundings

__all__ = ["AccountUpdate", "LiveReport", "Surroundings", "collect_live"]
