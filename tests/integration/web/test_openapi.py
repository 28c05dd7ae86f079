"""The description of the API: it is OpenAPI 3.1, and it is what the API does."""

import re

from aiohttp import web

from tests.integration.web.conftest import Json, Office

_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


async def description(office: Office) -> Json:
    async with office.http.get("/openapi.json") as answer:
        assert answer.content_type == "application/json"
        document: Json = await answer.json()
    return document


async def test_it_is_public_and_names_its_version(office: Office) -> None:
    document = await description(office)

    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Deskbridge"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", document["info"]["version"])


async def test_it_describes_exactly_what_is_served(office: Office) -> None:
    document = await description(office)
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    app = office.app.parts.server.application
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if isinstance(route.resource, web.Resource)
        and route.resource.canonical.startswith("/v1/")
        and route.method != "HEAD"
    }

    assert described == served


async def test_every_reference_leads_somewhere_and_every_schema_is_used(office: Office) -> None:
    async with office.http.get("/openapi.json") as answer:
        text = await answer.text()
    document = await description(office)

    assert set(_REFERENCE.findall(text.replace("\\", ""))) == set(document["components"]["schemas"])


async def test_operations_have_names_of_their_own_and_say_who_may(office: Office) -> None:
    operations = [
        operation
        for each in (await description(office))["paths"].values()
        for operation in each.values()
    ]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)
    assert all(
        re.search(r"scope `|command line", operation["description"]) for operation in operations
    )


async def test_bodies_take_no_unknown_field(office: Office) -> None:
    document = await description(office)
    bodies = {
        content["schema"]["$ref"].rsplit("/", 1)[1]
        for each in document["paths"].values()
        for operation in each.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }

    schemas = document["components"]["schemas"]
    assert len(bodies) > 5
    assert [name for name in bodies if schemas[name]["additionalProperties"] is not False] == []


async def test_an_answer_is_what_its_schema_says(office: Office) -> None:
    document = await description(office)
    api = await office.token("queues:read")

    answer = (await api("GET", "/v1/queues/support")).body

    schema = document["components"]["schemas"]["QueueShape"]
    assert set(answer) == set(schema["properties"]) == set(schema["required"])
