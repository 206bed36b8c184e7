"""All that the house had to show: three slices through the gateway, from two commands."""

DESCRIPTION = "all of the house"
PARTS = (
    "quickstart",
    "replay",
    "conformance",
    "walk",
    "tenant-wall",
    "secrets",
    "proxy-bytes",
    "api-fuzz",
    "bench",
)
