"""Each attack on the way to a connected account is refused."""

from __future__ import annotations

import pytest

from tests.app.connect.attacks import ATTACKS, Attack
from tests.app.connect.conftest import Shop


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.__name__ for attack in ATTACKS])
async def test_an_attack_is_refused(shop: Shop, attack: Attack) -> None:
    await attack(shop)
