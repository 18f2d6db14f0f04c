"""Lets tests make PutEvents, PutRecords, PutRecordBatch and SendMessageBatch refuse single entries, as AWS does when it is busy.

POST /_spillway/refusals/TEXT begins, and DELETE ends it: an entry that contains the text is refused, and the others of its call are
taken. With ?times=2, it is refused only twice. So is a message to a connection whose id contains the text, as that of a client that
does not read. MiniStack takes all entries, and any number of messages.
"""

import base64
import binascii
import json
import math
import threading

from ministack.services import apigateway, eventbridge, firehose, kinesis, sqs

from . import own_paths

# how often entries with each text are still refused
_texts: dict[bytes, float] = {}
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

    apigateway.handle_connections_api = _taking_pushes(apigateway.handle_connections_api)

    return own_paths.serving(app, "/_spillway/refusals/", _order)


def _order(method: str, text: str, query: dict) -> None:
    with _lock:
        if method == "POST":
            _texts[text.encode()] = float(query.get("times", math.inf))
        else:
            _texts.pop(text.encode(), None)


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


def _taking_pushes(serve):
    """The API of a socket's connections, which refuses messages as if a client's buffer were full."""

    async def take(method, api_id, stage, connection_id, *rest):
        if method == "POST" and _is_named(connection_id.encode()):
            headers = {"Content-Type": "application/json", "x-amzn-ErrorType": "LimitExceededException"}
            return 429, headers, b'{"message":"refused by a test"}'
        return await serve(method, api_id, stage, connection_id, *rest)

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
    return _is_named(text)


def _is_named(text: bytes) -> bool:
    with _lock:
        named = next((each for each, left in _texts.items() if left > 0 and each in text), None)
        if named is None:
            return False
        _texts[named] -= 1
        return True
