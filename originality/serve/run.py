"""Start the service, and end it without cutting anybody off."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from originality.checker import Checker
from originality.errors import ServiceError
from originality.gate import AuditLog, Policy
from originality.serve.options import Options
from originality.settings import Settings

_PACKAGES = ("fastapi", "prometheus_client", "uvicorn")
_BACKLOG = 512  # connections that wait while all are busy; beyond it clients are refused


def serve(
    folder: Path | str,
    policies: Sequence[Policy],
    options: Options,
    *,
    log: AuditLog | None = None,
    settings: Settings | None = None,
    told: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; what was begun by then is answered first.

    Args:
        folder: the index.
        policies: of /gate and /batch, the first one the default.
        options: address, token, limits.
        log: where decisions are written down.
        settings: of the checker.
        told: called with "host:port" once connections are taken.

    Raises:
        ServiceError: a package is missing or the address cannot be had.
        OriginalityError: the index cannot be used.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise ServiceError(f"The service needs {', '.join(missing)}. Run: pip install 'originality[serve]'")
    import uvicorn

    from originality.serve.application import PATHS, make_application
    from originality.serve.crew import Crew, Threads
    from originality.serve.desk import Desk
    from originality.serve.guard import Guard
    from originality.serve.metrics import Metrics

    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    with ExitStack() as stack:
        if options.workers == 1:
            answering: Crew | Threads = Threads(stack.enter_context(Checker.open(folder, settings)))
        else:
            answering = stack.enter_context(Crew(folder, settings, options.workers))
        door = stack.enter_context(_listening(options))
        metrics = Metrics(PATHS)
        routes = make_application(Desk(answering, policies, log, metrics), metrics)
        fault = answering.warm()
        config = uvicorn.Config(
            Guard(routes, options, metrics),
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=options.stop_seconds,
        )
        signal.signal(signal.SIGTERM, _end)  # uvicorn raises it again once it has ended: then it is no failure
        host, port = door.getsockname()[:2]
        if fault:
            logging.getLogger(__name__).warning(fault)
        told(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        uvicorn.Server(config).run(sockets=[door])


def _listening(options: Options) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ServiceError(
            f"Cannot listen on {options.host}, port {options.port}: {error.strerror}. Choose another --port or --host."
        ) from error


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
