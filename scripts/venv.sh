#!/usr/bin/env bash
# Makes .venv from a hashed lock: `scripts/venv.sh runtime` or `scripts/venv.sh dev`. Does nothing when it is current.
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-runtime}"
lock="requirements/$kind.txt"
root="$PWD"

# The checkout's path is part of the stamp: a copied or moved environment is made anew.
stamp_of() { { sha256sum < "requirements/$1.txt"; echo "$root"; } | sha256sum | cut -d' ' -f1; }
is_current() { [ "$(cat ".venv/.lock-$1" 2>/dev/null)" = "$(stamp_of "$1")" ] && [ -x .venv/bin/ledgerway ]; }

# The dev lock holds all of the runtime lock.
if is_current "$kind" || { [ "$kind" = runtime ] && is_current dev; }; then exit 0; fi

find_python() {
  local name
  for name in python3.11 /usr/bin/python3.11 python3 python3.12 python3.13; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$name" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  echo "Ledgerway needs Python 3.11 or later; none was found." >&2
  return 1
}

install_venv_module() {
  local package
  package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  echo "This Python has no ensurepip; installing $package" >&2
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >&2
  elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
    { sudo -n apt-get update -qq && sudo -n apt-get install -y -qq "$package"; } >&2
  else
    echo "Run this once, then try again:  sudo apt-get install -y $package" >&2
    exit 1
  fi
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  python="$(find_python)"
  "$python" -c 'import ensurepip, venv' 2>/dev/null || install_venv_module "$python"
  rm -rf .venv
  "$python" -m venv .venv
fi

echo "Installing $lock into .venv" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes -r "$lock"

# The checkout itself is put on the path rather than built: it needs no build tool, and works offline.
site="$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
printf '%s\n' "$root" > "$site/ledgerway.pth"
cat > .venv/bin/ledgerway <<'SHIM'
#!/bin/sh
exec "$(dirname -- "$0")/python" -P -c 'import sys; sys.argv[0] = "ledgerway"; from app.cli import main; main()' "$@"
SHIM
chmod +x .venv/bin/ledgerway
stamp_of "$kind" > ".venv/.lock-$kind"
