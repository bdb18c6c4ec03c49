#!/usr/bin/env bash
# The action's middle step: one run of Muster, all formats at once. Everything comes in through the environment; the exit code goes
# out as an output, and the action's last step fails on it.
set -euo pipefail

# In a container the checkout belongs to another user, which git and Muster refuse without this.
if [ -n "${GITHUB_WORKSPACE:-}" ]; then git config --global --add safe.directory "$GITHUB_WORKSPACE"; fi

if [ -z "${MUSTER_FACTS:-}" ]; then
  # A pull request's checkout has one branch; the facts lie on another. None yet is what `muster check` tells about.
  git -C "$MUSTER_DIRECTORY" fetch --quiet --depth=1 origin '+refs/heads/muster/observed:refs/heads/muster/observed' ||
    echo "::notice::There are no facts on muster/observed; run muster sync first"
fi

arguments=(-C "$MUSTER_DIRECTORY" check --fail-on "${MUSTER_FAIL_ON:-low}")
[ -z "${MUSTER_BASE:-}" ] || arguments+=(--base "$MUSTER_BASE")
[ -z "${MUSTER_FACTS:-}" ] || arguments+=(--facts "$MUSTER_FACTS")
[ -z "${MUSTER_AS_OF:-}" ] || arguments+=(--as-of "$MUSTER_AS_OF")
sarif="$MUSTER_OUTPUT/muster.sarif" json="$MUSTER_OUTPUT/muster.json"
arguments+=(--output github --output "sarif=$sarif" --output "json=$json" --output "markdown=$MUSTER_OUTPUT/muster.md")

code=0
"$MUSTER_PROGRAM" "${arguments[@]}" || code=$?
if [ -s "$MUSTER_OUTPUT/muster.md" ]; then cat "$MUSTER_OUTPUT/muster.md" >>"$GITHUB_STEP_SUMMARY"; fi
{
  echo "exit-code=$code"
  [ ! -s "$sarif" ] || echo "sarif-file=$sarif"
  [ ! -s "$json" ] || echo "json-file=$json"
} >>"$GITHUB_OUTPUT"
