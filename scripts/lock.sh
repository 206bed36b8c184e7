#!/usr/bin/env bash
# Resolves pyproject.toml into the hashed locks; `scripts/lock.sh --upgrade` takes the newest versions.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet uv

lock() {
  local name="$1"
  shift
  .venv/bin/python -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --output-file "requirements/$name.txt" "$@"
}

every=(--extra postgres --extra redis --extra telemetry)
lock dev --extra dev "${every[@]}" "$@"
# The smaller sets keep to the versions that were tested.
tested() { sed -nE 's/^([a-z0-9._-]+==[^ ;]+).*/\1/p' requirements/dev.txt; }
lock fleet "${every[@]}" --constraint <(tested)
lock runtime --constraint <(tested)
