"""Standard workflows that wait for a token, time out or are stopped do not behave as on AWS.

- A state that waits for a token ignores that its function failed, and waits on. On AWS it fails with the function's error.
- Its TimeoutSeconds must be a number. On AWS it may be a JSONata expression.
- Each try of it has the same token. On AWS each has its own.
- After a stop it still waits, its token still works, and its execution can end a second time. On AWS it is over.
- An execution ignores the TimeoutSeconds of its state machine. On AWS it ends as TIMED_OUT, with an event.
"""

import contextvars
import threading

from ministack.services import stepfunctions

from .workflow_timeout import timeout_seconds

_current = threading.local()
# the tokens that each execution waits for, by its ARN
_waiting: dict[str, set] = {}


def apply() -> None:
    _evaluate_timeouts()
    _give_each_try_a_token()
    _fail_with_the_function()
    _end_once()
    _end_in_time()


def _evaluate_timeouts() -> None:
    execute = stepfunctions._execute_task

    def execute_with_number(state_def, raw_input, execution, ctx):
        _current.execution = execution
        seconds = state_def.get("TimeoutSeconds")
        if isinstance(seconds, str):
            seconds = stepfunctions._apply_jsonata_template(seconds, raw_input, ctx)
            state_def = {**state_def, "TimeoutSeconds": seconds}
        return execute(state_def, raw_input, execution, ctx)

    stepfunctions._execute_task = execute_with_number


def _give_each_try_a_token() -> None:
    evaluate = stepfunctions._apply_jsonata_arguments

    def evaluate_with_new_token(state_def, raw_input, ctx=None):
        if ctx and "Task" in ctx:
            ctx["Task"] = {"Token": stepfunctions.new_uuid()}
        return evaluate(state_def, raw_input, ctx)

    stepfunctions._apply_jsonata_arguments = evaluate_with_new_token


def _fail_with_the_function() -> None:
    call_lambda = stepfunctions._call_lambda
    invoke = stepfunctions._invoke_with_callback

    def call_and_tell(func_ref, event):
        try:
            return call_lambda(func_ref, event)
        except stepfunctions._ExecutionError as error:
            task = stepfunctions._task_tokens.get(getattr(_current, "token", None))
            if task:
                task["error"] = {"Error": error.error, "Cause": error.cause}
                task["event"].set()
            raise

    def invoke_and_note(resource, input_data, token, state_def):
        tokens = _waiting.setdefault(_current.execution["executionArn"], set())
        tokens.add(token)
        _current.token = token
        try:
            return invoke(resource, input_data, token, state_def)
        finally:
            _current.token = None
            tokens.discard(token)

    stepfunctions._call_lambda = call_and_tell
    stepfunctions._invoke_with_callback = invoke_and_note


def _end_once() -> None:
    stop = stepfunctions._stop_execution
    fail = stepfunctions._fail_execution

    def stop_and_expire(data):
        answer = stop(data)
        _expire_tokens(data.get("executionArn"))
        return answer

    def fail_if_running(execution, error, cause):
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    stepfunctions._stop_execution = stop_and_expire
    stepfunctions._fail_execution = fail_if_running


def _end_in_time() -> None:
    run = stepfunctions._run_execution

    def run_in_time(arn):
        execution = stepfunctions._executions.get(arn)
        seconds = timeout_seconds(execution) if execution and not execution.get("sync") else None
        if seconds is None:
            return run(arn)
        # threads do not inherit the account and region of the call
        timer = threading.Timer(seconds, contextvars.copy_context().run, args=(_time_out, execution))
        timer.daemon = True
        timer.start()
        try:
            return run(arn)
        finally:
            timer.cancel()
            _waiting.pop(arn, None)

    stepfunctions._run_execution = run_in_time


def _time_out(execution) -> None:
    if execution["status"] != "RUNNING":
        return
    execution["status"] = "TIMED_OUT"
    execution["stopDate"] = stepfunctions.now_iso()
    stepfunctions._emit_execution_status_event(execution)
    _expire_tokens(execution["executionArn"])


def _expire_tokens(arn: str) -> None:
    """Wakes the states that wait; an execution that has ended enters no further state."""
    for token in list(_waiting.get(arn, ())):
        task = stepfunctions._task_tokens.pop(token, None)
        if task:
            task["event"].set()
