"""Probes of a graceful restart: what an engine that keeps its state still has afterwards."""

import time

from .engine import Probe

READER = "exports.handler=async({Records})=>Records.forEach(({dynamodb})=>console.log('read', dynamodb.Keys.pk.S))"
WAIT_SECONDS = 10


def keeps_state(probe: Probe, table: dict) -> bool:
    name = probe.deploy(table)["Table"]
    stream = probe.client("dynamodb").describe_table(TableName=name)["Table"]["LatestStreamArn"]
    probe.function("reader", READER)
    probe.read_by("reader", stream, StartingPosition="TRIM_HORIZON")
    url = _queue_with_message_in_flight(probe)
    probe.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    probe.client("s3").put_object(Bucket="bucket", Key="k/1", Body=b"x")
    secret = _second_secret(probe)

    first_was_read = _reads(probe, name, "first")
    probe.stop()
    probe.start()
    return (
        first_was_read
        and _reads(probe, name, "second")
        and "Messages" in probe.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=WAIT_SECONDS)
        and probe.client("s3").get_object(Bucket="bucket", Key="k/1")["Body"].read() == b"x"
        and probe.token(*secret) != ""
    )


def _reads(probe: Probe, table: str, key: str) -> bool:
    """Puts an item, and returns whether the reader of the table's stream sees it."""
    probe.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": key}})
    logs = probe.client("logs")
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/reader")["logGroups"]:
            events = logs.filter_log_events(logGroupName="/aws/lambda/reader")["events"]
            if any(f"read {key}" in event["message"] for event in events):
                return True
        time.sleep(0.1)
    return False


def _queue_with_message_in_flight(probe: Probe) -> str:
    queues = probe.client("sqs")
    url = queues.create_queue(QueueName="lane", Attributes={"VisibilityTimeout": "3"})["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="x")
    queues.receive_message(QueueUrl=url)
    return url


def _second_secret(probe: Probe) -> tuple[str, str]:
    """An app client's id, and the second of its two secrets."""
    users = probe.client("cognito-idp")
    pool = users.create_user_pool(PoolName="p")["UserPool"]["Id"]
    users.create_resource_server(
        UserPoolId=pool, Identifier="r", Name="r", Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}]
    )
    client = users.create_user_pool_client(
        UserPoolId=pool,
        ClientName="c",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["r/read"],
    )["UserPoolClient"]
    added = users.add_user_pool_client_secret(UserPoolId=pool, ClientId=client["ClientId"])["ClientSecretDescriptor"]
    return client["ClientId"], added["ClientSecretValue"]
