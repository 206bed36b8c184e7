"""`ledgerway key …`: the keys that seal credentials. They work where the gateway refuses to start for its keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from app.connections import rotation
from app.parts import Parts
from app.running import tell, with_parts

key_app = typer.Typer(no_args_is_help=True, help="The keys that seal credentials.")


def _answer(work: Callable[[Parts], Awaitable[dict[str, Any]]]) -> None:
    tell(with_parts(work, check_keys=False))


@key_app.command("list")
def key_list() -> None:
    """The keys' ids, the primary first, and which of them are needed."""
    _answer(rotation.keys_in_use)


@key_app.command("rotate")
def key_rotate() -> None:
    """Make a new primary key and re-wrap every data key with it, while the gateway serves."""
    tell(with_parts(rotation.rotate))


@key_app.command("rewrap")
def key_rewrap() -> None:
    """Re-wrap every data key with the key of now: after a new one was put first, or a key service rotated."""
    tell(with_parts(rotation.rewrap))


@key_app.command("retire")
def key_retire(key_id: str) -> None:
    """Drop a key that nothing needs any more."""
    tell(with_parts(lambda parts: rotation.retire(parts, key_id)))


@key_app.command("lost")
def key_lost(
    mark: Annotated[
        bool, typer.Option("--mark", help="The keys are lost for good: their accounts must be connected again.")
    ] = False,
) -> None:
    """What is sealed under keys that are not to be had here: accounts, environments' clients, webhooks."""
    _answer(lambda parts: rotation.lost(parts, mark=mark))


@key_app.command("found")
def key_found() -> None:
    """Take `lost --mark` back, for keys that are there after all."""
    _answer(rotation.take_back)
