"""A customer's browser without script: keeps cookies, follows redirects, presses the buttons it is shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2


class _Page(HTMLParser):
    """What of a page can be pressed or filled in."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.links: list[tuple[str, str]] = []
        self.refresh: str | None = None
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                {"action": given.get("action", ""), "method": given.get("method", "get"), "fields": {}}
            )
        elif tag == "input" and self.forms and "name" in given:
            if given.get("type") in ("radio", "checkbox") and "checked" not in given:
                self.forms[-1]["fields"].setdefault(given["name"], None)
            else:
                self.forms[-1]["fields"][given["name"]] = given.get("value", "")
        elif tag == "a":
            self._link = given.get("href")
        elif tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            found = re.match(r"\s*\d+\s*;\s*url=(.*)", given.get("content", ""), re.IGNORECASE)
            self.refresh = found.group(1).strip("'\" ") if found else None

    def handle_data(self, data: str) -> None:
        if self._link is not None and data.strip():
            self.links.append((data.strip(), self._link))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None


class Browser:
    """One customer's browser."""

    def __init__(self) -> None:
        self.http = httpx2.AsyncClient(follow_redirects=False, timeout=60.0)
        self.url = ""
        self.status = 0
        self.text = ""
        self.headers: httpx2.Headers = httpx2.Headers()
        self.visited: list[str] = []

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    @property
    def screen(self) -> str:
        """Which screen of ours is shown: what its body says."""
        found = re.search(r'data-screen="([a-z-]+)"', self.text)
        return found.group(1) if found else ""

    @property
    def page(self) -> _Page:
        page = _Page()
        page.feed(self.text)
        return page

    async def open(self, url: str, *, stops_at: str | None = None) -> None:
        """Go there, and on with every redirect and refresh; not to an address that begins with `stops_at`."""
        await self._go("GET", url, None, stops_at)

    async def send(self, *, stops_at: str | None = None, number: int = -1, **values: str) -> None:
        """Fill the form in and send it."""
        form = self.page.forms[number]
        fields = {name: value for name, value in {**form["fields"], **values}.items() if value is not None}
        await self._go(form["method"].upper(), urljoin(self.url, form["action"]), fields, stops_at)

    async def press(self, words: str) -> None:
        """Follow the link with these words."""
        address = next(href for text, href in self.page.links if words in text)
        await self._go("GET", urljoin(self.url, address), None, None)

    async def _go(self, method: str, url: str, fields: dict[str, str] | None, stops_at: str | None) -> None:
        for _ in range(15):
            if stops_at is not None and url.startswith(stops_at):
                self.url = url
                return
            headers = {"Sec-Fetch-Site": "same-origin"} if method == "POST" else {}
            if method == "POST":
                answer = await self.http.post(url, data=fields, headers=headers)
            else:
                answer = await self.http.get(url, params=fields or None)
            self.url, self.status, self.text, self.headers = url, answer.status_code, answer.text, answer.headers
            self.visited.append(urlsplit(url).path)
            onward = answer.headers.get("location") if answer.is_redirect else self.page.refresh
            if onward is None:
                return
            method, url, fields = "GET", urljoin(url, onward), None
        raise AssertionError("the pages lead nowhere")
