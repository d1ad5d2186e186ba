"""The page that explains the service: made from its OpenAPI description, without a script or a foreign address."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f4f4f2;padding:1rem;overflow:auto;font-size:13px}h2 code{font-size:1.1em}"
)


def page(description: Mapping[str, Any]) -> str:
    """Return an OpenAPI description as HTML."""
    info = description["info"]
    title = f"{info['title']} {info['version']}"
    parts = [f"<h1>{html.escape(title)}</h1>", f"<p>{html.escape(info['description'])}</p>"]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(f"{method.upper()} {path}", operation))
    parts.append(_folded("Schemas", description.get("components", {})))
    parts.append('<p><a href="/openapi.json">openapi.json</a></p>')
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _operation(name: str, operation: Mapping[str, Any]) -> str:
    about = html.escape(operation.get("description", operation.get("summary", "")))
    parts = [f"<h2><code>{html.escape(name)}</code></h2>", f"<p>{about}</p>"]
    if parameters := operation.get("parameters"):
        parts.append(_folded("Parameters", parameters))
    if body := operation.get("requestBody"):
        parts.append(_folded("Body", body["content"]))
    for status, response in operation["responses"].items():
        about = f"{status} {response.get('description', '')}"
        parts.append(_folded(about, response.get("content", {})))
    return "".join(parts)


def _folded(title: str, content: Any) -> str:
    written = html.escape(json.dumps(content, ensure_ascii=False, indent=2))
    return f"<details><summary>{html.escape(title)}</summary><pre>{written}</pre></details>"
