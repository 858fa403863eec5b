"""A program in another language on the stream of a store: it needs nats-py and cloudevents, and nothing of this package.

cloudevents_nats.py URL STREAM publish   publishes events in several ways
cloudevents_nats.py URL STREAM read      prints the stream's events, a line of JSON each
"""

import asyncio
import json
import sys
from datetime import datetime, timezone
from urllib.parse import quote

import nats
from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

FORMAT = JSONFormat()


def token(text):
    """A text as one token of a subject."""
    return quote(text, safe="").replace(".", "%2E") or "%"


def subject(stream, name, *routing):
    """The subject of an event: the values of its routing keys in the order of the keys' names."""
    return ".".join([stream, *map(token, name.split(".")), *map(token, routing)])


def order(id, source="/python/\u00e4 %", **attributes):
    attributes = {"id": id, "source": source, "type": "shop.order placed", "specversion": "1.0", **attributes}
    return CloudEvent(attributes=attributes, data={"id": len(id), "region": "eu.west"})


async def publish(stream, jetstream):
    where = subject(stream, "shop.order placed", "eu.west")
    full = order(
        "id \u00e4\u20ac\"%",
        time=datetime(2026, 1, 2, 3, 4, 5, 250000, tzinfo=timezone.utc),
        datacontenttype="application/json",
        dataschema="https://shop.example/order",
        subject="Bestellung \u00fc",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        tenant="Z\u00fcrich",
    )
    message = http.to_binary(full, FORMAT)
    for _ in range(2):
        await jetstream.publish(where, message.body, headers={**message.headers, "Nats-Msg-Id": full.get_id()})
    # No attributes at all, and a name without routing values.
    await jetstream.publish(subject(stream, "shop.order placed"), b'{"id":2,"region":"us"}')
    structured = http.to_structured(order("structured \u00e4"), FORMAT)
    await jetstream.publish(where, structured.body, headers=structured.headers)
    # A structure that isn't one.
    await jetstream.publish(where, b"[", headers=structured.headers)


async def read(stream, jetstream):
    subscription = await jetstream.pull_subscribe(f"{stream}.>", stream=stream)
    for message in await subscription.fetch((await jetstream.stream_info(stream)).state.messages):
        event = http.from_binary(http.HTTPMessage(headers=message.headers or {}, body=message.data), FORMAT)
        attributes = {key: value for key, value in event.get_attributes().items() if value is not None}
        attributes["time"] = attributes["time"].astimezone(timezone.utc).isoformat()
        print(json.dumps({"at": message.subject, "data": event.get_data(), **attributes}))


async def main():
    url, stream, command = sys.argv[1:]
    connection = await nats.connect(url)
    await (publish if command == "publish" else read)(stream, connection.jetstream())
    await connection.close()


asyncio.run(main())
