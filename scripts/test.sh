#!/usr/bin/env bash
# Runs the suite, with a private PostgreSQL and Redis that live only as long as it does, and Chromium. Arguments go to
# pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

as_owner=()   # PostgreSQL refuses to run as root.
home=""
server_pid=""
redis_pid=""

find_binaries() {
  if command -v initdb >/dev/null; then dirname "$(readlink -f "$(command -v initdb)")"; return; fi
  local found
  found="$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
  if [ -x "$found/initdb" ]; then echo "$found"; fi
}

as_root=()
may_install() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
}

apt_install() {
  { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } >&2 || true
}

install_chromium() {
  may_install || return 0
  echo "Installing Chromium for the tests" >&2
  apt_install chromium
}

# Installs a server's package without starting the server that comes with it, which nobody asked for.
install_server() {
  local package="$1" name="$2"
  may_install || return 0
  echo "Installing $name for the tests" >&2
  # An answer of 101 keeps a package from starting its server.
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod +x "$policy"
    trap '"${as_root[@]}" rm -f "$policy"; trap - RETURN' RETURN
  fi
  apt_install "$package"
}

stop_postgres() {
  if [ -n "$server_pid" ]; then
    kill -INT "$server_pid" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$server_pid" 2>/dev/null || break; sleep 0.1; done
  fi
  if [ -n "$home" ]; then rm -rf "$home"; fi
}

start_postgres() {
  local binaries="$1" port password
  home="$(mktemp -d "${TMPDIR:-/tmp}/ledgerway-postgres.XXXXXX")"
  port="$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
  password="$(.venv/bin/python -c 'import secrets; print(secrets.token_hex(16))')"
  printf '%s\n' "$password" > "$home/password"
  if [ "$(id -u)" = 0 ]; then
    as_owner=(runuser -u postgres --)
    chown -R postgres "$home"
  fi
  ( cd "$home"
    "${as_owner[@]}" "$binaries/initdb" -D "$home/cluster" -U ledgerway --auth=scram-sha-256 --pwfile="$home/password" \
      -E UTF8 --locale=C.UTF-8 --no-sync > "$home/initdb.log"
    # A test's database need not survive a power cut.
    "${as_owner[@]}" "$binaries/pg_ctl" -D "$home/cluster" -l "$home/server.log" -w -t 60 start > /dev/null -o \
      "-h 127.0.0.1 -p $port -k $home -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" )
  server_pid="$(head -n 1 "$home/cluster/postmaster.pid")"
  export LEDGERWAY_TEST_DATABASE_URL="postgresql://ledgerway:$password@127.0.0.1:$port/postgres"
}

start_redis() {
  local port
  port="$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
  # Nothing is written down: what a test put there need not outlive it.
  redis-server --bind 127.0.0.1 --port "$port" --save "" --appendonly no --databases 64 > /dev/null &
  redis_pid=$!
  export LEDGERWAY_TEST_REDIS_URL="redis://127.0.0.1:$port"
}

stop_redis() {
  if [ -n "$redis_pid" ]; then kill "$redis_pid" 2>/dev/null || true; wait "$redis_pid" 2>/dev/null || true; fi
}

trap 'stop_redis; stop_postgres' EXIT
skipped=""
if [ -n "${LEDGERWAY_TEST_DATABASE_URL:-}" ]; then
  echo "Using the PostgreSQL of LEDGERWAY_TEST_DATABASE_URL" >&2
else
  binaries="$(find_binaries)"
  if [ -z "$binaries" ]; then install_server postgresql PostgreSQL; binaries="$(find_binaries)"; fi
  if [ -n "$binaries" ]; then
    start_postgres "$binaries"
  else
    skipped="SKIPPED: the PostgreSQL half of the suite. To run it: sudo apt-get install -y postgresql"
    echo "$skipped" >&2
  fi
fi

if [ -n "${LEDGERWAY_TEST_REDIS_URL:-}" ]; then
  echo "Using the Redis of LEDGERWAY_TEST_REDIS_URL" >&2
else
  if ! command -v redis-server >/dev/null; then install_server redis-server Redis; fi
  if command -v redis-server >/dev/null; then
    start_redis
  else
    without_redis="SKIPPED: what several processes share by Redis. To run it: sudo apt-get install -y redis-server"
    echo "$without_redis" >&2
    skipped="${skipped:+$skipped$'\n'}$without_redis"
  fi
fi

if [ -z "${LEDGERWAY_TEST_CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
  install_chromium
  if ! command -v chromium >/dev/null; then
    without_browser="SKIPPED: the connect page in a real browser. To run it: sudo apt-get install -y chromium"
    echo "$without_browser" >&2
    skipped="${skipped:+$skipped$'\n'}$without_browser"
  fi
fi

status=0
# Most tests wait for servers to start and stop, so there are more processes than cores.
.venv/bin/python -m pytest -n "$(( $(nproc) * 3 / 2 ))" --dist worksteal "$@" || status=$?
if [ -n "$skipped" ]; then
  echo "$skipped" >&2
  # Where changes are judged, half a suite is not a suite.
  if [ -n "${CI:-}" ] && [ "$status" = 0 ]; then status=1; fi
fi
exit "$status"
