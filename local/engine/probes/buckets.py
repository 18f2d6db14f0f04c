"""Probes of buckets: the tags of what a form uploads, and what a lifecycle deletes."""

import time
import urllib.request

from .engine import Probe

DAY_SECONDS = 86_400
TAGGING = "<Tagging><TagSet><Tag><Key>claim</Key><Value>none</Value></Tag></TagSet></Tagging>"
BOUNDARY = "probe"


def tags_uploads(probe: Probe) -> bool:
    objects = probe.client("s3")
    objects.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    fields = {"tagging": TAGGING}
    form = objects.generate_presigned_post("uploads", "a", fields, [{"tagging": TAGGING}])
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in form["fields"].items()]
    parts.append('Content-Disposition: form-data; name="file"; filename="a"\r\n\r\ntext')
    body = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    urllib.request.urlopen(urllib.request.Request(form["url"], body.encode(), headers))
    return objects.get_object_tagging(Bucket="uploads", Key="a")["TagSet"] == [{"Key": "claim", "Value": "none"}]


def expires_objects(probe: Probe) -> bool:
    """A rule by tag and one by prefix, each at its time and only where it applies."""
    rules = [
        {"Status": "Enabled", "TagFilters": [{"Key": "claim", "Value": "none"}], "ExpirationInDays": 2},
        {"Status": "Enabled", "Prefix": "b/", "ExpirationInDays": 10},
        {"Status": "Disabled", "ExpirationInDays": 1},
    ]
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"LifecycleConfiguration": {"Rules": rules}}}
    name = probe.deploy({"Bucket": bucket})["Bucket"]
    objects = probe.client("s3")
    for key, tags in (("a/free", "claim=none"), ("a/kept", "claim=job"), ("b/kept", "claim=job"), ("c/free", "claim=none")):
        objects.put_object(Bucket=name, Key=key, Tagging=tags)

    def left_after(days: int, prefix: str = "") -> list[str]:
        probe.ask(f"lifecycles/{name}/{prefix}", at=time.time() + days * DAY_SECONDS)
        return [each["Key"] for each in objects.list_objects_v2(Bucket=name)["Contents"]]

    everything = ["a/free", "a/kept", "b/kept", "c/free"]
    return [left_after(1), left_after(3, "a/"), left_after(3), left_after(11)] == [
        everything,
        everything[1:],
        everything[1:3],
        everything[1:2],
    ]
