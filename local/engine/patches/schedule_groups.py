"""IAM sees every schedule in the group `default`, so rights for the schedules of another group allow nothing.

AWS sees the group that the request names
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html).
"""

import json

from ministack.core import iam_actions

DEFAULT_GROUP = ":schedule/default/"


def apply() -> None:
    resource_of = iam_actions.extract_resource_arn

    def resource_in_its_group(service, method, path, headers, body, query_params, region, account_id):
        arn = resource_of(service, method, path, headers, body, query_params, region, account_id)
        if service != "scheduler" or DEFAULT_GROUP not in arn:
            return arn
        return arn.replace(DEFAULT_GROUP, f":schedule/{group_of(body, query_params)}/")

    iam_actions.extract_resource_arn = resource_in_its_group


def group_of(body: bytes, query_params: dict) -> str:
    named = json.loads(body).get("GroupName") if body else None
    asked = query_params.get("groupName")
    return named or (asked[0] if isinstance(asked, list) else asked) or "default"
