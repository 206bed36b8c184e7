#!/usr/bin/env bash
# Lint, format, types, import rules, and whether the generated files are up to date.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
trees=()
for tree in app providers unified_models tests benchmarks; do
  if [ -d "$tree" ]; then trees+=("$tree"); fi
done

status=0
run() {
  echo "== $*" >&2
  "$@" || status=1
}
run "$bin/ruff" check "${trees[@]}"
run "$bin/ruff" format --check "${trees[@]}"
run "$bin/mypy"
run "$bin/lint-imports"
run "$bin/ledgerway" openapi --check
run "$bin/ledgerway" matrix --check
run "$bin/ledgerway" errors --check
run "$bin/ledgerway" sdk --check
exit "$status"
