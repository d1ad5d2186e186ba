"""How the service runs, and what it refuses to run like."""

from __future__ import annotations

from dataclasses import dataclass, field

from originality.addresses import is_loopback
from originality.errors import ServiceError
from originality.workers import cores

TOKEN_VARIABLE = "ORIGINALITY_TOKEN"
MOST_WORKERS = 8  # unless told: each takes memory
SHORTEST_TOKEN = 16  # characters: a random one of that length is not guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All that can be set."""

    host: str = "127.0.0.1"
    port: int = 8502
    token: str = field(default="", repr=False)
    """What requests must carry as `Authorization: Bearer …`; "" asks for none."""
    rate: int = 1200
    """Requests a minute that one client may send, at most so many at once; 0 sets no limit. A check takes some 50 to
    250 ms of a core, so nobody is served faster anyway."""
    most_bytes: int = 256 * 2**10
    """Largest body of /check and /gate: the longest draft that is judged has 20,000 characters."""
    most_batch_bytes: int = 16 * 2**20
    """Largest body of /batch: some 50,000 posts."""
    most_waiting: int = 200
    """Requests that are answered or wait at once; further ones are told to come back."""
    body_seconds: float = 30.0
    """A body must have arrived by then: clients that drip hold a place."""
    workers: int = field(default_factory=lambda: min(cores(), MOST_WORKERS))
    """Processes that check. Each has the index open and the encoder in memory; with 1 the service checks in its own
    process. What it takes is in docs/gate.md."""
    stop_seconds: int = 30
    """What was begun when the service is told to stop may take so long."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, and to serve other machines without a token."""
        if self.workers < 1:
            raise ServiceError(f"workers must be at least 1, got {self.workers}. Leave it out for one per core.")
        if self.token and len(self.token) < SHORTEST_TOKEN:
            raise ServiceError(
                f"{TOKEN_VARIABLE} must have at least {SHORTEST_TOKEN} characters, has {len(self.token)}. Make one: "
                "python -c 'import secrets; print(secrets.token_urlsafe(24))'"
            )
        if self.token and not (self.token.isascii() and self.token.isprintable() and self.token.count(" ") == 0):
            raise ServiceError(f"{TOKEN_VARIABLE} must be letters, digits and signs without spaces. Make another one.")
        if not self.token and not self.is_local:
            raise ServiceError(
                f"Serving {self.host} lets other machines in, which needs a token. Set {TOKEN_VARIABLE}, or leave "
                "--host out."
            )

    @property
    def is_local(self) -> bool:
        """Say whether only this machine is served."""
        return is_loopback(self.host)
