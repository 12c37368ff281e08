"""The tablet's screens asked by their addresses, without a browser."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from ani_portal.access.roles import using_role
from requests.models import CodewordRequest
from tests.cast import PIN, Cast
from tests.visitors import tablet


def post(client: Client, name: str, record: CodewordRequest | None = None, **boxes: Any) -> Any:
    """Send one form of the tablet, with a key of its own unless one is given."""
    data = {"key": str(uuid4()), **boxes}
    if record is not None:
        data["record"] = str(record.pk)
    return client.post(f"/counter/{name}/", data)


def answer(client: Client, record: CodewordRequest, step: str, **boxes: Any) -> Any:
    """Answer one question."""
    return post(client, "answer", record, step=step, **boxes)


def words_of(response: Any) -> str:
    """What a screen says, without its marks and with single spaces."""
    text = re.sub(r"<template.*?</template>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(text.split())


def newest() -> CodewordRequest:
    """The newest record."""
    with using_role("owner"):
        return CodewordRequest.objects.latest("started_at")


def begun(cast: Cast, *, drill: bool = False, name: str = "") -> Client:
    """A tablet in the turn of a tile, or, with `name`, of somebody who typed their name."""
    client = tablet(cast, "norfolk")
    who = {"staff": "", "name": name} if name else {"staff": str(cast.staff("norfolk").pk), "pin": PIN}
    response = client.post("/counter/begin/", {**who, **({"drill": "1"} if drill else {})})
    found = re.search(r'data-token="([^"]+)"', response.content.decode())
    assert found is not None
    client.defaults["HTTP_X_SITTING"] = found[1]
    return client
