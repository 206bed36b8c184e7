"""A person before a sandbox's consent page, without a browser."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2


def forms(html: str) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Each button's method, action and fields."""
    found = {}
    for method, action, inside in re.findall(
        r'<form method="(\w+)" action="([^"]*)">(.*?)</form>', html, re.DOTALL
    ):
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', inside)
        label = re.findall(r"<button[^>]*>([^<]*)</button>", inside)[0]
        found[label] = (method, unescape(action), {unescape(name): unescape(value) for name, value in fields})
    return found


async def press(http: httpx2.AsyncClient, html: str, label: str) -> httpx2.Response:
    """What the button leads to; a callback elsewhere is not followed."""
    method, action, fields = forms(html)[label]
    if method == "post":
        return await http.post(action, data=fields)
    return await http.get(action, params=fields)


def brought_back(answer: httpx2.Response) -> tuple[str, dict[str, str]]:
    """Where the browser is led, and with what."""
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    told = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", told
