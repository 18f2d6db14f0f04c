"""The throttle of a single method has no effect, because CloudFormation keeps its path with every slash as `~1`.

AWS decodes it (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html).
"""

from ministack.services.cloudformation import provisioners


def apply() -> None:
    settings_of = provisioners._apigw_method_settings

    def decoded_settings(raw):
        # the path of the root is a slash, and any other path has a slash in front
        return {key.replace("/~1", "/", 1).replace("~1", "/"): entry for key, entry in settings_of(raw).items()}

    provisioners._apigw_method_settings = decoded_settings
