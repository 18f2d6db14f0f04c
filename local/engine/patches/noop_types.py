"""A single resource type that MiniStack does not know makes the whole template fail.

The types below are used in our templates but have no function on the local engine: they are recorded and do nothing.
"""

from ministack.services.cloudformation import provisioners

TYPES: tuple[str, ...] = (
    # the engine serves a WebSocket API's routes as they are now
    "AWS::ApiGatewayV2::Deployment",
    "AWS::Athena::NamedQuery",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::EventSchemas::Registry",
    "AWS::EventSchemas::Schema",
    "AWS::XRay::SamplingRule",
)


def apply() -> None:
    def create(logical_id, _props, stack_name):
        return f"{stack_name}-{logical_id}", {"Arn": f"arn:aws:noop:::{stack_name}/{logical_id}"}

    for resource_type in TYPES:
        provisioners._RESOURCE_HANDLERS.setdefault(resource_type, {"create": create, "delete": lambda *_: None})
