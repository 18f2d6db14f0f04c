"""Every patch works, and the gap that it bridges still exists without it.

If test_each_gap_still_exists_without_its_patch fails, MiniStack has closed the gap: delete the patch.
"""

import concurrent.futures
import json
import statistics
import time
import unittest
import urllib.error
import urllib.request

from . import archives, buckets, door, durable, event_sources, lake, maps, restart, sockets, tables
from .engine import Probe, engine

TABLE = {
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            "TimeToLiveSpecification": {"AttributeName": "expiresAt", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    }
}
ACCOUNT = b'{"account":"a"}'
JSON = {"content-type": "application/json"}
FAILING = """
exports.handler = async (event) => {
  switch (event.queryStringParameters?.how) {
    case 'throws': throw new Error(__filename)
    case 'crashes': process.kill(process.pid, 'SIGKILL')
    case 'hangs': await new Promise((resolve) => setTimeout(resolve, 9000))
    case 'answers nothing': return { ok: true }
  }
  return { statusCode: 200, body: '' }
}
"""
# with its patch, a call must take less than this share of the time that it takes without
CLEARLY_FASTER = 0.7
# engines that run at the same time: one core each on a two-core machine, because some probes measure time
AT_ONCE = 2


def deploy_door(probe: Probe) -> str:
    return probe.deploy(door.door())["Api"]


def renders_templates(probe: Probe) -> bool:
    status, headers, _ = probe.http(deploy_door(probe), "POST", "/", ACCOUNT, {**JSON, "x-note": "n"})
    return status == 299 and headers.get("location", "").startswith("/probe/?at=1")


def validates_by_content_type(probe: Probe) -> bool:
    api = deploy_door(probe)
    status_of = lambda body, content_type: probe.http(api, "POST", "/", body, {"content-type": content_type})[0]
    json_with_charset = "Application/JSON; charset=utf-8"
    unknown = status_of(b"a=1", "text/plain")
    return (unknown, status_of(ACCOUNT, json_with_charset), status_of(b"{}", json_with_charset)) == (415, 299, 400)


def hides_failures(probe: Probe) -> bool:
    probe.function("failing", FAILING, timeout=1)
    api = probe.deploy(door.proxying("failing"))["Api"]
    answers = [probe.http(api, "GET", f"/?how={how}") for how in ("throws", "crashes", "hangs", "answers nothing")]
    fine = probe.http(api, "GET", "/")
    problem = (502, "application/problem+json", '{"detail":"It failed."}')
    return fine[0] == 200 and all((status, sent["content-type"], text) == problem for status, sent, text in answers)


def serves_stages(probe: Probe) -> bool:
    """At the stage's path, as on the host that an API has on AWS: a Location of a REST API, and a WebSocket API."""
    made = probe.deploy({**door.door(), **sockets.socket_api(probe)})
    opened = sockets.handshake(probe, "/probe")["status"] == "101"
    return opened and follows_locations(probe, made["Api"])


def follows_locations(probe: Probe, api: str) -> bool:
    location = probe.http(api, "POST", "/", ACCOUNT, JSON)[1].get("location", "")
    try:
        with urllib.request.urlopen(f"{probe.endpoint}{location}") as answer:
            return answer.read() == b'{"sum":2}'
    except urllib.error.HTTPError:
        return False


def limits_payloads(probe: Probe) -> bool:
    body = b'{"account":"' + b"x" * (10 * 1024 * 1024) + b'"}'
    status, _, text = probe.http(deploy_door(probe), "POST", "/", body, JSON)
    return status == 413 and "10 MB" in text


def renders_mocks(probe: Probe) -> bool:
    api = deploy_door(probe)
    status, headers, text = probe.http(api, "GET", "/?add=1")
    plain = probe.http(api, "GET", "/")
    return (status, headers.get("allow"), text, plain[0], plain[2]) == (298, "GET", '{"sum":2}', 200, '{"sum":2}')


def throttles_methods(probe: Probe) -> bool:
    api = probe.deploy(door.throttled())["Api"]
    statuses = [probe.http(api, "GET", "/notes")[0] for _ in range(3)]
    return statuses == [200, 200, 429] and probe.http(api, "GET", "/")[0] == 200


def says_why_a_body_is_refused(probe: Probe) -> bool:
    api = deploy_door(probe)
    answer = lambda body: probe.http(api, "POST", "/", body, JSON)
    missing, deep, bytes_ = answer(b"{}"), answer(b'{"a":' * 1500 + b"1" + b"}" * 1500), answer(b'{"account":"\xed\xa0\xbd"}')
    wanted = ((missing, "account"), (deep, "nesting depth"), (bytes_, "UTF-8"))
    return all(status == 400 and reason in text for (status, _, text), reason in wanted)


def names_errors(probe: Probe) -> bool:
    probe.function("thrower", "exports.handler=async()=>{class Odd extends Error{name='Odd'};throw new Odd('x')}")
    return probe.invoke("thrower")["errorType"] == "Odd"


def limits_memory(probe: Probe) -> bool:
    heap = "exports.handler=async()=>require('node:v8').getHeapStatistics().heap_size_limit/1048576"
    probe.function("heap", heap, memory=256)
    return probe.invoke("heap") < 512


def fixes_stream_labels(probe: Probe) -> bool:
    name = probe.deploy(TABLE)["Table"]
    arn = probe.client("dynamodb").describe_table(TableName=name)["Table"]["LatestStreamArn"]
    return arn.endswith("/2026-01-01T00:00:00.000")


def sets_up_tables(probe: Probe) -> bool:
    name = probe.deploy(TABLE)["Table"]
    tables = probe.client("dynamodb")
    lives = tables.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
    backups = tables.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    return (lives, recovery) == ("ENABLED", "ENABLED")


def counts_as_tls(probe: Probe) -> bool:
    queues = probe.client("sqs")
    url = queues.create_queue(QueueName="tls")["QueueUrl"]
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:*",'
        '"Resource":"arn:aws:sqs:eu-west-1:000000000000:tls","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
    )
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    try:
        queues.send_message(QueueUrl=url, MessageBody="x")
        return True
    except queues.exceptions.ClientError:
        return False


def allows_batches(probe: Probe) -> bool:
    url = probe.client("sqs").create_queue(QueueName="batches")["QueueUrl"]
    users = probe.client("iam")
    users.create_user(UserName="sender")
    topic = probe.client("sns").create_topic(Name="batches")["TopicArn"]
    allowed = '{"Effect":"Allow","Action":["sqs:SendMessage","sns:Publish"],"Resource":"*"}'
    policy = f'{{"Version":"2012-10-17","Statement":[{allowed}]}}'
    users.put_user_policy(UserName="sender", PolicyName="send", PolicyDocument=policy)
    key = users.create_access_key(UserName="sender")["AccessKey"]
    keys = (key["AccessKeyId"], key["SecretAccessKey"])
    message = {"Id": "1", "Message": "x"}
    sends = (
        lambda: probe.client("sqs", *keys).send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}]),
        lambda: probe.client("sns", *keys).publish_batch(TopicArn=topic, PublishBatchRequestEntries=[message]),
    )
    return all(_succeeds(send) for send in sends)


def _succeeds(call) -> bool:
    try:
        call()
        return True
    except Exception:
        return False


def takes_unknown_types(probe: Probe) -> bool:
    query = {"Name": "q", "Database": "d", "QueryString": "select 1"}
    try:
        probe.deploy(
            {
                "Query": {"Type": "AWS::Athena::NamedQuery", "Properties": query},
                "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "a", "ProtocolType": "WEBSOCKET"}},
                "Deployment": {"Type": "AWS::ApiGatewayV2::Deployment", "Properties": {"ApiId": {"Ref": "Api"}}},
                "Sampling": {"Type": "AWS::XRay::SamplingRule", "Properties": {"SamplingRule": {"RuleName": "r"}}},
            }
        )
        return True
    except Exception:
        return False


def takes_computed_alarms(probe: Probe) -> bool:
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Errors"}
    alarm = {
        "Metrics": [
            {"Id": "twice", "Expression": "2 * errors", "ReturnData": True},
            {"Id": "errors", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
        ],
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    try:
        probe.deploy({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}})
        return True
    except Exception:
        return False


def switches_keys_off(probe: Probe) -> bool:
    api = probe.deploy(door.door(key_required=True))["Api"]
    gateway = probe.client("apigateway")
    key = gateway.create_api_key(name="k", enabled=True)
    plan = gateway.create_usage_plan(name="p", apiStages=[{"apiId": api, "stage": "probe"}])["id"]
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    header = {"x-api-key": key["value"]}
    before = probe.http(api, "GET", "/", headers=header)[0]
    operation = {"op": "replace", "path": "/enabled", "value": "false"}
    gateway.update_api_key(apiKey=key["id"], patchOperations=[operation])
    return (before, probe.http(api, "GET", "/", headers=header)[0]) == (200, 403)


def knows_signing_keys(probe: Probe) -> bool:
    made = probe.deploy(door.guarded())
    client = probe.client("cognito-idp").create_user_pool_client(
        UserPoolId=made["Pool"],
        ClientName="c",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["probe/read"],
    )["UserPoolClient"]
    token = probe.token(client["ClientId"], client["ClientSecret"])
    return probe.http(made["Api"], "GET", "/", headers={"authorization": f"Bearer {token}"})[0] == 200


def ends_workflows(probe: Probe) -> bool:
    states = {"Nap": {"Type": "Wait", "Seconds": 2, "Next": "Done"}, "Done": {"Type": "Succeed"}}
    arn = probe.workflow({"TimeoutSeconds": 1, "StartAt": "Nap", "States": states})
    return probe.client("stepfunctions").start_sync_execution(stateMachineArn=arn)["status"] == "TIMED_OUT"


def renews_client_secrets(probe: Probe) -> bool:
    users = probe.client("cognito-idp")
    pool = users.create_user_pool(PoolName="p")["UserPool"]["Id"]
    client = users.create_user_pool_client(UserPoolId=pool, ClientName="c", GenerateSecret=True)["UserPoolClient"]
    one = {"UserPoolId": pool, "ClientId": client["ClientId"]}
    try:
        added = users.add_user_pool_client_secret(**one)["ClientSecretDescriptor"]
        first = users.list_user_pool_client_secrets(**one)["ClientSecrets"][0]["ClientSecretId"]
        users.delete_user_pool_client_secret(**one, ClientSecretId=first)
    except Exception:
        return False
    left = users.describe_user_pool_client(**one)["UserPoolClient"]["ClientSecret"]
    return left == added["ClientSecretValue"] != client["ClientSecret"]


BRIDGES = {
    "api_key_switch": switches_keys_off,
    "client_secrets": renews_client_secrets,
    "api_templates": renders_templates,
    "request_validators": says_why_a_body_is_refused,
    "model_content_types": validates_by_content_type,
    "function_failures": hides_failures,
    "payload_limit": limits_payloads,
    "mock_templates": renders_mocks,
    "method_settings": throttles_methods,
    "stage_paths": serves_stages,
    "socket_protocols": sockets.chooses_protocols,
    "authorizer_sources": sockets.asks_the_authorizer,
    "signing_keys": knows_signing_keys,
    "error_names": names_errors,
    "memory_limit": limits_memory,
    "stream_labels": fixes_stream_labels,
    "table_settings": sets_up_tables,
    "form_tags": buckets.tags_uploads,
    "lifecycles": buckets.expires_objects,
    "secure_transport": counts_as_tls,
    "batch_actions": allows_batches,
    "noop_types": takes_unknown_types,
    "event_archives": archives.replays_to_a_rule,
    "computed_alarms": takes_computed_alarms,
    "stream_readers": lambda probe: event_sources.reads_queues_beside_streams(probe, TABLE),
    "batching_windows": lambda probe: event_sources.gathers_a_batch(probe, TABLE),
    "schedule_groups": event_sources.limits_rights_to_a_group,
    "schedule_targets": event_sources.sends_what_is_scheduled,
    "fifo_groups": event_sources.runs_groups_side_by_side,
    "workflow_timeout": ends_workflows,
    "durable_workflows": durable.ends_durable_workflows,
    "map_concurrency": maps.limits_concurrency,
    "gradual_scaling": event_sources.scales_up_gradually,
    "partition_projection": lake.projects_partitions,
    "athena_views": lake.reads_views,
    "kept_state": lambda probe: restart.keeps_state(probe, TABLE),
}


class Patches(unittest.TestCase):
    def test_each_patch_bridges_its_gap(self):
        for patch, result in _run_probes(lambda patch: ""):
            with self.subTest(patch):
                self.assertTrue(result())

    def test_each_gap_still_exists_without_its_patch(self):
        for patch, result in _run_probes(lambda patch: patch):
            with self.subTest(patch):
                self.assertFalse(result())

    def test_a_silent_invocation_does_not_wait_for_logs(self):
        self.assert_faster("fast_logs", self.silent_invocation)

    def test_a_workflow_starts_at_once(self):
        self.assert_faster("fast_workflows", self.express_workflow)

    def test_a_record_of_many_facts_becomes_parquet_in_one_go(self):
        self.assert_faster("fast_parquet", lake.conversion_seconds)

    def test_a_receive_does_not_look_at_the_whole_queue(self):
        self.assert_faster("fast_receives", event_sources.receiving_seconds)

    def test_a_query_reads_its_expressions_once_and_not_for_each_item(self):
        self.assert_faster("remembered_expressions", tables.querying_seconds)

    def test_a_graceful_stop_says_when_the_state_is_complete(self):
        with engine(keep=True) as probe:
            self.assertFalse(probe.has_saved())
            probe.stop()
            self.assertTrue(probe.has_saved())

    def test_a_recording_has_the_images_of_writes_and_the_lines_of_logs(self):
        with engine() as probe:
            table = probe.deploy(TABLE)["Table"]
            probe.function("speaker", "exports.handler=async()=>{console.log('hello');return 1}")
            tables = probe.client("dynamodb")
            item = {"pk": {"S": "a"}, "n": {"N": "1"}}

            def act():
                tables.put_item(TableName=table, Item=item)
                delete = {"TableName": table, "Key": {"pk": {"S": "a"}}}
                tables.transact_write_items(TransactItems=[{"Delete": delete}])
                probe.invoke("speaker")

            recorded = probe.record(act)
            writes = [{**write, "table": "t"} for write in recorded["writes"]]
            put = {"table": "t", "before": None, "after": item, "transaction": False}
            deleted = {"table": "t", "before": item, "after": None, "transaction": True}
            self.assertEqual(writes, [put, deleted])
            self.assertEqual([each["function"] for each in recorded["invocations"]], ["speaker"])
            self.assertTrue(any("hello" in line for line in recorded["invocations"][0]["lines"]))
            self.assertEqual(probe.record(lambda: None), {"writes": [], "invocations": []})

    def test_a_refusal_is_of_single_entries_and_lasts_until_it_is_ended(self):
        with engine() as probe:
            stream = probe.client("kinesis")
            stream.create_stream(StreamName="s", ShardCount=1)
            bus = probe.client("events")
            records = [{"Data": text, "PartitionKey": "k"} for text in (b"good", b"a bad one", b"good")]
            entries = [{"Source": "s", "DetailType": "t", "Detail": json.dumps(each)} for each in ("bad", "good")]
            counts = lambda: (
                stream.put_records(StreamName="s", Records=records)["FailedRecordCount"],
                bus.put_events(Entries=entries)["FailedEntryCount"],
            )
            with probe.refusing("bad"):
                self.assertEqual(counts(), (1, 1))
            self.assertEqual(counts(), (0, 0))

    def test_a_message_of_a_batch_is_refused_for_good_or_as_often_as_is_said(self):
        with engine() as probe:
            queue = probe.client("sqs")
            url = queue.create_queue(QueueName="q")["QueueUrl"]
            entries = [{"Id": each, "MessageBody": f"a {each} one"} for each in ("bad", "good")]
            failed = lambda: [each["Id"] for each in queue.send_message_batch(QueueUrl=url, Entries=entries).get("Failed", [])]
            with probe.refusing("bad", times=2):
                self.assertEqual([failed(), failed(), failed()], [["bad"], ["bad"], []])
            with probe.refusing("bad"):
                self.assertEqual([failed(), failed(), failed()], [["bad"]] * 3)
            self.assertEqual(failed(), [])

    def test_a_schedule_fires_until_it_ends_and_again_when_it_is_asked_to(self):
        with engine() as probe:
            self.assertEqual(event_sources.fires_on_request(probe), [60, 120])

    def assert_faster(self, patch: str, measure) -> None:
        with engine() as probe:
            patched = measure(probe)
        with engine(without=patch) as probe:
            plain = measure(probe)
        self.assertLess(patched, plain * CLEARLY_FASTER)

    def silent_invocation(self, probe: Probe) -> float:
        probe.function("silent", "exports.handler=async()=>1")
        probe.invoke("silent")
        return _median_seconds(lambda: probe.invoke("silent"))

    def express_workflow(self, probe: Probe) -> float:
        workflows = probe.client("stepfunctions")
        arn = probe.workflow({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
        return _median_seconds(lambda: workflows.start_sync_execution(stateMachineArn=arn))


def _run_probes(without_patch):
    """Runs each probe on its own engine. Returns a call for each patch that gives the probe's result or raises its error."""

    def run(patch: str) -> bool:
        with engine(without=without_patch(patch), keep=patch == "kept_state") as probe:
            return BRIDGES[patch](probe)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return [(patch, pool.submit(run, patch).result) for patch in BRIDGES]


def _median_seconds(work) -> float:
    times = []
    for _ in range(9):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    unittest.main()
