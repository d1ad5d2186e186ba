"""A message to a Feishu or WeCom group for every draft that was blocked or needs a look.

    originality gate --batch drafts.jsonl --policy brand.toml | python bot_message.py

BOT_URL is the webhook of the group's bot; its host tells which of the two it is, BOT_KIND=feishu|wecom says so for
others. BOT_SECRET is the signing secret of a Feishu bot, where one is set. Whatever a draft or a post contains arrives
as plain text: no mention, no link and no markup of it is obeyed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.request
from typing import Any

MOST_BYTES = 2_000  # WeCom takes 2,048 bytes of text, Feishu more
ACTIONS = {"warn": "提醒", "block": "拦截"}
SECONDS = 10
NOT_A_MENTION = "\u200b"  # between "@" or "<" and what follows, so that neither bot reads a mention or a tag


def text_of(decision: dict[str, Any]) -> str:
    """Return the message on a decision, short enough for both bots."""
    result = decision["result"]
    lines = [f"【{ACTIONS[decision['action']]}】文案 {result['id'] or '（无编号）'}", *decision["reasons"]]
    if result["matches"]:
        best = result["matches"][0]
        lines.append(f"来源：{best['account']} {best['url']}\n{best['text'][:120]}")
    text = "\n".join(lines).replace("@", f"@{NOT_A_MENTION}").replace("<", f"<{NOT_A_MENTION}")
    return text.encode("utf-8", "replace")[:MOST_BYTES].decode("utf-8", "ignore")


def payload(kind: str, text: str, secret: str = "", now: float | None = None) -> dict[str, Any]:
    """Return what the webhook of a bot expects."""
    if kind == "wecom":
        return {"msgtype": "text", "text": {"content": text}}
    message: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(time.time() if now is None else now))
        signature = hmac.new(f"{stamp}\n{secret}".encode(), digestmod=hashlib.sha256).digest()
        message |= {"timestamp": stamp, "sign": base64.b64encode(signature).decode()}
    return message


def post(url: str, message: dict[str, Any]) -> None:
    """Send a message.

    Raises:
        OSError: the bot did not take it; Feishu and WeCom say so in a reply with status 200.
    """
    request = urllib.request.Request(
        url, data=json.dumps(message).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        reply = json.load(response)
    if reply.get("code", reply.get("errcode", 0)):
        raise OSError(f"The bot refused the message: {reply}")


def main() -> int:
    """Send a message for each decision on standard input that is not a pass."""
    url = os.environ["BOT_URL"]
    kind = os.environ.get("BOT_KIND") or ("wecom" if "qyapi.weixin" in url else "feishu")
    sent = 0
    for line in sys.stdin:
        decision = json.loads(line)
        if decision["action"] in ACTIONS:
            post(url, payload(kind, text_of(decision), os.environ.get("BOT_SECRET", "")))
            sent += 1
    print(f"{sent} 条消息已发送")
    return 0


if __name__ == "__main__":
    sys.exit(main())
