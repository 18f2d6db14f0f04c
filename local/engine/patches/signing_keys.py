"""An authorizer fetches its user pool's signing keys over HTTP from this same engine, once for each of the first requests.

Under load the engine cannot answer itself in time, and valid tokens are refused with 401. On AWS the keys are already
available. This patch reads them directly from the pool.
"""

import json
import os

from ministack.services import apigateway_v1 as gateway
from ministack.services import cognito

WELL_KNOWN = "/.well-known/jwks.json"


def apply() -> None:
    fetch = gateway._fetch_jwks

    async def fetch_or_take(url: str) -> dict:
        own = f"http://{os.environ['MINISTACK_HOST']}:{os.environ['GATEWAY_PORT']}/"
        if not (url.startswith(own) and url.endswith(WELL_KNOWN)):
            return await fetch(url)
        _, _, body = cognito.well_known_jwks(url[len(own) : -len(WELL_KNOWN)])
        return json.loads(body)

    gateway._fetch_jwks = fetch_or_take
