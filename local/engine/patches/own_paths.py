"""Paths of the engine's own, at which tests ask it for something that only AWS itself would do, such as refusing a message."""

import json
import urllib.parse


def serving(app, prefix: str, answer):
    """Wraps the engine's application with the paths that begin with a prefix.

    `answer(method, rest, query)` is called with the rest of the path and its query. What it returns is sent as JSON.
    """

    async def serve(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(prefix):
            return await app(scope, receive, send)
        query = dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
        body = json.dumps(answer(scope["method"], scope["path"].removeprefix(prefix), query)).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return serve
