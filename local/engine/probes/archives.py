"""Archives of event buses."""

import contextlib
import json
import time

from .engine import Probe


def replays_to_a_rule(probe: Probe) -> bool:
    events = probe.client("events")
    arn = events.create_event_bus(Name="bus")["EventBusArn"]
    archive = {"Type": "AWS::Events::Archive", "Properties": {"ArchiveName": "kept", "SourceArn": arn, "RetentionDays": 1}}
    try:
        probe.deploy({"Archive": archive})
    except Exception:
        return False
    queues = {name: _rule_to_queue(probe, name) for name in ("named", "other")}
    started = time.time()
    events.put_events(Entries=[{"EventBusName": "bus", "Source": "s", "DetailType": "t", "Detail": "{}"}])
    events.start_replay(
        ReplayName="again",
        EventSourceArn=events.describe_archive(ArchiveName="kept")["ArchiveArn"],
        EventStartTime=started - 60,
        EventEndTime=started + 60,
        Destination={"Arn": arn, "FilterArns": [queues["named"][1]]},
    )
    with contextlib.suppress(TimeoutError):
        _until(lambda: events.describe_replay(ReplayName="again")["State"] == "COMPLETED")
    return (_count(probe, queues["named"][0]), _count(probe, queues["other"][0])) == (2, 1)


def _rule_to_queue(probe: Probe, name: str) -> tuple[str, str]:
    url = probe.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    arn = probe.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events = probe.client("events")
    rule = events.put_rule(Name=name, EventBusName="bus", EventPattern=json.dumps({"source": ["s"]}))["RuleArn"]
    events.put_targets(Rule=name, EventBusName="bus", Targets=[{"Id": "queue", "Arn": arn}])
    return url, rule


def _count(probe: Probe, url: str) -> int:
    names = ["ApproximateNumberOfMessages"]
    return int(probe.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]])


def _until(reached) -> None:
    for _ in range(100):
        if reached():
            return
        time.sleep(0.05)
    raise TimeoutError
