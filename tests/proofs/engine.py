"""All that the engine had to show: never throttled, never lying, alone or in a fleet."""

DESCRIPTION = "all of the engine, and the proofs before it on PostgreSQL and Redis"
PARTS = (
    "pacing",
    "provider-faults",
    "ssrf",
    "rolling-restart",
    "bench",
    "soak",
    "replay@fleet",
    "walk@fleet",
    "records@fleet",
    "totals@fleet",
    "fuzz@fleet",
    "tenant-wall@fleet",
    "secrets@fleet",
    "proxy-bytes@fleet",
    "api-fuzz@fleet",
    "connect-browser@fleet",
    "oauth-attacks@fleet",
    "refresh-stampede@fleet",
    "refresh-kills@fleet",
    "key-rotation@fleet",
    "webhook-delivery@fleet",
    "provider-faults@fleet",
    "ssrf@fleet",
)
