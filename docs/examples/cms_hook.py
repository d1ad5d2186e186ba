"""A pre-publish hook of a content management system: asks the gate, and says whether the article may go out.

    python cms_hook.py < article.json

The CMS hands the article over as JSON on standard input: {"id", "body", "brand", "publish_at"}. The hook prints
{"publish": true|false, "message": "…"} for the editor. ORIGINALITY_URL names the service, ORIGINALITY_TOKEN its token.
Only the standard library is needed, so the file can be dropped into any CMS that runs Python.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

SECONDS = 20  # an editor waits no longer
WITHOUT_GATE = "查重服务暂时不可用（{why}），请稍后再发，或请主编人工放行。"


def ask_gate(article: dict[str, Any], url: str, token: str) -> dict[str, Any]:
    """Return the decision on an article.

    Raises:
        OSError: the service did not answer, or answered with a failure.
    """
    draft = {"text": article["body"], "id": str(article["id"]), "account": article.get("brand", "")}
    if article.get("publish_at"):
        draft["published_at"] = article["publish_at"]
    request = urllib.request.Request(
        f"{url}/gate",
        data=json.dumps(draft).encode(),
        headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        decision: dict[str, Any] = json.load(response)
    return decision


def answer(article: dict[str, Any], url: str, token: str) -> dict[str, Any]:
    """Return what the CMS shows. Without an answer nothing is published: a gate that opens when it breaks is none."""
    try:
        decision = ask_gate(article, url, token)
    except urllib.error.HTTPError as error:
        return {"publish": False, "message": WITHOUT_GATE.format(why=json.load(error)["error"])}
    except OSError as error:
        return {"publish": False, "message": WITHOUT_GATE.format(why=error)}
    return {"publish": decision["action"] != "block", "message": "\n".join(decision["reasons"]) or "可以发布。"}


def main() -> int:
    """Read an article, print the answer; exit 1 where it must not be published."""
    found = answer(
        json.load(sys.stdin),
        os.environ.get("ORIGINALITY_URL", "http://127.0.0.1:8502"),
        os.environ.get("ORIGINALITY_TOKEN", ""),
    )
    json.dump(found, sys.stdout, ensure_ascii=False)
    return 0 if found["publish"] else 1


if __name__ == "__main__":
    sys.exit(main())
