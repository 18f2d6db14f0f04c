"""A disabled API key still works, because MiniStack treats the patch operation's value, the text "false", as true.

AWS takes patch values as text, too, but understands them and refuses the key with 403.
"""

from ministack.services import apigateway_v1 as gateway


def apply() -> None:
    patch = gateway._apply_patch

    def patch_with_booleans(obj, operations):
        patch(obj, operations)
        if isinstance(obj.get("enabled"), str):
            obj["enabled"] = obj["enabled"].lower() == "true"

    gateway._apply_patch = patch_with_booleans
