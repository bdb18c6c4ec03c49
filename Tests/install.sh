#!/usr/bin/env bash
# Installs what building Muster needs, with `tests` what its tests need too, with `peers` what muster-bench compares it with.
# Silent and quick where nothing is missing.
#   Tests/install.sh [build|tests|peers]
set -euo pipefail
cd "$(dirname "$0")/.."

# libgit2 git, zlib its packs, libyaml YAML, simdjson JSON, ISA-L gzip, libzstd zstd, RE2 patterns, OpenSSL and xxHash digests and signatures, CCTZ time zones, SQLite the catalog.
packages=(libgit2-dev zlib1g-dev libyaml-dev libsimdjson-dev libisal-dev libzstd-dev libre2-dev libssl-dev libxxhash-dev libcctz-dev libsqlite3-dev git openssh-client)
[ "${1:-build}" = peers ] && packages+=(python3 python3-venv)
[ "${1:-build}" = tests ] && packages+=(xxhash jq python3 python3-venv python3-yaml zstd)
# The C++ standard library's headers, whichever version this Debian has.
compgen -G '/usr/include/c++/*/vector' >/dev/null || packages+=(g++)

say() { printf '%s\n' "$*" >&2; }

install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not a Debian system. Muster needs what Debian calls: ${packages[*]}"
    return
  fi
  local missing
  missing=$(comm -23 <(printf '%s\n' "${packages[@]}" | sort) \
    <(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "${packages[@]}" 2>/dev/null | awk '$2 == "ii" {print $1}' | sort))
  [ -n "$missing" ] || return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "Missing Debian packages. As root, run: apt-get install" $missing
      exit 2
    fi
    root=(sudo)
  fi
  say "Installing Debian packages:" $missing
  export DEBIAN_FRONTEND=noninteractive
  # A broken third-party source must not stop what the other sources can give.
  "${root[@]}" apt-get update -qq </dev/null >&2 || say "apt-get update had problems; trying to install all the same."
  # shellcheck disable=SC2086
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing </dev/null >&2
}

check_swift() {
  if ! command -v swift >/dev/null; then
    say "Muster needs a Swift toolchain, 6.1 or later, and there is no 'swift' on this machine. For Debian 12, as you:"
    say "  curl -O https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz"
    say "  tar zxf swiftly-$(uname -m).tar.gz && ./swiftly init"
    say "or see https://www.swift.org/install/linux/ and put its usr/bin folder on your PATH. Then run this again."
    exit 2
  fi
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  if [ "$(printf '%s\n' 6.1 "${version:-0}" | sort -V | head -n 1)" != 6.1 ]; then
    say "Muster needs Swift 6.1 or later; '$(command -v swift)' is ${version:-of an unknown version}."
    say "See https://www.swift.org/install/linux/."
    exit 2
  fi
}

# The real pre-commit, for the test of the hook; without it that test is skipped and says so.
install_pre_commit() {
  local tool=.build/pre-commit
  [ -x "$tool/bin/pre-commit" ] && return
  command -v python3 >/dev/null || return 0
  say "Installing pre-commit from PyPI into $tool"
  if ! { python3 -m venv "$tool" && "$tool/bin/pip" install --quiet 'pre-commit>=4,<5'; } </dev/null >&2; then
    say "pre-commit could not be installed; the test of the hook will be skipped."
    rm -rf "$tool"
  fi
}

# Whom muster-bench measures beside Muster; without them it measures Muster alone and says so.
install_peers() {
  local folder=.build/peers
  "$folder/bin/python" -c 'import cel, celpy, chdb, duckdb, isal, orjson, polars' 2>/dev/null && return
  say "Installing CEL evaluators, ClickHouse, DuckDB, Polars and orjson from PyPI into $folder"
  python3 -m venv "$folder" </dev/null >&2
  "$folder/bin/pip" install --quiet 'cel-python>=0.5,<0.6' 'common-expression-language>=0.10,<0.11' \
    'chdb>=4.4,<5' 'duckdb>=2,<3' 'polars>=2.1,<3' 'orjson>=3.13,<4' 'isal>=1.8,<2' </dev/null >&2
}

install_packages
check_swift
if [ "${1:-build}" = tests ]; then install_pre_commit; fi
if [ "${1:-build}" = peers ]; then install_peers; fi
