"""A WebSocket API whose function chooses a subprotocol, and sends to the connection that it gets a message over."""

import base64
import os
import socket
import urllib.parse
import urllib.request

from .engine import Probe

CHOOSING = """
exports.handler = async ({ headers }) => {
  const [, second] = (headers['sec-websocket-protocol'] ?? '').split(', ')
  return { statusCode: 200, headers: second && { 'Sec-WebSocket-Protocol': second } }
}
"""

ALLOWING = """
exports.handler = async ({ methodArn }) => ({
  principalId: 'p',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: '*', Effect: 'Allow', Resource: methodArn }] },
})
"""


def socket_api(probe: Probe) -> dict:
    """The resources of a WebSocket API with the stage `probe`."""
    probe.function("choosing", CHOOSING)
    api = {"Ref": "Socket"}
    integration = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": _uri("choosing")}
    route = {"ApiId": api, "RouteKey": "$connect", "Target": {"Fn::Sub": "integrations/${SocketIntegration}"}}
    return {
        "Socket": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "probe", "ProtocolType": "WEBSOCKET"}},
        "SocketIntegration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": integration},
        "SocketConnect": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
        "SocketStage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": api, "StageName": "probe"}},
    }


def _uri(function: str) -> dict:
    lambdas = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": f"{lambdas}/arn:aws:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{function}/invocations"}


def handshake(probe: Probe, path: str) -> dict:
    """Opens a WebSocket and returns the status of the answer and its headers."""
    address = urllib.parse.urlparse(probe.endpoint)
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
        "Sec-WebSocket-Protocol: first, second\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(request.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(4096)
    status, *lines = answer.split(b"\r\n\r\n")[0].decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return {"status": status.split(" ")[1], **headers}


def chooses_protocols(probe: Probe) -> bool:
    api = probe.deploy(socket_api(probe))["Socket"]
    answer = handshake(probe, f"/_aws/execute-api/{api}/probe")
    return (answer["status"], answer.get("sec-websocket-protocol")) == ("101", "second")


def asks_the_authorizer(probe: Probe) -> bool:
    probe.function("allowing", ALLOWING)
    resources = socket_api(probe)
    authorizer = {"ApiId": {"Ref": "Socket"}, "AuthorizerType": "REQUEST", "Name": "a", "AuthorizerUri": _uri("allowing")}
    resources["Authorizer"] = {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": authorizer}
    guarded = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Authorizer"}}
    resources["SocketConnect"]["Properties"].update(guarded)
    api = probe.deploy(resources)["Socket"]
    return handshake(probe, f"/_aws/execute-api/{api}/probe")["status"] == "101"
