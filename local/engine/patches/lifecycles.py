"""CloudFormation drops a bucket's lifecycle, and no object expires.

S3 deletes an object at the first midnight that is so many days after its creation
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html), if it has the prefix and the tags of the rule.
This patch keeps those rules, and lets time pass when it is asked to: POST /_spillway/lifecycles/BUCKET/PREFIX?at=SECONDS
deletes the objects that will have expired by then, of those whose keys begin with the prefix. Transitions, versions and
unfinished uploads are left alone.
"""

import math
from datetime import datetime

from ministack.services import s3
from ministack.services.cloudformation import provisioners

from . import own_paths

DAY_SECONDS = 86_400


def apply() -> None:
    keep = ("LifecycleConfiguration", _rules, s3._bucket_lifecycle.__setitem__, s3._delete_bucket_lifecycle)
    provisioners._S3_BUCKET_CONFIGURATIONS += (keep,)


def expiring(app):
    """Wraps the engine's application with the path."""

    def expire(_method: str, path: str, query: dict) -> None:
        bucket, _, prefix = path.partition("/")
        for key, item in list(s3._buckets[bucket]["objects"].items()):
            rules = s3._bucket_lifecycle.get(bucket, [])
            if key.startswith(prefix) and any(_has_expired(rule, bucket, key, item, float(query["at"])) for rule in rules):
                s3._delete_object(bucket, key)

    return own_paths.serving(app, "/_spillway/lifecycles/", expire)


def _rules(configuration: dict) -> list[dict]:
    """The rules that expire objects, as GetBucketLifecycleConfiguration shows them."""
    return [
        {
            "ID": rule.get("Id", ""),
            "Status": rule["Status"],
            "Filter": {"And": {"Prefix": rule.get("Prefix", ""), "Tags": rule.get("TagFilters", [])}},
            "Expiration": {"Days": int(rule["ExpirationInDays"])},
        }
        for rule in configuration["Rules"]
        if "ExpirationInDays" in rule
    ]


def _has_expired(rule: dict, bucket: str, key: str, item: dict, at: float) -> bool:
    wanted = rule["Filter"]["And"]
    tags = s3._object_tags.get((bucket, key, item.get("version_id")), {})
    if rule["Status"] != "Enabled" or not key.startswith(wanted["Prefix"]):
        return False
    if any(tags.get(tag["Key"]) != tag["Value"] for tag in wanted["Tags"]):
        return False
    created = datetime.fromisoformat(item["last_modified"]).timestamp()
    return at >= math.ceil((created / DAY_SECONDS) + rule["Expiration"]["Days"]) * DAY_SECONDS
