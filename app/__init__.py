"""The gateway: our service, which knows providers only through `providers.kit`."""

from app.lean import without_old_pydantic, without_orm

# Here, because it must be before anything of ours brings these libraries in.
without_orm()
without_old_pydantic()

VERSION = "0.1.0"
