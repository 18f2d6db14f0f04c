"""A MOCK integration returns its response template unrendered.

AWS renders it, so a literal `$` or `#` must be escaped. The template can read the request's parameters, and set the status
and headers of the response by `$context.responseOverride`.
"""

from ministack.services import apigateway_v1 as gateway

from . import api_templates


def apply() -> None:
    answer = gateway._invoke_mock_v1

    def answer_rendered(integration):
        status, headers, body = answer(integration)
        text = gateway._render_request_template_v1(body.decode(), "", api_templates.parameters())
        return api_templates.overridden(status, headers, text.encode())

    gateway._invoke_mock_v1 = answer_rendered
