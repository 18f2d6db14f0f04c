"""A small front door: a validated method that sends straight to a queue, and a static response."""

REQUEST = (
    "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
    "#if($input.params('x-note') != '')&MessageAttribute.1.Name=note&MessageAttribute.1.Value.DataType=String"
    "&MessageAttribute.1.Value.StringValue=$util.urlEncode($input.params('x-note'))#end"
)
RESPONSE = (
    "#set($context.responseOverride.status = 299)"
    "#set($context.responseOverride.header.Location = \"$context.path?at=$context.requestTimeEpoch\")"
    '{"id":"$input.path(\'$.SendMessageResponse.SendMessageResult.MessageId\')"}'
)
STATIC = (
    "#if($input.params('add') != '')#set($context.responseOverride.status = 298)"
    "#set($context.responseOverride.header.Allow = 'GET')#end"
    '#set($sum = 1 + 1){"sum":$sum}'
)
MODEL = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "properties": {"account": {"type": "string"}},
    "required": ["account"],
    "additionalProperties": False,
}


def method(verb: str, integration: dict, **more) -> dict:
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    common = {"RestApiId": {"Ref": "Api"}, "ResourceId": root, "HttpMethod": verb, "AuthorizationType": "NONE"}
    return {"Type": "AWS::ApiGateway::Method", "Properties": {**common, **more, "Integration": integration}}


def door(key_required: bool = False) -> dict:
    uri = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Queue.QueueName}"}
    send = {
        "Type": "AWS",
        "IntegrationHttpMethod": "POST",
        "Uri": uri,
        "PassthroughBehavior": "NEVER",
        "RequestTemplates": {"application/json": REQUEST},
        "IntegrationResponses": [
            {"StatusCode": "202", "SelectionPattern": "200", "ResponseTemplates": {"application/json": RESPONSE}}
        ],
    }
    static = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode":200}'},
        "IntegrationResponses": [
            {"StatusCode": "200", "ResponseTemplates": {"application/json": STATIC}}
        ],
    }
    too_large = {"application/problem+json": "x", "application/json": '{"limit":"10 MB"}'}
    refused = {"application/json": '{"detail":"$context.error.validationErrorString"}'}
    failed = {"application/json": '{"detail":"It failed."}'}
    api = {"Ref": "Api"}
    return {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "probe"}},
        "Model": {
            "Type": "AWS::ApiGateway::Model",
            "Properties": {"RestApiId": api, "Name": "Account", "ContentType": "application/json", "Schema": MODEL},
        },
        "Validator": {
            "Type": "AWS::ApiGateway::RequestValidator",
            "Properties": {"RestApiId": api, "ValidateRequestBody": True},
        },
        "Post": method(
            "POST", send, RequestValidatorId={"Ref": "Validator"}, RequestModels={"application/json": {"Ref": "Model"}}
        ),
        "Get": method("GET", static, ApiKeyRequired=key_required),
        "TooLarge": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": api, "ResponseType": "REQUEST_TOO_LARGE", "StatusCode": "413", "ResponseTemplates": too_large
            },
        },
        "Refused": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": api, "ResponseType": "BAD_REQUEST_BODY", "StatusCode": "400", "ResponseTemplates": refused
            },
        },
        "Failed": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": api,
                "ResponseType": "DEFAULT_5XX",
                "ResponseTemplates": failed,
                "ResponseParameters": {"gatewayresponse.header.Content-Type": "'application/problem+json'"},
            },
        },
        "Deployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": ["Post", "Get", "TooLarge", "Refused", "Failed"],
            "Properties": {"RestApiId": api, "StageName": "probe"},
        },
    }


def proxying(function: str) -> dict:
    """The front door with a function behind its GET method."""
    resources = door()
    arn = f"arn:aws:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{function}"
    uri = {"Fn::Sub": f"arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations"}
    resources["Get"] = method("GET", {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri})
    return resources


def throttled() -> dict:
    """The front door with a stage on which one method may be called twice a minute."""
    resources = door()
    resources["Notes"] = {
        "Type": "AWS::ApiGateway::Resource",
        "Properties": {"RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "PathPart": "notes"},
    }
    resources["GetNotes"] = {
        **resources["Get"], "Properties": {**resources["Get"]["Properties"], "ResourceId": {"Ref": "Notes"}}
    }
    throttle = {"ThrottlingRateLimit": 1 / 30, "ThrottlingBurstLimit": 2}
    resources["Deployment"] = {
        "Type": "AWS::ApiGateway::Deployment", "DependsOn": ["GetNotes"], "Properties": {"RestApiId": {"Ref": "Api"}}
    }
    resources["Stage"] = {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "DeploymentId": {"Ref": "Deployment"},
            "StageName": "probe",
            "MethodSettings": [{"HttpMethod": "GET", "ResourcePath": "/~1notes", **throttle}],
        },
    }
    return resources


def guarded() -> dict:
    """The front door with a user pool in front of its static response."""
    pool = {"Ref": "Pool"}
    resources = door()
    resources["Get"]["Properties"].update({"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Authorizer"}})
    return {
        **resources,
        "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "probe"}},
        "Scopes": {
            "Type": "AWS::Cognito::UserPoolResourceServer",
            "Properties": {
                "UserPoolId": pool,
                "Identifier": "probe",
                "Name": "probe",
                "Scopes": [{"ScopeName": "read", "ScopeDescription": "read"}],
            },
        },
        "Authorizer": {
            "Type": "AWS::ApiGateway::Authorizer",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "Name": "probe",
                "Type": "COGNITO_USER_POOLS",
                "IdentitySource": "method.request.header.Authorization",
                "ProviderARNs": [{"Fn::GetAtt": ["Pool", "Arn"]}],
            },
        },
    }
