"""`python -m tests.proofs [NAME] [--scale 0.1] [--store fleet]`: runs a proof, or lists them."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import traceback

from tests.proofs.frame import Figures, proofs, run
from tests.proofs.store import KINDS, SQLITE, servers


def main() -> int:
    """0 only if the proof held."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs")
    parser.add_argument("name", nargs="?")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--store", choices=KINDS, default=SQLITE)
    asked = parser.parse_args()
    known = proofs()
    if asked.name is None:
        for proof in known.values():
            parts = f": {', '.join(proof.parts)}" if proof.parts else ""
            print(f"{proof.name:18} {proof.description}{parts}")
        return 0
    if asked.name not in known:
        print(f"there is no proof {asked.name}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    # Whatever went wrong, the proof did not hold.
    try:
        figures = asyncio.run(_on(asked.store, asked.name, asked.scale))
    except Exception:
        traceback.print_exc()
        print(json.dumps({"proof": asked.name, "held": False}))
        return 1
    print(json.dumps({"proof": asked.name, "held": True, "scale": asked.scale, "store": asked.store, **figures}))
    return 0


async def _on(store: str, name: str, scale: float) -> Figures:
    async with servers(store):
        return await run(name, scale)


if __name__ == "__main__":
    sys.exit(main())
