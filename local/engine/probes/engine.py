"""Starts engines for the probes, with all patches or without one of them."""

import contextlib
import io
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

import botocore.config
import botocore.session

LAUNCHER = pathlib.Path(__file__).parent.parent / "launcher.py"
REGION = "eu-west-1"


@contextlib.contextmanager
def engine(without: str = "", keep: bool = False):
    """Runs an engine on a free port, with all patches or `without` one of them. With `keep`, its state outlives a restart."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "LAMBDA_EXECUTOR": "local",
            "MINISTACK_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AUTH": "true",
            "TMPDIR": folder,
            "STATE_DIR": f"{folder}/state",
            "S3_DATA_DIR": f"{folder}/state/s3",
            "PERSIST_STATE": str(int(keep)),
            "S3_PERSIST": str(int(keep)),
            # so short that fetching a pool's signing keys over HTTP always fails
            "MINISTACK_APIGW_JWKS_TIMEOUT_SECONDS": "0.000001",
            "SPILLWAY_WITHOUT_PATCH": without,
        }
        probe = Probe(port, environment)
        probe.start()
        try:
            yield probe
        finally:
            probe.stop()


class Probe:
    """An engine, and a client with the calls that the probes make to it."""

    def __init__(self, port: int, environment: dict):
        self.endpoint = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, str(LAUNCHER), str(port)]
        self._environment = environment
        self._session = botocore.session.get_session()

    def start(self) -> None:
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(self._command, env=self._environment, **silent)
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health")
                return
            time.sleep(0.05)
        self.stop()
        raise TimeoutError("The engine did not start.")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)

    def has_saved(self) -> bool:
        return pathlib.Path(self._environment["STATE_DIR"], "saved").exists()

    def calls(self) -> dict:
        """The counts of the engine's call counter."""
        return self.ask("calls", "GET")

    def record(self, act) -> dict:
        """What the engine's recorder saw while `act` ran."""
        self.ask("recording")
        act()
        return self.ask("recording/stop")

    @contextlib.contextmanager
    def refusing(self, text: str, **query: int):
        """The engine refuses entries that contain a text, with `times` only so often."""
        self.ask(f"refusals/{text}", "POST", **query)
        try:
            yield
        finally:
            self.ask(f"refusals/{text}", "DELETE")

    def ask(self, path: str, method: str = "POST", **query: float):
        """Asks one of the engine's own paths."""
        url = f"{self.endpoint}/_spillway/{path}?{urllib.parse.urlencode(query)}"
        return json.load(urllib.request.urlopen(urllib.request.Request(url, method=method)))

    def client(self, service: str, key: str = "test", secret: str = "test"):
        config = botocore.config.Config(s3={"addressing_style": "path"}, inject_host_prefix=False)
        keys = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        return self._session.create_client(service, region_name=REGION, endpoint_url=self.endpoint, config=config, **keys)

    def deploy(self, resources: dict) -> dict:
        """Deploys a stack named `probe` and returns the physical ids of its resources by logical id."""
        stacks = self.client("cloudformation")
        stacks.create_stack(StackName="probe", TemplateBody=json.dumps({"Resources": resources}))
        for _ in range(200):
            status = stacks.describe_stacks(StackName="probe")["Stacks"][0]["StackStatus"]
            if status == "CREATE_COMPLETE":
                listed = stacks.list_stack_resources(StackName="probe")["StackResourceSummaries"]
                return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in listed}
            if "FAILED" in status or "ROLLBACK" in status:
                raise AssertionError(f"The stack ended as {status}.")
            time.sleep(0.02)
        raise TimeoutError("The stack was not created in time.")

    def function(self, name: str, code: str, memory: int = 128, timeout: int = 20) -> None:
        """Creates a Node function from its source code."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr("index.js", code)
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime="nodejs24.x",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": archive.getvalue()},
            MemorySize=memory,
            Timeout=timeout,
        )

    def read_by(self, function: str, source: str, **settings) -> None:
        """Makes a function read a queue or a stream, given by its ARN."""
        mapping = {"FunctionName": function, "EventSourceArn": source, "BatchSize": 1, **settings}
        self.client("lambda").create_event_source_mapping(**mapping)

    def workflow(self, definition: dict, name: str = "w", kind: str = "EXPRESS") -> str:
        """Creates a state machine and returns its ARN."""
        role = self.client("iam").create_role(RoleName=f"workflow-{name}", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        machine = self.client("stepfunctions").create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=role, type=kind
        )
        return machine["stateMachineArn"]

    def invoke(self, name: str) -> dict:
        return json.loads(self.client("lambda").invoke(FunctionName=name, Payload=b"{}")["Payload"].read())

    def token(self, client_id: str, secret: str) -> str:
        """Gets an access token with client credentials."""
        form = urllib.parse.urlencode(
            {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        )
        with urllib.request.urlopen(f"{self.endpoint}/oauth2/token", data=form.encode()) as answer:
            return json.load(answer)["access_token"]

    def http(self, api_id: str, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
        """Calls a deployed REST API and returns the status, the headers and the text."""
        url = f"{self.endpoint}/restapis/{api_id}/probe/_user_request_{urllib.parse.quote(path, safe='/?=')}"
        request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, _lowered(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, _lowered(error.headers), error.read().decode()


def _lowered(headers) -> dict:
    return {name.lower(): value for name, value in headers.items()}
