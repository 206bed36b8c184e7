"""Settings, from environment variables `LEDGERWAY_…`; each is optional for the embedded default."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class Settings(BaseSettings):
    """What the owner of this gateway decides."""

    model_config = SettingsConfigDict(env_prefix="LEDGERWAY_", frozen=True, extra="ignore")

    var_dir: Path = Field(default=Path("var"), description="Where the embedded database and keys live.")
    database_url: SecretStr | None = Field(
        default=None, description="`sqlite:///…` or `postgresql://…`; an SQLite file in VAR_DIR by default."
    )
    redis_url: SecretStr | None = Field(
        default=None, description="`redis://…` or `rediss://…`, shared by all processes; none by default."
    )
    encryption_keys: SecretStr | None = Field(
        default=None,
        description="`id:base64 of 32 bytes`, comma separated, the first seals; a file in VAR_DIR by default.",
    )
    key_service: str | None = Field(
        default=None,
        description="`https://HOST/v1/MOUNT/keys/NAME`: a transit key of Vault or OpenBao that wraps data keys.",
    )
    key_service_token: SecretStr | None = Field(default=None, description="Its token.")
    key_service_token_file: Path | None = Field(default=None, description="A file with its token, read each time.")
    key_service_namespace: str | None = Field(default=None, description="Its namespace, where it has some.")
    key_service_only_opens: bool = Field(
        default=False, description="The key service opens what it has wrapped, and the ring wraps: to move back."
    )
    public_url: str = Field(default="http://127.0.0.1:8000", description="Where callers reach this gateway.")
    allow_private_hosts: str = Field(
        default="", description="Hosts and networks that environments with `allow_private_hosts` may reach."
    )
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    call_log_lines: bool = Field(default=True, description="Whether each call is a line of the log, at level INFO.")
    metrics_token: SecretStr | None = Field(
        default=None, description="What `/metrics` asks for as a bearer token; open by default."
    )
    otlp_endpoint: str | None = Field(
        default=None, description="`http://HOST:4318`: a collector that takes OTLP over HTTP; no traces by default."
    )
    trace_ratio: float = Field(
        default=0.1, ge=0, le=1, description="Which share of calls is traced, where the caller has not decided."
    )
    call_deadline_seconds: float = Field(default=60.0, gt=0, description="How long a unified call may take.")
    proxy_idle_seconds: float = Field(
        default=120.0, gt=0, description="How long a proxied call waits for an answer to begin, and to go on."
    )
    proxy_total_seconds: float = Field(
        default=3_600.0, gt=0, description="How long a proxied answer may take that goes on."
    )
    drain_seconds: float = Field(
        default=0.0, ge=0, le=600, description="How long calls are still taken after `/readyz` begins to say no."
    )
    shutdown_seconds: float = Field(
        default=25.0, ge=1, le=3_600, description="How long calls in hand may take once the process is to stop."
    )
    log_retention_days: int = Field(default=30, ge=1, description="How long the call log is kept.")

    event_retention_days: int = Field(default=30, ge=1, description="How long events are kept, to be pulled.")

    @property
    def database(self) -> str:
        """The database's URL, with the driver the engine wants."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.var_dir.absolute() / 'ledgerway.db'}"
        url = self.database_url.get_secret_value()
        for plain, driven in (
            ("sqlite://", "sqlite+aiosqlite://"),
            ("postgresql://", "postgresql+asyncpg://"),
            ("postgres://", "postgresql+asyncpg://"),
        ):
            if url.startswith(plain):
                return driven + url.removeprefix(plain)
        return url

    @property
    def is_embedded(self) -> bool:
        """Whether the store is the SQLite file of one host."""
        return self.database.startswith("sqlite")

    @property
    def private_hosts(self) -> list[str]:
        """The entries of `allow_private_hosts`."""
        return [entry.strip() for entry in self.allow_private_hosts.split(",") if entry.strip()]
