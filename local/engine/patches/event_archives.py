"""CloudFormation does not know AWS::Events::Archive, and a replay reaches all rules, also those that it does not name.

AWS creates the archive, and sends a replay only to the rules in its FilterArns
(https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ReplayDestination.html).
"""

import json

from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

NAMES = {"SourceArn": "EventSourceArn"}


def apply() -> None:
    provisioners._RESOURCE_HANDLERS["AWS::Events::Archive"] = {"create": create, "update": update, "delete": delete}
    dispatch = eventbridge._dispatch_event

    def dispatch_to_named_rules(event, view=None):
        replay = eventbridge._replays.get(event.get("ReplayName")) or {}
        named = replay.get("Destination", {}).get("FilterArns")
        if named:
            # the engine skips the rules through which an event has already come
            others = [key for key, rule in eventbridge._rules.items() if rule["Arn"] not in named]
            event = {**event, "_DispatchPath": others}
        dispatch(event, view)

    eventbridge._dispatch_event = dispatch_to_named_rules


def create(logical_id, properties, stack_name):
    name = properties.get("ArchiveName") or f"{stack_name}-{logical_id}"
    answer = call(eventbridge._create_archive, name, properties)
    return name, {"Arn": answer["ArchiveArn"]}


def update(name, _before, properties, _stack_name):
    answer = call(eventbridge._update_archive, name, properties)
    return name, {"Arn": answer["ArchiveArn"]}


def delete(name, _properties):
    eventbridge._delete_archive({"ArchiveName": name})


def call(operation, name: str, properties: dict) -> dict:
    request = {NAMES.get(key, key): value for key, value in properties.items()}
    status, _, body = operation({**request, "ArchiveName": name})
    if status != 200:
        raise ValueError(f"AWS::Events::Archive failed: {body!r}")
    return json.loads(body)
