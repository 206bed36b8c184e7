"""`ledgerway console …`: the way into the console for whoever may run commands on its machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.parts import Parts
from app.running import tell, with_parts

console_app = typer.Typer(no_args_is_help=True, help="The console.")


@console_app.callback()
def _console() -> None:
    """Keep `link` a command of its own: with a single one typer would leave its name out."""


@console_app.command("link")
def console_link(
    environment: Annotated[str, typer.Option(help="The environment's id.")],
) -> None:
    """Print an address that signs in to the console of an environment, once and within 10 minutes."""

    async def work(parts: Parts) -> dict[str, Any]:
        if await parts.environments.find(environment) is None:
            raise typer.BadParameter("there is no such environment")
        url, expires_at = await parts.console.new_link(environment)
        return {"url": url, "expires_at": expires_at.isoformat()}

    tell(with_parts(work))
