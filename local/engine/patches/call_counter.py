"""Counts AWS calls by service and operation, so that the benchmark can tell how many calls a job takes.

GET /_spillway/calls returns the counts since the start or the last POST /_spillway/calls/reset, and GET
/_spillway/calls/by-function those of each function, by its name; under an empty name are those of no function. It counts the calls over
HTTP, and the calls that AWS bills inside its own services: the receives and deletes of event sources, and the sends of the
front door. A request to the front door is counted in addition to its send, as Door.POST or Door.PUT, and a batch of
messages to a topic in addition to SNS.POST, as SNS.PublishBatch.
"""

import collections
import json
import re
import threading

from ministack import app as engine
from ministack.services import apigateway_v1 as gateway
from ministack.services import sns, sqs, sts

# by the function that calls
_counts: collections.defaultdict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
_lock = threading.Lock()


def _count(name: str, function: str = "") -> None:
    with _lock:
        _counts[function][name] += 1


def counting(app):
    """Wraps the engine's application with the counter."""
    _count_event_sources()
    _count_sends_of_the_door()
    _count_calls_to_topics()

    async def serve(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        if scope["path"].startswith("/_spillway/calls"):
            return await _answer(scope, send)
        _count(_operation(scope), _function(scope))
        return await app(scope, receive, send)

    return serve


def _function(scope) -> str:
    """The name of the function that signed a request; empty if it was none."""
    authorization = dict(scope["headers"]).get(b"authorization", b"").decode()
    signed = re.search(r"Credential=([^/]+)/", authorization)
    session = sts._sessions.get(signed[1]) if signed else None
    return session["UserId"].rpartition(":")[2] if session else ""


def _operation(scope) -> str:
    headers = dict(scope["headers"])
    target = headers.get(b"x-amz-target", b"").decode()
    if target:
        service, _, operation = target.rpartition(".")
        return f"{service.split('_')[0]}.{operation}"
    # services without operation headers are named by the scope of the request's signature
    signed = re.search(r"/([a-z0-9-]+)/aws4_request", headers.get(b"authorization", b"").decode())
    if signed:
        return f"{signed[1].upper()}.{scope['method']}"
    if engine._parse_execute_api_url(headers.get(b"host", b"").decode(), scope["path"]):
        return f"Door.{scope['method']}"
    return f"Other.{scope['method']}"


def _count_event_sources() -> None:
    receive = sqs._receive_messages_for_esm
    delete = sqs._delete_messages_for_esm

    def receive_and_count(*args):
        batch = receive(*args)
        # an empty poll is the poller's cost, not a job's
        if batch:
            _count("EventSource.ReceiveMessage")
        return batch

    def delete_and_count(*args):
        _count("EventSource.DeleteMessageBatch")
        return delete(*args)

    sqs._receive_messages_for_esm = receive_and_count
    sqs._delete_messages_for_esm = delete_and_count


def _count_sends_of_the_door() -> None:
    invoke = gateway._invoke_sqs_v1

    async def invoke_and_count(*args, **kwargs):
        _count("Door.SendMessage")
        return await invoke(*args, **kwargs)

    gateway._invoke_sqs_v1 = invoke_and_count


def _count_calls_to_topics() -> None:
    # the operation is in the body, which only the service reads
    _count_each(sns, "_publish_batch", "SNS.PublishBatch")
    _count_each(sns, "_get_topic_attributes", "SNS.GetTopicAttributes")


def _count_each(service, function: str, name: str) -> None:
    call = getattr(service, function)

    def call_and_count(*args):
        _count(name)
        return call(*args)

    setattr(service, function, call_and_count)


async def _answer(scope, send) -> None:
    with _lock:
        if scope["path"].endswith("/reset"):
            _counts.clear()
        answer = _counts if scope["path"].endswith("/by-function") else sum(_counts.values(), collections.Counter())
        body = json.dumps(answer, sort_keys=True).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
