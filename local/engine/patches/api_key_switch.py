"""A disabled API key still opens the door: the patch's value, the text "false", counts as true.

AWS takes patch values as text, too, and refuses the key with 403.
"""

from ministack.services import apigateway_v1 as gateway


def apply() -> None:
    patch = gateway._apply_patch

    def patch_with_booleans(obj, operations):
        patch(obj, operations)
        if isinstance(obj.get("enabled"), str):
            obj["enabled"] = obj["enabled"].lower() == "true"

    gateway._apply_patch = patch_with_booleans
