"""All that connecting had to show: a customer links an account in a minute, and it stays connected."""

DESCRIPTION = "all of connecting"
PARTS = (
    "connect-browser",
    "refresh-stampede",
    "refresh-kills",
    "oauth-attacks",
    "key-rotation",
    "webhook-delivery",
)
