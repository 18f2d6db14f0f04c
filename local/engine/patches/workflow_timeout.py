"""A synchronous execution runs as long as its states take and ignores the state machine's TimeoutSeconds.

AWS ends it as TIMED_OUT. A task that is running at that moment continues, both on AWS and here.
"""

import contextvars
import json
import threading

from ministack.services import stepfunctions


def apply() -> None:
    run = stepfunctions._run_execution

    def run_in_time(arn):
        execution = stepfunctions._executions.get(arn)
        seconds = timeout_seconds(execution) if execution else None
        if seconds is None or not execution.get("sync"):
            return run(arn)
        # threads do not inherit the account and region of the call
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(run, arn), daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive() and execution["status"] == "RUNNING":
            # the execution stops before its next state
            execution["status"] = "TIMED_OUT"
            execution["stopDate"] = stepfunctions.now_iso()

    stepfunctions._run_execution = run_in_time


def timeout_seconds(execution) -> float | None:
    machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) or {}
    try:
        return json.loads(machine.get("definition", "{}")).get("TimeoutSeconds")
    except json.JSONDecodeError:
        return None
