"""Request bodies of any size reach the integration.

AWS refuses a payload over 10 MB with the gateway response REQUEST_TOO_LARGE
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html).
"""

from ministack.services import apigateway_v1 as gateway

LONGEST_PAYLOAD_BYTES = 10 * 1024 * 1024


def apply() -> None:
    authorize = gateway._authorize_request_v1

    async def authorize_and_measure(api_id, stage_name, method_obj, method, path, resource, headers, body, *rest):
        if body and len(body) > LONGEST_PAYLOAD_BYTES:
            return gateway._gw_error("REQUEST_TOO_LARGE", "Request Entity Too Large"), None
        return await authorize(api_id, stage_name, method_obj, method, path, resource, headers, body, *rest)

    gateway._authorize_request_v1 = authorize_and_measure
