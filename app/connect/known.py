"""What is known of a link: its account, what it offers, and what need not be asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.connect.offers import Offer, Offers
from app.connect.store import LinkToken
from app.connections.store import AccountStore, IntegratedAccount
from app.connections.vault import Vault
from providers.kit.registry import all_providers


class Known:
    """Looks up what stands behind a link."""

    def __init__(self, accounts: AccountStore, offers: Offers, vault: Vault) -> None:
        self._accounts = accounts
        self._offers = offers
        self._vault = vault

    async def account_of(self, link: LinkToken) -> IntegratedAccount | None:
        """The account that the link connects again, if it is for one."""
        if link.account_id is None:
            return None
        return await self._accounts.find(link.environment_id, link.account_id)

    async def made_by(self, link: LinkToken) -> IntegratedAccount | None:
        """The account that a spent link has made, or connected again."""
        if link.made_account_id is None:
            return None
        return await self._accounts.find(link.environment_id, link.made_account_id)

    async def offers_of(self, link: LinkToken) -> Mapping[str, Offer]:
        """What can be chosen with the link."""
        return await self._offers.of(link, await self.account_of(link))

    async def known_values(self, link: LinkToken) -> dict[str, str]:
        """What need not be asked: the caller's own context, and for a re-connect what was connected before."""
        account = await self.account_of(link)
        before = texts(account.settings) if account is not None else {}
        return before | texts(await self.context_given(link))

    async def context_given(self, link: LinkToken) -> dict[str, Any]:
        """What the caller gave of the context when the link was made."""
        if not link.given:
            return {}
        kept = await self._vault.open(link.given, link.key, link.place, "given")
        found: dict[str, Any] = json.loads(kept["context"])
        return found

    async def whole(self, link: LinkToken, context: Mapping[str, Any]) -> dict[str, Any]:
        """The context with what the caller gave beside it, and what a re-connect keeps."""
        account = await self.account_of(link)
        kept: dict[str, Any] = {}
        if account is not None and link.keeps_context:
            names = {field.name for field in all_providers()[account.integration].connect_fields}
            kept = {name: value for name, value in account.settings.items() if name in names}
        return {**kept, **await self.company_kept(link), **await self.context_given(link), **context}

    async def company_kept(self, link: LinkToken) -> dict[str, Any]:
        """The company that a re-connected account is of: it stays that company's."""
        account = await self.account_of(link)
        if account is None or "company" not in account.settings:
            return {}
        return {"company": account.settings["company"]}


def texts(given: Mapping[str, Any]) -> dict[str, str]:
    """The texts among what was given."""
    return {name: value for name, value in given.items() if isinstance(value, str)}
