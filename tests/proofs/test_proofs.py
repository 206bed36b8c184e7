"""Every proof, at a small scale, as its command runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.proofs.frame import proofs
from tests.proofs.store import KINDS

NAMES = [name for name, proof in proofs().items() if not proof.parts]


@pytest.mark.parametrize("name", NAMES)
def test_a_proof_holds_at_a_small_scale(name: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.proofs", name, "--scale", "0.05"],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )

    assert ran.returncode == 0, ran.stderr[-4000:] + ran.stdout[-2000:]
    assert json.loads(ran.stdout.splitlines()[-1])["held"] is True


def test_each_part_of_a_group_exists() -> None:
    known = proofs()
    parts = [part.partition("@") for proof in known.values() for part in proof.parts]

    missing = {name for name, _, store in parts if name not in known or store not in ("", *KINDS)}

    assert not missing


def test_an_unknown_proof_is_named_and_refused() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.proofs", "no-such-proof"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 2
    assert "no-such-proof" in ran.stderr
