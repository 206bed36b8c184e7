"""OAuth's three calls (authorize, code for tokens, refresh), by Authlib over the guarded connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.upstream.sender import Upstream
from providers.kit.errors import BadAnswer, TimedOut, Unauthorised
from providers.kit.provider import NewTokens, OAuth, OAuthClient, Provider, Secrets, Settings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

# Some providers let a replaced refresh token live for 30 seconds more: a call whose answer is lost is given up
# while there is time for another.
CALL_SECONDS = 20.0

EnvironmentClient = Callable[[str, str], Awaitable[OAuthClient | None]]
"""An environment's own OAuth client of an integration: environment id, slug → the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCall:
    """What a call of a token endpoint needs beside its grant."""

    oauth: OAuth
    client: OAuthClient
    settings: Settings
    allow_private: bool


def client_in_use(provider: Provider, settings: Settings, secrets: Secrets, own: OAuthClient | None) -> OAuthClient:
    """The client that the account's tokens were given to: one imported with them, else the environment's own.

    Raises `Unauthorised` with the code `invalid_client` where there is none.
    """
    oauth = provider.oauth
    client_id = secrets.get("client_id") or (oauth.client_id_of(settings) if oauth is not None else None)
    secret = secrets.get("client_secret")
    if own is not None and secret is None and client_id in (None, own.client_id):
        return own
    if client_id is None:
        raise Unauthorised("the account's OAuth client is no longer here", provider_code="invalid_client")
    return OAuthClient(client_id=client_id, client_secret=secret, settings=own.settings if own else {})


def authorization_url(call: TokenCall, *, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the customer's browser goes to approve. The verifier stays here; its hash goes along."""
    client = _client(call, None, lambda _: None)
    url, _ = client.create_authorization_url(
        call.oauth.authorize_url(call.settings, call.client),
        state=state,
        code_verifier=verifier if call.oauth.takes_pkce else None,
        redirect_uri=redirect_uri,
    )
    return str(url)


class OAuthCalls:
    """Calls of token endpoints. Each is sent once: whoever asks decides whether to ask again."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def exchange(self, call: TokenCall, *, code: str, redirect_uri: str, verifier: str) -> NewTokens:
        """The tokens for a code that the browser brought back. Raises as `read_tokens` does, and `TimedOut`."""
        more = {"code_verifier": verifier} if call.oauth.takes_pkce else {}
        return await self._ask(
            call,
            lambda client: client.fetch_token(
                call.oauth.token_url(call.settings, call.client),
                grant_type="authorization_code",
                code=code,
                redirect_uri=redirect_uri,
                **more,
            ),
        )

    async def refresh(self, call: TokenCall, refresh_token: str) -> NewTokens:
        """The tokens for a refresh token, which the provider may have rotated. Raises as `exchange`."""
        return await self._ask(
            call,
            lambda client: client.refresh_token(
                call.oauth.token_url(call.settings, call.client), refresh_token=refresh_token
            ),
        )

    async def _ask(self, call: TokenCall, ask: Callable[[AsyncOAuth2Client], Awaitable[Any]]) -> NewTokens:
        # Before Authlib's client reads the address in its own way, and fails in its own words.
        self._upstream.check(call.oauth.token_url(call.settings, call.client), allow_private=call.allow_private)
        read: list[NewTokens] = []

        def hook(response: Any) -> Any:
            # Ours reads the answer before Authlib does: what a refusal means differs from provider to provider.
            read.append(call.oauth.read_tokens(response.status_code, response.content))
            return response

        try:
            async with asyncio.timeout(CALL_SECONDS):
                await ask(_client(call, self._upstream, hook))
        except TimeoutError as error:
            raise TimedOut("the provider's token endpoint took too long") from error
        except ValueError:
            raise BadAnswer("the token endpoint's answer cannot be read") from None
        return read[0]


def _client(call: TokenCall, upstream: Upstream | None, hook: Callable[[Any], Any]) -> AsyncOAuth2Client:
    # Some 11 MB, which a gateway without OAuth accounts need not hold.
    from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415

    from app.connections.oauth_transport import GuardedTransport  # noqa: PLC0415

    client = AsyncOAuth2Client(
        client_id=call.client.client_id,
        client_secret=call.client.client_secret,
        # In the form, where every provider takes it; ERPNext takes a Basic header for an API key.
        token_endpoint_auth_method="client_secret_post" if call.client.client_secret else "none",
        scope=call.oauth.scope,
        code_challenge_method="S256",
        transport=GuardedTransport(upstream, allow_private=call.allow_private) if upstream is not None else None,
        trust_env=False,
    )
    client.register_compliance_hook("access_token_response", hook)
    client.register_compliance_hook("refresh_token_response", hook)
    return client
