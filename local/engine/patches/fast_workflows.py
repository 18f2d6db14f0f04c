"""Every workflow execution sleeps 150 ms before its first state, so that a client that polls can see it RUNNING.

AWS starts at once. Nothing here polls, so the sleep would only slow down synchronous Express executions.
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
