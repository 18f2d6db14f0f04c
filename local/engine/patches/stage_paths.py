"""An API's stage is not served at `/<stage>` of its host, so a path in a response, such as a Location, leads nowhere.

AWS gives each API its own host, and paths begin with the stage
(https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html). The engine serves all APIs on
one host. With this patch, a path that begins with the name of a deployed stage leads to that stage's API.
"""

from ministack import app
from ministack.services import apigateway_v1 as gateway


def apply() -> None:
    parse = app._parse_execute_api_url

    def parse_or_find_stage(host: str, path: str):
        return parse(host, path) or _by_stage(path)

    app._parse_execute_api_url = parse_or_find_stage


def _by_stage(path: str) -> tuple[str, str, str] | None:
    stage, _, rest = path.lstrip("/").partition("/")
    # searches all accounts and regions, because a path contains neither
    for (_account, _region, api_id), stages in list(gateway._stages_v1._data.items()):
        if stage in stages:
            return api_id, stage, f"/{rest}"
    return None
