"""CloudFormation refuses an alarm on a metric that is computed from others (`Metrics`).

CloudWatch evaluates such alarms. This patch creates the alarm without its expression, on a metric that does not exist, so
it never goes off.
"""

from ministack.services.cloudformation import provisioners

NOTHING = {"Namespace": "Spillway/computed", "MetricName": "computed"}


def apply() -> None:
    record = provisioners._cw_metric_alarm_record

    def record_without_expression(name, props):
        if not props.get("Metrics"):
            return record(name, props)
        return record(name, {**{key: value for key, value in props.items() if key != "Metrics"}, **NOTHING})

    provisioners._cw_metric_alarm_record = record_without_expression
