"""CloudFormation drops a table's TimeToLiveSpecification and PointInTimeRecoverySpecification.

AWS applies both when it creates the table. This patch applies them through the service's own operations right afterwards.
"""

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

SETTERS = {
    "TimeToLiveSpecification": dynamodb._update_ttl,
    "PointInTimeRecoverySpecification": dynamodb._update_continuous_backups,
}


def apply() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    create = handlers["create"]

    def create_with_settings(logical_id, props, stack_name):
        physical_id, attributes = create(logical_id, props, stack_name)
        for name, set_it in SETTERS.items():
            if name in props:
                set_it({"TableName": physical_id, name: props[name]})
        return physical_id, attributes

    handlers["create"] = create_with_settings
