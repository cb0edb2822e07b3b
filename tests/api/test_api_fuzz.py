"""The API against its own OpenAPI document: no server error and no undocumented answer, whatever is sent (schemathesis)."""

import asyncio
from collections import Counter
from collections.abc import Callable

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from guichet.api import create_api
from guichet.api_tokens import create_token
from guichet.db import Database
from guichet.demo_data import load_demo
from tests.api.conftest import serve
from tests.api.test_api import services_of

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
"""Valid ones for each operation, and as many that break its document; the same ones each time."""


async def _prepare(url: str) -> str:
    """A demo shop, and a token for it."""
    db = Database(url)
    async with db.transaction() as session:
        await load_demo(session)
        token = await create_token(session, "fuzz")
    await db.close()
    return token


def test_no_server_error_and_no_undocumented_answer(database_url: str) -> None:
    token = asyncio.run(_prepare(database_url))
    answers: Counter[int] = Counter()

    def send(case: Case) -> None:
        response = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        answers[response.status_code] += 1

    with serve(create_api(services_of(Database(database_url)))) as service:
        document = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
        operations = [found.ok() for found in document.get_all_operations()]
        assert len(operations) == 8
        for operation in operations:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _try_all(operation.as_strategy(mode), send)
            for documented in operation.get_strategies_from_examples():
                _try_all(documented, send)
    assert answers.keys() >= {200, 201, 404, 422}


def _try_all(cases: SearchStrategy[Case], send: Callable[[Case], None]) -> None:
    """Send generated cases, without shrinking: the first failure says enough."""
    bounded = settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    bounded(given(cases)(send))()
