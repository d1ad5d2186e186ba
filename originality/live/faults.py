"""Why Weibo gave no posts, as one tree of errors, and what each documented error code means.

LiveError
├── TokenFault        the token is missing, malformed, expired or of another application
├── NotPermitted      the token may not do this, or the account may not be read
├── QuotaSpent        the calls of this hour or day are used up; `wait` says for how long, where that is known
├── NotThere          no such account or post
├── RequestFault      Weibo does not understand the request: an error of ours, or an API that has changed
├── Unreachable       no whole answer came, after several attempts; tried again by the next run
├── BadReply          an answer came that is none of the documented ones
├── Refused           the public web turned us away; not asked again for a long time
└── Busy              another run is at work on this index
"""

from __future__ import annotations

from originality.errors import LiveError


class Fault(LiveError):
    """Any of the reasons below; `code` is Weibo's own number, 0 where it gave none."""

    def __init__(self, message: str, *, code: int = 0, wait: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.wait = wait


class TokenFault(Fault):
    """The token is missing, malformed, expired or of another application."""


class NotPermitted(Fault):
    """The token may not do this, or the account may not be read."""


class QuotaSpent(Fault):
    """The calls of this hour or day are used up."""


class NotThere(Fault):
    """No such account or post."""


class RequestFault(Fault):
    """Weibo does not understand the request."""


class Unreachable(Fault):
    """No whole answer came."""


class BadReply(Fault):
    """An answer came that is none of the documented ones."""


class Refused(Fault):
    """The public web turned us away."""


class Busy(Fault):
    """Another run is at work on this index."""


_NEW_TOKEN = "Authorise the application again and set the new token."
_CONTRACT = "Ask Weibo's sales for this permission, or set the account to another way of updating."
_LATER = "Run the same command again later; what came so far is in the index."
_REPORT = "Report it with this line."

CODES: dict[int, tuple[type[Fault], str, str]] = {
    10001: (Unreachable, "Weibo has an internal error", _LATER),
    10002: (Unreachable, "Weibo's service is unavailable", _LATER),
    10003: (Unreachable, "Weibo has an internal error", _LATER),
    10004: (QuotaSpent, "this machine's address has reached its limit of calls", _LATER),
    10005: (NotPermitted, "the application may not use this API", _CONTRACT),
    10006: (TokenFault, "the request named no application", _NEW_TOKEN),
    10008: (RequestFault, "a parameter is wrong", _REPORT),
    10009: (Unreachable, "Weibo has too many tasks at the moment", _LATER),
    10010: (Unreachable, "Weibo did not finish in time", _LATER),
    10011: (Unreachable, "Weibo has an internal error", _LATER),
    10012: (RequestFault, "the request is not allowed", _REPORT),
    10013: (TokenFault, "the token belongs to no valid user", _NEW_TOKEN),
    10014: (NotPermitted, "the application has not been granted this API", _CONTRACT),
    10016: (RequestFault, "a parameter is missing", _REPORT),
    10017: (RequestFault, "a parameter has a wrong value", _REPORT),
    10020: (RequestFault, "there is no such API", _REPORT),
    10021: (RequestFault, "the API does not take this kind of request", _REPORT),
    10022: (QuotaSpent, "this machine's address has made too many calls this hour", _LATER),
    10023: (QuotaSpent, "this user has made too many calls", _LATER),
    10024: (QuotaSpent, "this user has made too many calls to this API", _LATER),
    20003: (NotThere, "there is no such account", "Check its uid: originality accounts list"),
    20101: (NotThere, "there is no such post", "It has been deleted."),
    20112: (NotPermitted, "the post is not public", "It is left out."),
    20502: (TokenFault, "the token was not accepted", _NEW_TOKEN),
    21301: (TokenFault, "the token was not accepted", _NEW_TOKEN),
    21314: (TokenFault, "the token has been used up", _NEW_TOKEN),
    21315: (TokenFault, "the token has expired", _NEW_TOKEN),
    21316: (TokenFault, "the token has been revoked", _NEW_TOKEN),
    21317: (TokenFault, "the token was rejected", _NEW_TOKEN),
    21319: (TokenFault, "the user has withdrawn the authorisation", _NEW_TOKEN),
    21322: (TokenFault, "the redirect address is not the registered one", "Mend it in the application's settings."),
    21325: (TokenFault, "the authorisation has expired or is of another application", _NEW_TOKEN),
    21327: (TokenFault, "the token has expired", _NEW_TOKEN),
    21329: (TokenFault, "the kind of authorisation is not supported", _NEW_TOKEN),
    21332: (TokenFault, "the token is invalid", _NEW_TOKEN),
    21335: (
        NotPermitted,
        "the free API gives only the posts of the account that authorised the token",
        "Authorise with this account itself. The accounts of others need the commercial API: add them as competitors.",
    ),
}


def fault_of(code: int, said: str) -> Fault:
    """Return the error that a code of Weibo's stands for.

    Args:
        code: `error_code` of the reply.
        said: its text, without anything secret.
    """
    seen = " ".join(said.split())[:200]
    if code not in CODES:
        return BadReply(f"Weibo answered with error {code} ({seen}), which is not documented. {_REPORT}", code=code)
    kind, what, advice = CODES[code]
    return kind(f"Weibo answered with error {code}: {what} ({seen}). {advice}", code=code)
