"""Schedules have no universal targets, no keywords in their input and no time zones, and are looked at every ten seconds.

AWS calls any API as a universal target (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html)
and fills keywords in (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
Its precision is a minute. This patch sends messages to SQS, the only such target that the services have, in the second in
which they are due. It does not check the target's role, and puts nothing into a dead-letter queue.

Scheduler may also send twice for the same time, and a test cannot wait for minutes:
POST /_spillway/schedules/NAME?after=SECONDS&until=SECONDS sends what the schedule sends between two times, in seconds since
1970, and answers with the times.
"""

import json
import logging
import time
import uuid
import zoneinfo
from datetime import datetime, timezone

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import eventbridge, scheduler, sqs

from . import own_paths

LOOK_EVERY_SECONDS = 1
# how often MiniStack looks at all other schedules
OTHERS_EVERY = scheduler._SCHEDULE_TICK_INTERVAL // LOOK_EVERY_SECONDS
SEND_MESSAGE = ":aws-sdk:sqs:sendMessage"

logger = logging.getLogger("spillway")


def apply() -> None:
    invoke = eventbridge._invoke_target

    def invoke_others(target, *arguments):
        if not target.get("Arn", "").endswith(SEND_MESSAGE):
            invoke(target, *arguments)

    def follow_schedules() -> None:
        checked = time.time()
        rounds = 0
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            now = time.time()
            fire_due(checked, now)
            checked = now
            rounds += 1
            if rounds % OTHERS_EVERY == 0:
                scheduler._tick_schedules()

    eventbridge._invoke_target = invoke_others
    scheduler._ticker_loop = follow_schedules


def firing(app):
    """Wraps the engine's application with the path."""
    order = lambda _, name, query: fire_due(float(query["after"]), float(query["until"]), name)
    return own_paths.serving(app, "/_spillway/schedules/", order)


def fire_due(after: float, until: float, name: str = "") -> list[float]:
    """Sends what is due after one time, up to and including another one, of all schedules or one. Returns the times."""
    fired = []
    for (account, region, key), schedule in list(scheduler._schedules._data.items()):
        if schedule["State"] != "ENABLED" or not schedule["Target"]["Arn"].endswith(SEND_MESSAGE):
            continue
        if name not in ("", schedule["Name"]):
            continue
        starts = scheduler._to_epoch(schedule["StartDate"]) or schedule["CreationDate"]
        ends = scheduler._to_epoch(schedule["EndDate"]) or until
        for due in due_times(schedule, starts, max(after, starts - 0.001), min(until, ends)):
            set_request_account_id(account)
            set_request_region(region)
            try:
                send(schedule, due)
                fired.append(due)
            except Exception:
                logger.exception("The schedule %s failed", key)
    return fired


def due_times(schedule: dict, starts: float, after: float, until: float) -> list[float]:
    """The times of a schedule after one time, up to and including another one, in seconds since 1970."""
    expression = schedule["ScheduleExpression"]
    interval = eventbridge._parse_rate_seconds(expression)
    if interval:
        first = max(0, int((after - starts) // interval) + 1)
        last = int((until - starts) // interval)
        return [starts + index * interval for index in range(first, last + 1)]
    fields = eventbridge._parse_cron_fields(expression)
    zone = zoneinfo.ZoneInfo(schedule["ScheduleExpressionTimezone"])
    times = []
    while fields:
        # the expression is about the time on a clock in the zone
        clock = datetime.fromtimestamp(after, zone).replace(tzinfo=timezone.utc)
        following = eventbridge._cron_next_fire(fields, clock)
        after = following.replace(tzinfo=zone).timestamp() if following else until + 1
        if after > until:
            break
        times.append(after)
    return times


def send(schedule: dict, due: float) -> None:
    keywords = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": datetime.fromtimestamp(due, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": uuid.uuid4().hex[:16],
        "attempt-number": "1",
    }
    message = schedule["Target"]["Input"]
    for name, value in keywords.items():
        message = message.replace(f"<aws.scheduler.{name}>", value)
    parameters = json.loads(message)
    sqs._act_send_message(parameters, parameters["QueueUrl"])
