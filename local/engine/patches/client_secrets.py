"""An app client has exactly one secret, and it cannot be renewed.

On AWS it can have two at a time, and each can be added and deleted
(https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html).
"""

from ministack.services import cognito

MOST_SECRETS = 2

# by client id, oldest first; the client itself holds the oldest one
_secrets: dict[str, list[dict]] = {}


def apply() -> None:
    dispatch = cognito._dispatch_idp
    authenticate = cognito._authenticate_client
    actions = {
        "AddUserPoolClientSecret": _add,
        "ListUserPoolClientSecrets": _list,
        "DeleteUserPoolClientSecret": _delete,
    }

    async def dispatch_with_secrets(action: str, data: dict):
        if action not in actions:
            return await dispatch(action, data)
        client = _client_of(data)
        if client is None:
            return cognito.error_response_json("ResourceNotFoundException", "User pool client does not exist.", 400)
        return actions[action](client, data)

    def authenticate_with_any(headers: dict, form: dict):
        client_id, secret = authenticate(headers, form)
        known = _secrets.get(client_id, [])
        if any(each["ClientSecretValue"] == secret for each in known):
            return client_id, known[0]["ClientSecretValue"]
        return client_id, secret

    _keep_secrets()
    cognito._dispatch_idp = dispatch_with_secrets
    cognito._authenticate_client = authenticate_with_any


def _keep_secrets() -> None:
    """Adds the secrets to the state that an engine keeps over a restart."""
    get_state = cognito.get_state
    load_state = cognito.load_persisted_state

    def load_with_secrets(data) -> None:
        load_state(data)
        _secrets.update(data.get("client_secrets", {}))

    cognito.get_state = lambda: {**get_state(), "client_secrets": dict(_secrets)}
    cognito.load_persisted_state = load_with_secrets


def _client_of(data: dict) -> dict | None:
    pool = cognito._user_pools.get(data.get("UserPoolId")) or {}
    return pool.get("_clients", {}).get(data.get("ClientId"))


def _secrets_of(client: dict) -> list[dict]:
    return _secrets.setdefault(client["ClientId"], [_secret(client["ClientSecret"])])


def _secret(value: str) -> dict:
    return {
        "ClientSecretId": f"secret-{cognito.new_uuid()}",
        "ClientSecretValue": value,
        "ClientSecretCreateDate": cognito._now_epoch(),
    }


def _add(client: dict, data: dict):
    known = _secrets_of(client)
    if len(known) >= MOST_SECRETS:
        return cognito.error_response_json("LimitExceededException", "The client has two secrets already.", 400)
    known.append(_secret(data.get("ClientSecret") or cognito._client_secret()))
    return cognito.json_response({"ClientSecretDescriptor": known[-1]})


def _list(client: dict, _data: dict):
    shown = [{name: value for name, value in each.items() if name != "ClientSecretValue"} for each in _secrets_of(client)]
    return cognito.json_response({"ClientSecrets": shown})


def _delete(client: dict, data: dict):
    known = _secrets_of(client)
    kept = [each for each in known if each["ClientSecretId"] != data.get("ClientSecretId")]
    if not kept or len(kept) == len(known):
        return cognito.error_response_json("InvalidParameterException", "There is no such secret, or it is the last one.", 400)
    known[:] = kept
    client["ClientSecret"] = kept[0]["ClientSecretValue"]
    return cognito.json_response({})
