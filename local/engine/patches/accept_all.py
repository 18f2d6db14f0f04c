"""Accepts whatever is sent to /_spillway/accept/…, so that an example that calls somebody's address can succeed locally.

`spillway submit webhook-delivery` without an input sends the contract's example, whose address is on example.com; for the
local engine, the CLI replaces that host with this path.
"""

PREFIX = "/_spillway/accept/"


def accepting(app):
    """Wraps the engine's application with the path."""

    async def serve(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            return await app(scope, receive, send)
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return serve
