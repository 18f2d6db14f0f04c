"""Probes of event sources: how the engine reads queues and table streams for functions, and what schedules send."""

import json
import time

from .engine import Probe

SLOW = "exports.handler=()=>new Promise((resolve)=>setTimeout(resolve,4000))"
COUNTING = "exports.handler=async({Records})=>console.log('records: '+Records.length)"
QUICK = "exports.handler=async()=>{}"
POLL_SECONDS = 0.25
# a stream is polled four times a second; a busy machine needs longer
STREAM_SECONDS = 1.5
# half as long as the slow function takes, so nothing can have waited for it
SOON_SECONDS = 2


def reads_queues_beside_streams(probe: Probe, table: dict) -> bool:
    name = probe.deploy(table)["Table"]
    tables = probe.client("dynamodb")
    stream = tables.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    url, queue = _queue(probe, "lane")
    probe.function("slow", SLOW)
    probe.function("quick", QUICK)
    probe.read_by("slow", stream, StartingPosition="TRIM_HORIZON")
    probe.read_by("quick", queue)
    tables.put_item(TableName=name, Item={"pk": {"S": "x"}})
    time.sleep(STREAM_SECONDS)
    probe.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    return _soon(lambda: _count(probe, url, "ApproximateNumberOfMessages") == 0)


def gathers_a_batch(probe: Probe, table: dict) -> bool:
    name = probe.deploy(table)["Table"]
    tables = probe.client("dynamodb")
    stream = tables.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    probe.function("counter", COUNTING)
    probe.read_by("counter", stream, BatchSize=10, StartingPosition="TRIM_HORIZON", MaximumBatchingWindowInSeconds=2)
    for key in ("first", "second"):
        tables.put_item(TableName=name, Item={"pk": {"S": key}})
        time.sleep(2 * POLL_SECONDS)
    logs = probe.client("logs")
    counted = lambda: "".join(
        event["message"] for event in logs.filter_log_events(logGroupName="/aws/lambda/counter")["events"]
    )
    time.sleep(2 + STREAM_SECONDS)
    return "records: 2" in counted()


def runs_groups_side_by_side(probe: Probe) -> bool:
    url, queue = _queue(probe, "ordered.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    probe.function("slow", SLOW)
    for body, group in (("1", "a"), ("2", "a"), ("3", "b")):
        probe.client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group)
    probe.read_by("slow", queue, ScalingConfig={"MaximumConcurrency": 3})
    in_flight = lambda: _count(probe, url, "ApproximateNumberOfMessagesNotVisible")
    both = _soon(lambda: in_flight() == 2)
    time.sleep(0.5)
    # one message of each group is in flight: the first group's second message waits
    return both and in_flight() == 2


def scales_up_gradually(probe: Probe) -> bool:
    url, queue = _queue(probe, "lane")
    probe.function("slow", SLOW)
    for _ in range(16):
        probe.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    probe.read_by("slow", queue, ScalingConfig={"MaximumConcurrency": 16})
    in_flight = lambda: _count(probe, url, "ApproximateNumberOfMessagesNotVisible")
    begun = _soon(lambda: in_flight() >= 5)
    time.sleep(0.5)
    return begun and in_flight() < 16


def receiving_seconds(probe: Probe) -> float:
    """How long it takes to receive a hundred times from a queue of 5,000 messages."""
    url, _ = _queue(probe, "long")
    queues = probe.client("sqs")
    entries = [{"Id": str(n), "MessageBody": "x"} for n in range(10)]
    for _ in range(500):
        queues.send_message_batch(QueueUrl=url, Entries=entries)
    started = time.monotonic()
    for _ in range(100):
        queues.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
    return time.monotonic() - started


def limits_rights_to_a_group(probe: Probe) -> bool:
    probe.client("scheduler").create_schedule_group(Name="own")
    users = probe.client("iam")
    users.create_user(UserName="writer")
    may_delete = {"Effect": "Allow", "Action": "scheduler:DeleteSchedule", "Resource": "arn:aws:scheduler:*:*:schedule/own/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may_delete]})
    users.put_user_policy(UserName="writer", PolicyName="own", PolicyDocument=policy)
    key = users.create_access_key(UserName="writer")["AccessKey"]
    schedules = probe.client("scheduler", key["AccessKeyId"], key["SecretAccessKey"])
    try:
        schedules.delete_schedule(Name="none", GroupName="own")
    except schedules.exceptions.ResourceNotFoundException:
        # it may, but there is no such schedule
        return True
    except schedules.exceptions.ClientError:
        return False


def sends_what_is_scheduled(probe: Probe) -> bool:
    due = int(time.time()) + 2
    url = _schedule(probe, StartDate=due)
    sent = probe.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=6, MessageAttributeNames=["All"])
    firings = [each["MessageAttributes"]["at"]["StringValue"] for each in sent.get("Messages", [])]
    return firings == [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(due))]


def fires_on_request(probe: Probe) -> list[float]:
    """How many seconds after its start a schedule fires in an hour that is asked for twice. Its queue gets each firing twice."""
    start = int(time.time()) + 600
    url = _schedule(probe, "rate(1 minute)", StartDate=start, EndDate=start + 150)
    hour = {"after": start, "until": start + 3600}
    first, again = probe.ask("schedules/probe", **hour), probe.ask("schedules/probe", **hour)
    if first != again or _count(probe, url, "ApproximateNumberOfMessages") != 2 * len(first):
        return []
    return [each - start for each in first]


def _schedule(probe: Probe, expression: str = "rate(1 hour)", **dates: int) -> str:
    """Creates the schedule `probe`, which sends the time of each firing into a queue, and returns the queue's URL."""
    url, _ = _queue(probe, "lane")
    time_of_firing = {"DataType": "String", "StringValue": "<aws.scheduler.scheduled-time>"}
    message = {"QueueUrl": url, "MessageBody": "{}", "MessageAttributes": {"at": time_of_firing}}
    probe.client("scheduler").create_schedule(
        Name="probe",
        ScheduleExpression=expression,
        **dates,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            "RoleArn": "arn:aws:iam::000000000000:role/scheduler",
            "Input": json.dumps(message),
        },
    )
    return url


def _queue(probe: Probe, name: str, **attributes: str) -> tuple[str, str]:
    """A queue's URL and ARN."""
    queues = probe.client("sqs")
    url = queues.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _count(probe: Probe, url: str, attribute: str) -> int:
    answer = probe.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[attribute])
    return int(answer["Attributes"][attribute])


def _soon(look) -> bool:
    end = time.monotonic() + SOON_SECONDS
    while time.monotonic() < end:
        if look():
            return True
        time.sleep(0.05)
    return False
