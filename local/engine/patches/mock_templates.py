"""A MOCK integration returns its response template unrendered.

AWS renders it, so a literal `$` or `#` must be escaped.
"""

from ministack.services import apigateway_v1 as gateway


def apply() -> None:
    answer = gateway._invoke_mock_v1

    def answer_rendered(integration):
        status, headers, body = answer(integration)
        return status, headers, gateway._render_request_template_v1(body.decode(), "", {}).encode()

    gateway._invoke_mock_v1 = answer_rendered
