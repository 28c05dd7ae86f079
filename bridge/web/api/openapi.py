"""Describes the API as OpenAPI 3.1, from the routes themselves."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bridge.ports.http import Operation
from bridge.web.api.fields import Nothing, Shape
from bridge.web.api.route import AnyRoute, Route

Json: TypeAlias = dict[str, Any]  # a JSON document is written, never read, here

_REF = "#/components/schemas/{model}"
_REFUSALS = {
    "400": "Bad request",
    "401": "No token, or one that is not known",
    "403": "The token may not do this",
    "404": "No such thing",
    "409": "Refused, with the reason",
    "413": "Too large",
    "415": "Not application/json",
    "422": "A field is wrong or unknown",
    "503": "Cannot store now; try again",
}


class ErrorBody(Shape):
    """Why; `code` is for programs, `message` for people."""

    code: str
    message: str


class ErrorShape(Shape):
    """Every refusal."""

    error: ErrorBody


def describe(routes: Iterable[AnyRoute], version: str, declared: Iterable[Operation] = ()) -> Json:
    """The whole document; `declared` are the operations that adapters serve."""
    routes = [*routes, *map(_as_route, declared)]
    models = _models(routes)
    references, definitions = models_json_schema(models, ref_template=_REF)
    schemas = {
        model: value for (model, _mode), value in references.items() if issubclass(model, BaseModel)
    }
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Deskbridge",
            "version": version,
            "description": "Read and run a desk. Times are RFC 3339, ids are text.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "deskbridge tokens create NAME --scope conversations:read",
                }
            },
        },
    }


def _as_route(operation: Operation) -> AnyRoute:
    async def handler(_call: object) -> None:
        """Served by an adapter."""

    handler.__doc__ = operation.summary
    return Route(
        method=operation.method,
        path=operation.path,
        scope=None,
        handler=handler,
        body=operation.body,
        query=Nothing,
        answer=operation.answer,
        who=operation.who,
    )


def _models(
    routes: list[AnyRoute],
) -> list[tuple[type[BaseModel], Any]]:  # pydantic's JsonSchemaMode
    bodies = {route.body for route in routes if route.body is not Nothing}
    answers = {route.answer for route in routes if route.answer is not None} | {ErrorShape}
    ordered = sorted(bodies, key=lambda model: model.__name__)
    shown = sorted(answers, key=lambda model: model.__name__)
    return [
        *((model, "validation") for model in ordered),
        *((model, "serialization") for model in shown),
    ]


def _operation(route: AnyRoute, schemas: dict[type[BaseModel], Json]) -> Json:
    answers: Json = {str(route.status): {"description": HTTPStatus(route.status).phrase}}
    if route.answer is not None:
        answers[str(route.status)]["content"] = _content(schemas[route.answer])
    for status, description in _REFUSALS.items():
        answers[status] = {"description": description, "content": _content(schemas[ErrorShape])}
    operation: Json = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "description": route.who or _who(route),
        "tags": [route.path.split("/")[2]],
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": answers,
    }
    if route.body is not Nothing:
        operation["requestBody"] = {"required": True, "content": _content(schemas[route.body])}
    if route.method != "GET" and not route.who:
        operation["parameters"].append(_IDEMPOTENCY | {"required": route.keyed})
    return operation


_IDEMPOTENCY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key acts once",
    "schema": {"type": "string", "maxLength": 100},
}


def _who(route: AnyRoute) -> str:
    if route.scope is None:
        return "For the command line of the desk's machine only."
    return f"Needs the scope `{route.scope}`."


def _operation_id(route: AnyRoute) -> str:
    words = [part.strip("{}") for part in route.path.split("/")[2:]]
    return "_".join((route.method.lower(), *words))


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _path_parameters(route: AnyRoute) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 1}
            if name == "number"
            else {"type": "string", "maxLength": 100},
        }
        for name in route.parameters
    ]


def _query_parameters(route: AnyRoute) -> list[Json]:
    schema = route.query.model_json_schema()
    defs = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": _inline(field, defs)}
        for name, field in schema.get("properties", {}).items()
    ]


def _inline(schema: object, defs: Json) -> object:
    if isinstance(schema, list):
        return [_inline(each, defs) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inline(defs[schema["$ref"].rsplit("/", 1)[1]], defs)
    return {key: _inline(value, defs) for key, value in schema.items() if key != "title"}
