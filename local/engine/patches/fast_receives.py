"""Each receive looks four times at every message of the queue, while the engine can do nothing else: 2.7 ms with 5,000 messages
instead of 0.8.

This patch looks for messages only until enough of them are visible, and for expired ones once a second. FIFO queues keep
MiniStack's own way, because only the last message shows which groups have one in flight.
"""

import time

from ministack.services import sqs

EXPIRE_EVERY_SECONDS = 1


def apply() -> None:
    expire = sqs._expire_retained
    collect = sqs._collect_msgs
    next_look: dict[str, float] = {}

    def expire_now_and_then(queue: dict) -> None:
        now = time.monotonic()
        arn = queue["attributes"]["QueueArn"]
        if now >= next_look.get(arn, 0):
            next_look[arn] = now + EXPIRE_EVERY_SECONDS
            expire(queue)

    def collect_first(queue: dict, most: int, visibility_seconds: int) -> list:
        if queue["is_fifo"]:
            return collect(queue, most, visibility_seconds)
        now = time.time()
        visible = []
        for message in queue["messages"]:
            if len(visible) == most:
                break
            # a message that did not come through SendMessage may have no such time yet
            if message.get("visible_at", now) <= now:
                visible.append(message)
        return collect({**queue, "messages": visible}, most, visibility_seconds)

    sqs._expire_retained = expire_now_and_then
    sqs._collect_msgs = collect_first
