"""An API's stage is not served at `/<stage>` of its host, so a path in a response, such as a Location, leads nowhere.

AWS gives each API its own host, and paths begin with the stage
(https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html). The engine serves all APIs on
one host. With this patch, a path that begins with the name of a deployed stage leads to that stage's API: a WebSocket to
its WebSocket API, `@connections` to the API of the connection, and everything else to its REST API.
"""

from ministack import app
from ministack.services import apigateway as sockets
from ministack.services import apigateway_v1 as gateway

CONNECTIONS = "@connections/"


def apply() -> None:
    parse = app._parse_execute_api_url
    handle = sockets.handle_websocket

    def parse_or_find_stage(host: str, path: str):
        return parse(host, path) or _by_stage(path)

    async def handle_websocket(scope, receive, send, api_id: str, path_override: str | None = None):
        stage = (path_override or "").lstrip("/").partition("/")[0]
        await handle(scope, receive, send, _websocket_api(api_id, stage), path_override=path_override)

    app._parse_execute_api_url = parse_or_find_stage
    sockets.handle_websocket = handle_websocket


def _websocket_api(api_id: str, stage: str) -> str:
    if sockets._api_owner(api_id):
        return api_id
    for (_account, _region, each), api in sockets._apis.all_items():
        if api["protocolType"] == "WEBSOCKET" and stage in sockets._stages.get_scoped(_account, _region, each, {}):
            return each
    return api_id


def _by_stage(path: str) -> tuple[str, str, str] | None:
    stage, _, rest = path.lstrip("/").partition("/")
    if rest.startswith(CONNECTIONS):
        # nobody may call a connection that does not exist, so it may as well be one of any API
        connection = sockets._ws_connections.get(rest[len(CONNECTIONS) :].partition("/")[0])
        apis = [connection["apiId"]] if connection else [key for (_, _, key), _ in sockets._apis.all_items()]
        return (apis[0], stage, f"/{rest}") if apis else None
    # searches all accounts and regions, because a path contains neither
    for (_account, _region, api_id), stages in list(gateway._stages_v1._data.items()):
        if stage in stages:
            return api_id, stage, f"/{rest}"
    return None
