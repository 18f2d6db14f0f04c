"""CloudFormation creates no request validators, and drops a method's RequestValidatorId. Errors do not say what was wrong.

AWS validates requests, and fills `$context.error.validationErrorString` for the gateway response BAD_REQUEST_BODY
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
"""

import json

import jsonschema
from ministack.services import apigateway_v1 as gateway
from ministack.services.cloudformation import provisioners


def apply() -> None:
    for step in ("create", "update"):
        _wrap("AWS::ApiGateway::RequestValidator", step, _store_validator)
        _wrap("AWS::ApiGateway::Method", step, _keep_validator)
    check = gateway._check_request_validation

    def check_and_explain(method_obj, api_id, request, headers, body, query_params):
        error = check(method_obj, api_id, request, headers, body, query_params) or _encoding_error(method_obj, body)
        if error is not None and error.response_type.startswith("BAD_REQUEST"):
            request["validation_error"] = _explain(error, method_obj, api_id, body)
        return error

    gateway._check_request_validation = check_and_explain


def _wrap(resource_type: str, step: str, after) -> None:
    """Calls `after(physical_id, props)` after a step of a provisioner."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]
    change = handlers[step]

    def change_and_follow(*args):
        result = change(*args)
        after(result[0], args[1] if step == "create" else args[2])
        return result

    handlers[step] = change_and_follow


def _store_validator(validator_id: str, props: dict) -> None:
    gateway._request_validators.setdefault(props["RestApiId"], {})[validator_id] = {
        "id": validator_id,
        "name": props.get("Name", ""),
        "validateRequestBody": props.get("ValidateRequestBody") in (True, "true"),
        "validateRequestParameters": props.get("ValidateRequestParameters") in (True, "true"),
    }


def _keep_validator(_method_id: str, props: dict) -> None:
    methods = gateway._resources[props["RestApiId"]][props["ResourceId"]]["resourceMethods"]
    methods[props["HttpMethod"]]["requestValidatorId"] = props.get("RequestValidatorId")


def _explain(error, method_obj, api_id, body) -> str:
    """The message that AWS's validator would give, in the wording of the Java library json-schema-validator."""
    if error.response_type == "BAD_REQUEST_PARAMETERS":
        return error.message
    schema = gateway._model_schema(api_id, (method_obj.get("requestModels") or {}).get("application/json"))
    try:
        document = json.loads(_text(body))
    except UnicodeDecodeError:
        return "Invalid UTF-8"
    except (ValueError, RecursionError):
        return "Invalid JSON"
    if gateway._json_depth(document) > gateway._MAX_BODY_DEPTH:
        return f"Document nesting depth exceeds the maximum allowed ({gateway._MAX_BODY_DEPTH})"
    problems = jsonschema.Draft4Validator(schema or {}).iter_errors(document)
    return "[" + ", ".join(_sentence(problem) for problem in list(problems)[:5]) + "]"


def _encoding_error(method_obj, body):
    """MiniStack takes half a surrogate pair as bytes, and UTF-16; AWS does not document what it does with them."""
    if not method_obj.get("requestValidatorId") or not method_obj.get("requestModels"):
        return None
    try:
        _text(body)
    except UnicodeDecodeError:
        return gateway._gw_error("BAD_REQUEST_BODY", "Invalid request body")
    return None


def _text(body) -> str:
    return body.decode("utf-8-sig") if isinstance(body, bytes | bytearray) else body or ""


def _sentence(problem: jsonschema.ValidationError) -> str:
    if problem.validator == "required":
        missing = sorted(set(problem.validator_value) - set(problem.instance))
        return f"object has missing required properties ({json.dumps(missing, separators=(',', ':'))})"
    if problem.validator == "additionalProperties":
        extra = sorted(set(problem.instance) - set(problem.schema.get("properties", {})))
        return f"object instance has properties which are not allowed by the schema: {json.dumps(extra, separators=(',', ':'))}"
    if problem.validator == "type":
        allowed = problem.validator_value if isinstance(problem.validator_value, list) else [problem.validator_value]
        return (
            f"instance type ({_type_of(problem.instance)}) does not match any allowed primitive type"
            f" (allowed: {json.dumps(allowed)})"
        )
    return problem.message


def _type_of(value) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]
