"""An invocation that logs nothing waits 50 ms for its first log line.

AWS responds as soon as the handler does. The worker writes its log lines before its response, so waiting for a few
milliseconds is enough.
"""

from ministack.core.lambda_runtime import Worker


def apply() -> None:
    drain = Worker._drain_stderr_bounded

    def drain_soon(self, first_line_wait=0.002, idle_confirm=0.001, hard_cap=0.05):
        return drain(self, first_line_wait, idle_confirm, hard_cap)

    Worker._drain_stderr_bounded = drain_soon
