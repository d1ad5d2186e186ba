"""What the service answers: five routes over one desk, and every failure as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from originality import __version__
from originality.errors import OriginalityError, PolicyError
from originality.gate.schema import check_result, gate_decision
from originality.serve.bodies import DraftBody, GateBody, complaint, in_one_line
from originality.serve.desk import Desk
from originality.serve.guard import KNOWN
from originality.serve.metrics import Metrics
from originality.serve.page import POLICY, page

PATHS = frozenset({"/check", "/gate", "/batch", "/healthz", "/metrics", "/docs", "/openapi.json"})
LINES = "application/x-ndjson"
_ABOUT = (
    "Tells whether a draft copies or closely imitates earlier posts, and whether a brand's policy lets it pass. "
    'Failures are {"error": "one line"}. A verdict is advice with its evidence.'
)
_ERROR = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
_FAILURES = {
    400: "The request cannot be read",
    401: "A token is needed",
    408: "The body took too long",
    413: "The body is too large",
    415: "The body is of another type",
    421: "Not asked as localhost",
    422: "A field is wrong, or the policy is not known",
    429: "Too many requests",
    503: "The index cannot be used, or too many requests wait",
}
_BATCH_BODY = {
    "required": True,
    "description": "One draft a line: text, and if wanted id, account, published_at, policy.",
    "content": {LINES: {"schema": {"type": "string"}}},
}


class Json(JSONResponse):
    """JSON of any text: a lone surrogate, which UTF-8 does not have, leaves as its escape."""

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return encoded(content)


def encoded(content: Any) -> bytes:
    """Return a value as JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")


def make_application(desk: Desk, metrics: Metrics) -> FastAPI:
    """Return the routes over a desk."""
    application = FastAPI(
        title="originality",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(HTTPBearer(auto_error=False, description="Needed where the service has a token."))],
        responses={status: _response(what, _ERROR) for status, what in _FAILURES.items()},
    )
    _add_answers(application, desk)
    _add_facts(application, desk, metrics)
    application.add_exception_handler(RequestValidationError, _malformed)
    application.add_exception_handler(HTTPException, _no_such)
    application.add_exception_handler(OriginalityError, _unable)
    return application


def _add_answers(application: FastAPI, desk: Desk) -> None:
    @application.post("/check", responses={200: _response("CheckResult", check_result())})
    async def check(body: DraftBody) -> Json:
        """Check one draft: verdict, risk, sources and spans."""
        return Json(await desk.check(body.draft()))

    @application.post("/gate", responses={200: _response("GateDecision", gate_decision())})
    async def gate(body: GateBody) -> Json:
        """Decide on one draft: pass, warn or block, with reasons and the whole check."""
        return Json(await desk.gate(body.draft(), desk.policy(body.policy)))

    @application.post(
        "/batch",
        openapi_extra={"requestBody": _BATCH_BODY},
        response_class=StreamingResponse,
        responses={
            200: {"description": "One answer a line, in order", "content": {LINES: {"schema": {"type": "string"}}}}
        },
    )
    async def batch(request: Request, answer: Literal["check", "gate"] = "gate") -> StreamingResponse:
        """Answer JSON Lines, one line each, as they are done; a line that is wrong gets {"line": n, "error": "…"}."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != LINES:
            # A page in somebody's browser may send plain text to this machine unasked, but not this.
            raise HTTPException(415, f"The body must be JSON Lines, content-type {LINES}")
        if answer == "gate":
            desk.policy("")
        return StreamingResponse(_lines(desk, await request.body(), answer), media_type=LINES)


def _add_facts(application: FastAPI, desk: Desk, metrics: Metrics) -> None:
    @application.get("/healthz", responses={200: {"description": "The index answers"}})
    async def healthz(request: Request) -> Json:
        """Say whether drafts can be checked; without the token no more than that."""
        if request.scope.get(KNOWN):
            return Json(await desk.health())
        try:
            return Json({"status": (await desk.health())["status"]})
        except OriginalityError:
            return _failure(503, "Drafts cannot be checked. With the token the answer says why.")

    @application.get("/metrics", response_class=Response, responses={200: {"description": "Prometheus text"}})
    async def figures() -> Response:
        """Counts and times for Prometheus."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @application.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(application.openapi()), headers={"content-security-policy": POLICY})


async def _lines(desk: Desk, body: bytes, wanted: str) -> AsyncIterator[bytes]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            yield encoded(await _line(desk, line, number, wanted)) + b"\n"


async def _line(desk: Desk, line: bytes, number: int, wanted: str) -> dict[str, Any]:
    try:
        asked = GateBody.model_validate_json(line)
        if not asked.id:
            asked.id = str(number)
        if wanted == "check":
            return await desk.check(asked.draft())
        return await desk.gate(asked.draft(), desk.policy(asked.policy))
    except ValidationError as error:
        return {"line": number, "error": complaint(error)}
    except OriginalityError as error:
        return {"line": number, "error": str(error)}


def _malformed(request: Request, error: Exception) -> Json:
    assert isinstance(error, RequestValidationError)
    return _failure(422, in_one_line([(each["loc"], each["msg"]) for each in error.errors()]))


def _no_such(request: Request, error: Exception) -> Json:
    assert isinstance(error, HTTPException)
    return _failure(error.status_code, f"{error.detail}. See /docs.", dict(error.headers or {}))


def _unable(request: Request, error: Exception) -> Json:
    return _failure(422 if isinstance(error, PolicyError) else 503, str(error))


def _failure(status: int, why: str, headers: dict[str, str] | None = None) -> Json:
    return Json({"error": why}, status, headers)


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
