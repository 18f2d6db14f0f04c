"""Lets tests make PutEvents, PutRecords, PutRecordBatch and SendMessageBatch refuse single entries, as AWS does when it is busy.

POST /_spillway/refusals/TEXT begins, and DELETE ends it: an entry that contains the text is refused, and the others of its call are
taken. MiniStack takes all entries.
"""

import base64
import binascii
import json
import threading
import urllib.parse

from ministack.services import eventbridge, firehose, kinesis, sqs

PREFIX = "/_spillway/refusals/"

_texts: set[bytes] = set()
_lock = threading.Lock()


def refusing(app):
    """Wraps the engine's application with the path."""
    eventbridge._put_events = _taking("Entries", "Entries", "FailedEntryCount", "ThrottlingException", eventbridge._put_events)
    put = _taking("Records", "Records", "FailedRecordCount", "ProvisionedThroughputExceededException", kinesis._put_records)
    kinesis._put_records = put
    batch = firehose._HANDLERS["PutRecordBatch"]
    batch = _taking("Records", "RequestResponses", "FailedPutCount", "ServiceUnavailableException", batch)
    firehose._HANDLERS["PutRecordBatch"] = batch
    sqs._HANDLERS["SendMessageBatch"] = _taking_messages(sqs._HANDLERS["SendMessageBatch"])

    async def serve(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            return await app(scope, receive, send)
        text = urllib.parse.unquote(scope["path"].removeprefix(PREFIX)).encode()
        with _lock:
            (_texts.add if scope["method"] == "POST" else _texts.discard)(text)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return serve


def _taking(entries: str, answers: str, failures: str, code: str, put):
    """The operation `put`, which takes only the entries that are not refused."""

    def take(data, *args, **kwargs):
        sent = data.get(entries, [])
        refused = [_is_refused(entry) for entry in sent]
        if not any(refused):
            return put(data, *args, **kwargs)
        body = {answers: [], failures: 0}
        status, headers = 200, {"Content-Type": "application/x-amz-json-1.1"}
        if not all(refused):
            taken = [entry for entry, is_refused in zip(sent, refused) if not is_refused]
            status, headers, text = put({**data, entries: taken}, *args, **kwargs)
            if status != 200:
                return status, headers, text
            body = json.loads(text)
        results = iter(body[answers])
        refusal = {"ErrorCode": code, "ErrorMessage": "refused by a test"}
        body[answers] = [refusal if is_refused else next(results) for is_refused in refused]
        body[failures] += sum(refused)
        return status, headers, json.dumps(body).encode()

    return take


def _taking_messages(send):
    """SendMessageBatch, which answers by the ids of the entries."""

    def take(data, *args):
        sent = data.get("Entries", [])
        refused = [entry for entry in sent if _is_refused(entry)]
        if not refused:
            return send(data, *args)
        taken = [entry for entry in sent if entry not in refused]
        answer = send({**data, "Entries": taken}, *args) if taken else {"Successful": [], "Failed": []}
        refusal = {"Code": "ServiceUnavailable", "Message": "refused by a test", "SenderFault": False}
        answer["Failed"] += [{"Id": entry["Id"], **refusal} for entry in refused]
        return answer

    return take


def _is_refused(entry: dict) -> bool:
    if not _texts:
        return False
    text = str(entry.get("Detail", entry.get("MessageBody", ""))).encode()
    if "Data" in entry:
        try:
            text = base64.b64decode(entry["Data"])
        except binascii.Error:
            return False
    with _lock:
        return any(each in text for each in _texts)
