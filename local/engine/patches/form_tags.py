"""A presigned form's field `tagging` is ignored. On S3 it sets the object's tags
(https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html).

This patch sets them once the object is there. Its key must not have a placeholder.
"""

from ministack.services import s3


def apply() -> None:
    post = s3._post_object

    def post_and_tag(bucket: str, body: bytes, headers: dict):
        answer = post(bucket, body, headers)
        parts = s3._parse_multipart_form(headers.get("content-type", ""), body)
        fields = {name.lower(): value for name, filename, _, value in parts if name != "file"}
        if answer[0] < 400 and "tagging" in fields:
            s3._put_object_tagging(bucket, fields["key"].decode(), fields["tagging"])
        return answer

    s3._post_object = post_and_tag
