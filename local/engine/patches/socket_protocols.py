"""A WebSocket is opened without a subprotocol, whatever the function behind `$connect` answers, which does not see the offered ones.

On AWS the function chooses one of those in the request's header `Sec-WebSocket-Protocol`, by the same header of its answer
(https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html). Browsers close a
connection for which none of those that they offered was chosen.
"""

import contextvars

from ministack.services import apigateway

HEADER = "sec-websocket-protocol"

_answer: contextvars.ContextVar = contextvars.ContextVar("answer")


def apply() -> None:
    handle = apigateway.handle_websocket
    invoke = apigateway._invoke_ws_lambda

    async def handle_websocket(scope, receive, send, api_id, path_override=None):
        answer: dict = {}
        _answer.set(answer)
        offered = ", ".join(scope.get("subprotocols") or [])
        if offered:
            # the server takes this header out of the others
            scope = {**scope, "headers": [*scope["headers"], (HEADER.encode(), offered.encode())]}

        async def send_with_protocol(message):
            if message["type"] == "websocket.accept" and answer.get("protocol"):
                message = {**message, "subprotocol": answer["protocol"]}
            await send(message)

        await handle(scope, receive, send_with_protocol, api_id, path_override=path_override)

    async def invoke_and_note(api_id, account_id, region, route, stage, connection_id, event_type, *rest, **more):
        response = await invoke(api_id, account_id, region, route, stage, connection_id, event_type, *rest, **more)
        if event_type == "CONNECT":
            headers = (response or {}).get("headers") or {}
            _answer.get({})["protocol"] = next((v for k, v in headers.items() if k.lower() == HEADER), None)
        return response

    apigateway.handle_websocket = handle_websocket
    apigateway._invoke_ws_lambda = invoke_and_note
