"""When a proxied function fails, the client gets its error, which contains the engine's paths.

On AWS a function that throws, crashes, times out, or answers anything but a proxy response leads to the gateway response
DEFAULT_5XX, whose status is 502 unless it is set
(https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
"""

from ministack.services import apigateway_v1 as gateway

STATUS = 502


class _FunctionFailed(Exception):
    """The function gave no proxy response."""


class _FailureResponse(gateway._GatewayError):
    """The gateway response for a function that failed."""


def apply() -> None:
    shape = gateway._lambda_proxy_response
    invoke = gateway._invoke_lambda_proxy_v1
    respond = gateway._gateway_error_response

    def shape_or_fail(result):
        if result.get("throttle") or result.get("error") or not _is_proxy_response(result.get("body")):
            raise _FunctionFailed
        return shape(result)

    async def invoke_or_fail(*args, **kwargs):
        try:
            return await invoke(*args, **kwargs)
        except _FunctionFailed:
            return _FailureResponse("DEFAULT_5XX", "Internal server error")

    def respond_with_status(error, request):
        status, headers, body = respond(error, request)
        failed = isinstance(error, _FailureResponse)
        return STATUS if failed and not _sets_status(request) else status, headers, body

    gateway._lambda_proxy_response = shape_or_fail
    gateway._invoke_lambda_proxy_v1 = invoke_or_fail
    gateway._gateway_error_response = respond_with_status


def _is_proxy_response(answer) -> bool:
    return isinstance(answer, dict) and isinstance(answer.get("statusCode"), int | str)


def _sets_status(request: dict) -> bool:
    deployed = gateway._deployed_gateway_responses.get(request["api_id"], {}).get(request["stage"].get("deploymentId")) or {}
    return bool(deployed.get("DEFAULT_5XX", {}).get("statusCode"))
