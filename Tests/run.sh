#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test once.
#   Tests/run.sh [--filter REGEX] [--fuzz [SECONDS]]
# --filter runs only the tests whose names match. --fuzz gives each fuzz test that much time (60 s) instead of a moment.
# Samples that the project does not carry lie in ../shared (or MUSTER_SHARED); tests that read them are skipped without.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: Tests/run.sh [--filter REGEX] [--fuzz [SECONDS]]" >&2
  exit 2
}

filter=()
while [ $# -gt 0 ]; do
  case "$1" in
    --filter)
      [ $# -gt 1 ] || usage
      filter=(--filter "$2")
      shift 2
      ;;
    --fuzz)
      export MUSTER_FUZZ_SECONDS=60
      shift
      case "${1:-}" in [0-9]*) MUSTER_FUZZ_SECONDS=$1 && shift ;; esac
      ;;
    *) usage ;;
  esac
done

Tests/install.sh tests
# Everything, the programs too: the end-to-end tests run them.
swift build --build-tests </dev/null

shared=${MUSTER_SHARED:-../shared}
if compgen -G "$shared/cel/*.json" >/dev/null && [ ${#filter[@]} -eq 0 ]; then
  .build/debug/cel-conformance "$shared"/cel/*.json
fi
swift test --skip-build "${filter[@]}" </dev/null
