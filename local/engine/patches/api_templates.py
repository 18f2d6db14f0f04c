"""Mapping templates support few variables and no directives, and cannot set the response's status or headers.

AWS renders Apache Velocity with `$input`, `$util` and `$context`, and applies `$context.responseOverride`
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
Gateway responses support only a few variables, too; on AWS they substitute every `$context` variable.
"""

import base64
import contextvars
import json
import re
import time
import urllib.parse

import airspeed
import defusedxml.ElementTree
from ministack.services import apigateway_v1 as gateway

# Shared by the templates of one request: the response template sees the context that the request template left.
_context: contextvars.ContextVar[dict] = contextvars.ContextVar("context")
_compiled: dict[str, airspeed.Template] = {}


class _Input:
    def __init__(self, body: str, parameters: dict):
        self.body = body
        self._parameters = parameters

    def path(self, expression: str):
        return gateway._vtl_json_path(self.body, expression)

    def json(self, expression: str) -> str:
        return json.dumps(self.path(expression), separators=(",", ":"), ensure_ascii=False)

    def params(self, name: str | None = None):
        if name is None:
            return _context.get()["parameters"]
        lowered = {key.lower(): value for key, value in self._parameters.items()}
        return self._parameters.get(name, lowered.get(name.lower(), ""))


class _Util:
    def urlEncode(self, text) -> str:
        return urllib.parse.quote_plus(str(text), safe="*").replace("~", "%7E")

    def urlDecode(self, text) -> str:
        return urllib.parse.unquote_plus(str(text))

    def base64Encode(self, text) -> str:
        return base64.b64encode(str(text).encode()).decode()

    def base64Decode(self, text) -> str:
        return base64.b64decode(str(text)).decode()

    def parseJson(self, text):
        return json.loads(str(text))

    def escapeJavaScript(self, text) -> str:
        return json.dumps(str(text), ensure_ascii=False)[1:-1].replace("'", "\\'").replace("/", "\\/")


def parameters() -> dict:
    """The request's parameters by name, where they are not passed on: those of the path count, then the query's."""
    request = _context.get({}).get("request", {})
    query = {k: v[0] if isinstance(v, (list, tuple)) else v for k, v in request.get("query_params", {}).items()}
    return {**request.get("headers", {}), **query, **request.get("path_params", {})}


def overridden(status: int, headers: dict, body: bytes) -> tuple[int, dict, bytes]:
    """A response with the status and the headers that its template has set."""
    override = _context.get({}).get("values", {}).get("responseOverride", {"header": {}})
    return int(override.get("status") or status), {**headers, **_texts(override["header"])}, body


def _texts(values: dict) -> dict:
    return {name: str(value) for name, value in values.items()}


def apply() -> None:
    # AWS runs Velocity 1.x, which allows a dash in a name: $context.responseOverride.header.Retry-After
    airspeed.SetDirective.PLACE = re.compile(r"\s*\$([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_-]*)*)", re.S + re.I)
    gateway._render_request_template_v1 = _render
    _give_context_to_requests()
    _apply_response_override()
    _complete_gateway_responses()


def _render(template: str, body: str, parameters: dict, context: dict | None = None) -> str:
    values = _context.get()["values"]
    values.update(context or {})
    compiled = _compiled.get(template) or _compiled.setdefault(template, airspeed.Template(template))
    return compiled.merge({"input": _Input(body, parameters), "util": _Util(), "context": values})


def _request_values(request: dict, method: str, path: str) -> dict:
    stage_name = request["stage_name"]
    return {
        "requestId": request["request_id"],
        "extendedRequestId": request["request_id"],
        "requestTimeEpoch": int(time.time() * 1000),
        # the path as it was sent; MiniStack has already decoded it
        "path": urllib.parse.quote(f"/{stage_name}{path}", safe="/:@!$&'()*+,;=~"),
        "stage": stage_name,
        "apiId": request["api_id"],
        "httpMethod": method,
        "protocol": "HTTP/1.1",
        "identity": {"sourceIp": "127.0.0.1", "userAgent": gateway._header_ci(request["headers"], "user-agent") or ""},
        "responseOverride": {"header": {}},
    }


def _give_context_to_requests() -> None:
    execute = gateway._execute_in_scope
    invoke = gateway._invoke_sqs_v1

    async def execute_with_context(request, api_id, stage_name, method, path, headers, body, query_params, *scope):
        _context.set({"values": _request_values(request, method, path), "parameters": {}, "request": request})
        return await execute(request, api_id, stage_name, method, path, headers, body, query_params, *scope)

    async def invoke_with_parameters(
        integration, api_id, stage_name, stage, resource, request_path, method, headers, body, query_params, path_params, **rest
    ):
        shared = _context.get()
        shared["values"]["resourcePath"] = resource["path"]
        single = {k: v[0] if isinstance(v, (list, tuple)) else v for k, v in (query_params or {}).items()}
        shared["parameters"] = {"header": dict(headers or {}), "querystring": single, "path": dict(path_params or {})}
        return await invoke(
            integration, api_id, stage_name, stage, resource, request_path, method, headers, body, query_params, path_params, **rest
        )

    gateway._execute_in_scope = execute_with_context
    gateway._invoke_sqs_v1 = invoke_with_parameters


def _apply_response_override() -> None:
    respond = gateway._service_integration_response

    def respond_with_override(integration, backend_status, backend_text, *rest):
        return overridden(*respond(integration, backend_status, _as_json(backend_text), *rest))

    gateway._service_integration_response = respond_with_override


def _as_json(answer: str) -> str:
    """API Gateway requests JSON from SQS, also for errors; MiniStack returns errors as XML."""
    if not answer.startswith("<?xml"):
        return answer
    error = defusedxml.ElementTree.fromstring(answer).find("{*}Error")
    if error is None:
        return answer
    return json.dumps({"Error": {name: error.findtext(f"{{*}}{name}") for name in ("Type", "Code", "Message")}})


def _complete_gateway_responses() -> None:
    respond = gateway._gateway_error_response
    value_of = gateway._gateway_request_value

    def respond_with_all_variables(error, request):
        values = dict(_context.get({"values": {}})["values"])
        validation = request.get("validation_error", "")
        status, headers, body = respond(error, request)
        text = body.decode()
        for name, value in _flat(values):
            text = re.sub(r"\$\{?context\." + re.escape(name) + r"\b\}?", lambda _: str(value), text)
        text = re.sub(r"\$\{?context\.error\.validationErrorString\b\}?", lambda _: _escaped(validation), text)
        return status, headers, text.encode()

    def value_or_context(source, request):
        found = value_of(source, request)
        if found is None and source.startswith("context."):
            return dict(_flat(_context.get({"values": {}})["values"])).get(source[len("context.") :])
        return found

    gateway._gateway_error_response = respond_with_all_variables
    gateway._gateway_request_value = value_or_context


def _escaped(text: str) -> str:
    """MiniStack inserts validationErrorString as it is; AWS escapes its quotes."""
    return json.dumps(text)[1:-1]


def _flat(values: dict, prefix: str = ""):
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
