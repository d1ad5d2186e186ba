"""schemathesis reads the service's own description and tries what nobody would: no answer may be a 5xx."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from originality import Policy
from originality.serve.application import PATHS, make_application
from originality.serve.crew import Threads
from originality.serve.desk import Desk
from originality.serve.guard import Guard
from originality.serve.metrics import Metrics
from originality.serve.options import Options
from tests.gates import gatekeeper
from tests.services import TOKEN

schemathesis.serializer("application/x-ndjson")(lambda context, value: str(value).encode("utf-8", "replace"))
OPERATIONS = ("POST /check", "POST /gate", "POST /batch", "GET /healthz", "GET /metrics")
VALID, BROKEN = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
CASES = 25  # of each operation and mode: some ten seconds in all


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    with gatekeeper(tmp_path_factory.mktemp("index")) as checker:
        metrics = Metrics(PATHS)
        routes = make_application(Desk(Threads(checker), [Policy()], None, metrics), metrics)
        guard = Guard(routes, Options(rate=0, token=TOKEN), metrics)
        schema = schemathesis.openapi.from_asgi("/openapi.json", guard)
        found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
        yield {f"{operation.method.upper()} {operation.path}": operation for operation in found}


def test_the_description_names_every_operation(described):
    assert set(described) == set(OPERATIONS)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, mode) for name in OPERATIONS for mode in (VALID, BROKEN) if name.startswith("POST") or mode == VALID],
)
def test_nothing_that_can_be_asked_makes_it_fail(described, name, mode):
    seen = set()

    @settings(max_examples=CASES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=described[name].as_strategy(generation_mode=mode))
    def ask(case):
        response = case.call(headers={"authorization": f"Bearer {TOKEN}"})
        seen.add(response.status_code)
        assert response.status_code < 500, case.as_curl_command()
        if response.status_code >= 400:
            assert list(response.json()) == ["error"]

    ask()
    assert seen & ({200} if mode == VALID else {200, 400, 401, 422})
