"""A table's stream ARN ends in the time at which the stream was created, as on AWS.

But local engines are short-lived: with a fixed label, a service that was packaged for an earlier engine can be deployed to
a new one.
"""

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

LABEL = "2026-01-01T00:00:00.000"


def apply() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    create = handlers["create"]

    def create_with_fixed_label(logical_id, props, stack_name):
        physical_id, attributes = create(logical_id, props, stack_name)
        table = dynamodb._tables.get(physical_id)
        if table and table.get("LatestStreamArn"):
            arn = f"{table['LatestStreamArn'].rsplit('/', 1)[0]}/{LABEL}"
            table["LatestStreamArn"], table["LatestStreamLabel"] = arn, LABEL
            attributes["StreamArn"] = arn
        return physical_id, attributes

    handlers["create"] = create_with_fixed_label
