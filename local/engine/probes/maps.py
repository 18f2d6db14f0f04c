"""Probes of the Distributed Map."""

import json
import time

from .engine import Probe


def limits_concurrency(probe: Probe) -> bool:
    """Whether a Distributed Map runs as many items at a time as its input says."""
    items = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "MaxConcurrencyPath": "$.most",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "pass",
            "States": {"pass": {"Type": "Pass", "End": True}},
        },
        "End": True,
    }
    workflows = probe.client("stepfunctions")
    arn = probe.workflow({"StartAt": "items", "States": {"items": items}}, "limited", "STANDARD")
    given = json.dumps({"items": [1, 2, 3], "most": 2})
    execution = workflows.start_execution(stateMachineArn=arn, input=given)["executionArn"]
    for _ in range(100):
        runs = workflows.list_map_runs(executionArn=execution)["mapRuns"]
        if runs:
            return workflows.describe_map_run(mapRunArn=runs[0]["mapRunArn"])["maxConcurrency"] == 2
        time.sleep(0.1)
    return False
