"""A body is validated against the model for application/json, whatever its content type is.

AWS validates a body only if the method has a model for its content type: "If no matching content type is found, request
validation is not performed" (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html).
With the passthrough behaviour NEVER, such a request then ends as UNSUPPORTED_MEDIA_TYPE. Parameters of the content type,
such as a charset, are ignored here, as MiniStack does when it chooses a template; AWS does not document what it does.
"""

from ministack.services import apigateway_v1 as gateway


def apply() -> None:
    check = gateway._check_request_validation

    def check_if_model_matches(method_obj, api_id, request, headers, body, query_params):
        if _media_type(headers) not in (method_obj.get("requestModels") or {}):
            # the required parameters are still checked
            method_obj = {**method_obj, "requestModels": {}}
        return check(method_obj, api_id, request, headers, body, query_params)

    gateway._check_request_validation = check_if_model_matches


def _media_type(headers: dict) -> str:
    content_type = gateway._header_ci(headers, "content-type") or "application/json"
    return content_type.split(";", 1)[0].strip().lower()
