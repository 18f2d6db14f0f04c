"""Records what AWS bills by its size, so that the benchmark can price it: each write of an item, and what each invocation logs.

POST /_spillway/recording starts, and POST /_spillway/recording/stop ends it and returns what happened in between:

- `writes`: the table, the item before and after the write (null if there is none), and whether it was part of a transaction
- `invocations`: the function and its log lines
"""

import contextvars
import copy
import json

from ministack.services import dynamodb, lambda_svc

# None while nothing is recorded: the images of all writes would fill the memory
_recording: dict[str, list] | None = None
_in_transaction = contextvars.ContextVar("in_transaction", default=False)


def recording(app):
    """Wraps the engine's application with the recorder."""
    _record_writes()
    _record_invocations()

    async def serve(scope, receive, send):
        if scope["type"] == "http" and scope["path"].startswith("/_spillway/recording"):
            return await _answer(scope, send)
        return await app(scope, receive, send)

    return serve


def _record_writes() -> None:
    emit = dynamodb._emit_stream_event
    transact = dynamodb._transact_write_items

    # the engine calls it for every write, whether the table has a stream or not
    def record_and_emit(table, event, before, after, *args, **kwargs):
        if _recording is not None:
            write = {"table": table, "before": before, "after": after, "transaction": _in_transaction.get()}
            _recording["writes"].append(copy.deepcopy(write))
        return emit(table, event, before, after, *args, **kwargs)

    def transact_marked(data):
        mark = _in_transaction.set(True)
        try:
            return transact(data)
        finally:
            _in_transaction.reset(mark)

    dynamodb._emit_stream_event = record_and_emit
    dynamodb._transact_write_items = transact_marked


def _record_invocations() -> None:
    emit = lambda_svc._emit_lambda_logs

    def record_and_emit(function, request_id, log, *args, **kwargs):
        if _recording is not None:
            name = (function.get("config") or function)["FunctionName"]
            _recording["invocations"].append({"function": name, "lines": log.splitlines()})
        return emit(function, request_id, log, *args, **kwargs)

    lambda_svc._emit_lambda_logs = record_and_emit


async def _answer(scope, send) -> None:
    global _recording
    recorded = _recording or {"writes": [], "invocations": []}
    stops = scope["path"].endswith("/stop")
    _recording = None if stops else {"writes": [], "invocations": []}
    body = json.dumps(recorded).encode() if stops else b"{}"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
