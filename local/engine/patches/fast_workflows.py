"""Every workflow execution sleeps 150 ms before its first state, so that a poller sees it RUNNING.

AWS starts at once, and nothing of ours polls: a synchronous Express execution would only be slower.
"""

import time

from ministack.services import stepfunctions

START_DELAY_SECONDS = 0.15


class _TimeWithoutStartDelay:
    def __getattr__(self, name):
        return getattr(time, name)

    def sleep(self, seconds):
        if seconds != START_DELAY_SECONDS:
            time.sleep(seconds)


def apply() -> None:
    stepfunctions.time = _TimeWithoutStartDelay()
