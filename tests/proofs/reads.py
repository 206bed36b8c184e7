"""All that the reads had to show: every book of both providers, whole, exact and incremental."""

DESCRIPTION = "all of the reads"
PARTS = ("replay", "conformance", "walk", "records", "totals", "fuzz", "bench")
