"""Probes of Standard workflows that wait for a token."""

import time

from .engine import Probe

WAIT_FOR_TOKEN = ".waitForTaskToken"
TOKEN = "{% $states.context.Task.Token %}"


def ends_durable_workflows(probe: Probe) -> bool:
    return _fails_with_the_function(probe) and _ends_in_time(probe) and _is_over_after_a_stop(probe)


def _fails_with_the_function(probe: Probe) -> bool:
    probe.function("failing", "exports.handler = async () => { throw new Error('no') }")
    payload = {"FunctionName": "failing", "Payload": {"token": TOKEN}}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "done"}]
    return _status(probe, "failing", _asking("lambda:invoke", payload, catch=catch), "SUCCEEDED")


def _ends_in_time(probe: Probe) -> bool:
    return _status(probe, "slow", {**_asking("sqs:sendMessage", _message(probe, "slow")), "TimeoutSeconds": 1}, "TIMED_OUT")


def _is_over_after_a_stop(probe: Probe) -> bool:
    workflows, queues = probe.client("stepfunctions"), probe.client("sqs")
    message = _message(probe, "stopped")
    execution = _start(probe, "stopped", _asking("sqs:sendMessage", message))
    token = queues.receive_message(QueueUrl=message["QueueUrl"], WaitTimeSeconds=5)["Messages"][0]["Body"]
    workflows.stop_execution(executionArn=execution)
    try:
        workflows.send_task_success(taskToken=token, output="{}")
        return False
    except workflows.exceptions.TaskDoesNotExist:
        return workflows.describe_execution(executionArn=execution)["status"] == "ABORTED"


def _message(probe: Probe, name: str) -> dict:
    return {"QueueUrl": probe.client("sqs").create_queue(QueueName=name)["QueueUrl"], "MessageBody": TOKEN}


def _asking(resource: str, arguments: dict, catch: list = ()) -> dict:
    """A workflow that waits for a token for at most a minute, which an expression says."""
    ask = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}{WAIT_FOR_TOKEN}",
        "Arguments": arguments,
        "TimeoutSeconds": "{% 30 + 30 %}",
        "Catch": list(catch),
        "Next": "done",
    }
    return {"QueryLanguage": "JSONata", "StartAt": "ask", "States": {"ask": ask, "done": {"Type": "Succeed"}}}


def _start(probe: Probe, name: str, definition: dict) -> str:
    arn = probe.workflow(definition, name, "STANDARD")
    return probe.client("stepfunctions").start_execution(stateMachineArn=arn)["executionArn"]


def _status(probe: Probe, name: str, definition: dict, expected: str) -> bool:
    execution = _start(probe, name, definition)
    for _ in range(100):
        status = probe.client("stepfunctions").describe_execution(executionArn=execution)["status"]
        if status != "RUNNING":
            break
        time.sleep(0.1)
    return status == expected
