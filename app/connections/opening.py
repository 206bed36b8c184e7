"""Opens accounts' credentials, and says what it means where they do not open."""

from __future__ import annotations

from collections.abc import Mapping

from app.connections.key_register import KeyRegister
from app.connections.key_service import KeyGone, VaultProblem
from app.connections.store import AccountStore, IntegratedAccount
from app.connections.vault import Vault
from app.errors import Conflict, KeysUnavailable, NeedsReauth, NotFound
from app.logs import get_logger
from providers.kit.clock import Clock

log = get_logger()

CHANGES_MAX = 3

KEY_LOST = "key_lost"
DAMAGED = "damaged"
REASONS: Mapping[str, str] = {
    KEY_LOST: "the key that the account's credentials were sealed with is lost: connect again",
    DAMAGED: "the account's stored credentials are damaged: connect again",
}


class AccountOpener:
    """Opens what is sealed; an account whose credentials are gone for good is set to `needs_reauth`."""

    def __init__(self, store: AccountStore, vault: Vault, register: KeyRegister, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._register = register
        self._clock = clock

    async def open(self, account: IntegratedAccount) -> tuple[IntegratedAccount, Mapping[str, str]]:
        """The account and its secrets: as it was given, or as it is now where it was sealed anew meanwhile.

        Raises `NeedsReauth` where the credentials are gone for good, and `KeysUnavailable` where that is not sure.
        """
        for _ in range(CHANGES_MAX):
            try:
                return account, await self._vault.open(account.secrets, account.key, account.place)
            except (KeyGone, VaultProblem) as error:
                current = await self._store.find(account.environment_id, account.id)
                if current is None:
                    raise NotFound("the account is gone") from None
                if (current.wrapped_key, current.secrets) == (account.wrapped_key, account.secrets):
                    raise await self._refusal(current, error) from error
                account = current  # Its key was rotated and retired, or it was connected again, since it was read.
        raise Conflict("the account is being changed too often to be opened")

    async def set_lost(self, account: IntegratedAccount, code: str) -> IntegratedAccount | None:
        """Say that the customer of one in use must connect again; None where nothing was changed.

        What else an account is in stays told: it had to be connected, or again, before.
        """
        if account.status != "active":
            return None
        log.warning("account needs reauth", account_id=account.id, integration=account.integration, reason=code)
        values = {"status": "needs_reauth", "status_reason": REASONS[code], "reason_code": code}
        return await self._store.change(account, self._clock.now(), values)

    async def set_found(self, account: IntegratedAccount) -> bool:
        """Take that back, if its credentials open again."""
        try:
            await self._vault.open(account.secrets, account.key, account.place)
        except (KeyGone, VaultProblem):
            return False
        values = {"status": "active", "status_reason": None, "reason_code": None}
        return await self._store.change(account, self._clock.now(), values) is not None

    async def _refusal(self, account: IntegratedAccount, error: Exception) -> Exception:
        if await self._register.has_lost(account.key_id):
            code = KEY_LOST
        elif isinstance(error, VaultProblem) and await self._register.opens(account.key_id):
            code = DAMAGED
        else:
            # This process has not got the key; another may. It is the owner who must act, not the customer.
            log.error("a key is missing: see `ledgerway key lost`", key=account.key_id, account_id=account.id)
            return KeysUnavailable("this gateway has not got the key of the account's credentials")
        account = await self.set_lost(account, code) or account
        return NeedsReauth(REASONS[code], reason_code=code, lost=account.loss)
