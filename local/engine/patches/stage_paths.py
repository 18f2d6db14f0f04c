"""An API's stage is not at `/<stage>` of its host, so what answers as a path, such as a Location, leads nowhere.

AWS gives each API a host of its own, and paths begin with the stage
(https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html). Here all APIs are on one host: a path that
begins with the name of a deployed stage is that API's.
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
    # of all accounts and regions: a path says neither
    for (_account, _region, api_id), stages in list(gateway._stages_v1._data.items()):
        if stage in stages:
            return api_id, stage, f"/{rest}"
    return None
