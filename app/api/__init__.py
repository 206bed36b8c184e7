"""HTTP: one file per route group. `hot` dispatches the hot paths before the FastAPI app."""
