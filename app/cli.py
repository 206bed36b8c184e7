"""The `ledgerway` command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from app.cli_console import console_app
from app.cli_keys import key_app
from app.connections.keys import KeyProblem
from app.environments.service import environment_named
from app.errors import FieldError, Problem, ValidationFailed
from app.parts import Parts
from app.running import tell, with_parts
from app.settings import Settings
from app.starting import NotStarted
from app.tokens.tokens import INSTANCE, SCOPES, Caller
from providers.kit.errors import ProviderError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
env_app = typer.Typer(no_args_is_help=True, help="Environments.")
token_app = typer.Typer(no_args_is_help=True, help="API tokens.")
admin_app = typer.Typer(no_args_is_help=True, help="The instance's admin token.")
account_app = typer.Typer(no_args_is_help=True, help="Integrated accounts.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
for name, sub in (
    ("env", env_app),
    ("token", token_app),
    ("admin-token", admin_app),
    ("account", account_app),
    ("key", key_app),
    ("console", console_app),
    ("db", db_app),
):
    app.add_typer(sub, name=name)

B = TypeVar("B", bound=BaseModel)


def main() -> None:
    """Run the command; what the owner can put right is told in words rather than as a trace."""
    try:
        app()
    except (NotStarted, KeyProblem, Problem, ProviderError) as error:
        print(f"ledgerway: {getattr(error, 'detail', error)}", file=sys.stderr)
        for wrong in getattr(error, "errors", ()):
            print(f"  {wrong.field}: {wrong.message}", file=sys.stderr)
        sys.exit(1)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        for item in error.errors(include_input=False, include_url=False):
            name = "_".join(("LEDGERWAY", *map(str, item["loc"]))).upper()
            print(f"ledgerway: {name}: {item['msg']}", file=sys.stderr)
        sys.exit(1)


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="So many processes on one socket.")] = 1,
    fd: Annotated[
        int | None, typer.Option(help="Take connections of the listening socket with this descriptor.")
    ] = None,
    places: Annotated[int | None, typer.Option(hidden=True)] = None,
    place: Annotated[int, typer.Option(hidden=True)] = 0,
    profile: Annotated[Path | None, typer.Option(help="Write a profile of the process here.")] = None,
) -> None:
    """Run the gateway. With several workers, SIGHUP replaces them one by one without losing a call."""
    if workers > 1:
        from app.serving.supervisor import become_supervisor

        if fd is not None or profile is not None:
            raise typer.BadParameter("--fd and --profile are for one process")
        become_supervisor(host, port, workers, Settings().log_level)
    from app.server import Listening
    from app.server import serve as run

    run(Listening(host=host, port=port, descriptor=fd, places=places, place=place), profile)


@app.command()
def demo(
    port: int = 8000,
    sandboxes_port: Annotated[int, typer.Option(help="The sandboxes' index; their own ports follow.")] = 8100,
) -> None:
    """Run the gateway with provider sandboxes and connected accounts."""
    from app.demo import run_demo

    run_demo(port, sandboxes_port)


@app.command()
def sandbox(
    integration: str,
    port: int = 8100,
    seed: int = 1,
    size: Annotated[Literal["small", "full"], typer.Option(help="How large its books are.")] = "full",
) -> None:
    """Run one provider's sandbox."""
    from app.demo import run_sandbox

    run_sandbox(integration, port, seed, size)


@app.command()
def openapi(check: bool = False) -> None:
    """Write openapi/ledgerway.json, or check that it is up to date."""
    from app.main import control_app
    from app.openapi import write

    _written(write(control_app(), check=check), "openapi/ledgerway.json")


@app.command()
def matrix(check: bool = False) -> None:
    """Write docs/capabilities.md, or check that it is up to date."""
    from app.capabilities import write_matrix

    _written(write_matrix(check=check), "docs/capabilities.md")


@app.command()
def errors(check: bool = False) -> None:
    """Write docs/errors.md, or check that it is up to date."""
    from app.error_catalogue import write_page

    _written(write_page(check=check), "docs/errors.md")


@app.command()
def sdk(check: bool = False) -> None:
    """Write app/connect/static/link-sdk.js, or check that it is up to date."""
    from app.browser_sdk import SCRIPT, write_script

    _written(write_script(check=check), SCRIPT.as_posix())


def _written(is_current: bool, path: str) -> None:
    if not is_current:
        print(f"{path} is not up to date: run the command without --check", file=sys.stderr)
        raise typer.Exit(1)


def _checked(kind: type[B], given: Any) -> B:
    """What was given, as the API would take it; a refusal names the fields, never their values."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        wrong = [FieldError(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()]
        raise ValidationFailed("this is not valid", errors=wrong) from None


@env_app.command("create")
def env_create(
    name: str, allow_private_hosts: Annotated[bool, typer.Option("--allow-private-hosts")] = False
) -> None:
    """Make an environment, or find the one of that name, which stays as it is."""
    from app.api.control.bodies import NewEnvironment

    given = _checked(NewEnvironment, {"name": name})

    async def work(parts: Parts) -> dict[str, Any]:
        found = await environment_named(
            parts.environments, parts.clock, given.name, allow_private_hosts=allow_private_hosts
        )
        return {"id": found, "name": given.name}

    tell(with_parts(work))


@admin_app.command("create")
def admin_token_create(name: str = "admin") -> None:
    """Make an admin token of this instance; it opens /environment. Shown once."""

    async def work(parts: Parts) -> dict[str, Any]:
        token_id, token = await parts.tokens.create(None, [INSTANCE], name)
        return {"id": token_id, "token": token}

    tell(with_parts(work))


@token_app.command("create")
def token_create(
    environment: Annotated[str, typer.Option(help="The environment's id.")],
    scopes: str = ",".join(SCOPES),
    name: str = "token",
) -> None:
    """Make an API token of an environment. Shown once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    if not wanted or not set(wanted) <= set(SCOPES):
        raise typer.BadParameter(f"scopes are: {', '.join(SCOPES)}")

    async def work(parts: Parts) -> dict[str, Any]:
        if await parts.environments.find(environment) is None:
            raise typer.BadParameter("there is no such environment")
        token_id, token = await parts.tokens.create(environment, wanted, name)
        return {"id": token_id, "token": token}

    tell(with_parts(work))


@account_app.command("import")
def account_import(
    environment: Annotated[str, typer.Option(help="The environment's id.")],
    file: Annotated[typer.FileText, typer.Argument(help="The body of POST /integrated-account; - reads stdin.")],
) -> None:
    """Import an account from a file, so that its secrets stay out of the shell's history."""
    from app.api.control.bodies import NewAccount, budget_of

    try:
        body = _checked(NewAccount, json.load(file))
    except ValueError:
        # Without its cause: a decoder's error holds the whole file.
        raise ValidationFailed("the file is not JSON") from None

    async def work(parts: Parts) -> dict[str, Any]:
        row = await parts.environments.find(environment)
        if row is None:
            raise typer.BadParameter("there is no such environment")
        caller = Caller(
            environment_id=environment,
            token_id="",
            scopes=frozenset({"connect"}),
            allow_private_hosts=row.allow_private_hosts,
            expires_at=None,
        )
        account = await parts.accounts.create(
            caller,
            body.tenant_id,
            body.integration,
            body.context,
            budget=budget_of(body.daily_budget),
            validate=body.is_validated,
        )
        return {"id": account.id, "status": account.status, "status_reason": account.status_reason}

    tell(with_parts(work))


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's tables up to date."""

    async def work(parts: Parts) -> None:
        del parts  # Building the parts has migrated.

    with_parts(work)
