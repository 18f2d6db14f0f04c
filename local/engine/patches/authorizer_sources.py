"""An authorizer of requests without identity sources asks for the header `Authorization`, and refuses a request that lacks it.

On AWS identity sources are optional for an authorizer of the type REQUEST
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html): without them
its function is called for every request.
"""

from ministack.services.cloudformation import provisioners


def apply() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Authorizer"]
    create, update = handlers["create"], handlers["update"]

    def create_without_sources(logical_id, props, stack_name):
        return create(logical_id, _without_default(props), stack_name)

    def update_without_sources(physical_id, old_props, new_props, *rest, **more):
        return update(physical_id, old_props, _without_default(new_props), *rest, **more)

    handlers.update(create=create_without_sources, update=update_without_sources)


def _without_default(props: dict) -> dict:
    return {"IdentitySource": [], **props} if props.get("AuthorizerType") == "REQUEST" else props
