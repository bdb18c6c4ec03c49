#!/usr/bin/env bash
# Builds Muster and shows its main job on the invented company in examples/acme, in a temporary copy.
#   examples/quickstart.sh [--keep]
# --keep leaves the copy for you to play with. MUSTER=PATH uses that program instead of building one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(dirname "$here")
now=2026-11-20T12:00:00Z

case "$*" in
  "") keep=false ;;
  --keep) keep=true ;;
  *) echo "usage: examples/quickstart.sh [--keep]" >&2 && exit 2 ;;
esac

if [ -z "${MUSTER:-}" ]; then
  "$project/Tests/install.sh" build
  echo "Building Muster (some minutes the first time) …"
  build=(swift build --package-path "$project" -c release --static-swift-stdlib --product muster)
  "${build[@]}" </dev/null
  MUSTER="$("${build[@]}" --show-bin-path)/muster"
fi

folder=$(mktemp -d)
finish() {
  if $keep; then printf '\nThe copy is in %s\n' "$folder/acme"; else rm -rf "$folder"; fi
}
trap finish EXIT

# Says what comes next; bold on a terminal.
step() {
  if [ -t 1 ]; then printf '\n\033[1m── %s\033[0m\n' "$*"; else printf '\n── %s\n' "$*"; fi
}
# Shows a command as you would type it, then runs it.
run() {
  local word shown='$'
  for word in "$@"; do
    case "$word" in *[!A-Za-z0-9_./:=@-]*) shown+=" '$word'" ;; *) shown+=" $word" ;; esac
  done
  printf '%s\n' "$shown"
  "$@"
}

# Nothing of your own git settings or keys is used or changed.
unset "${!GIT_@}" SSH_AUTH_SOCK
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
# The story plays on one day: commits are dated then, so that the audit log tells one time.
export GIT_AUTHOR_DATE="$now" GIT_COMMITTER_DATE="$now"
mkdir "$folder/bin" && ln -s "$MUSTER" "$folder/bin/muster" && PATH="$folder/bin:$PATH"
cp -R "$here/acme" "$folder/acme" && cd "$folder/acme"
git init --quiet --initial-branch=main
git config user.name Ana && git config user.email ana@acme.example
# A key for Ana, only for this demonstration: the public half takes the place of the one in owners.yaml.
ssh-keygen -q -t ed25519 -N '' -C ana@acme.example -f "$folder/ana"
git config gpg.format ssh && git config user.signingkey "$folder/ana"
old=$(sed -n '/^  ana:/,/github:/s/.*keys: \["\(.*\)"\].*/\1/p' owners.yaml)
owners=$(<owners.yaml)
printf '%s\n' "${owners/"$old"/"$(cut -d' ' -f1,2 "$folder/ana.pub")"}" >owners.yaml

step "A governance repository: who owns each machine identity, what it is for, what it may do, when it ends."
git add muster.yaml owners.yaml .github && git commit --quiet -m "Say who can be accountable"
git add --all && git commit --quiet -m "Declare our machine identities"
run ls
run cat identities/payments/refund-worker.yaml

step "sync: what the accounts' exports and CloudTrail show becomes facts, on a branch of their own."
run muster sync --as-of "$now"

step "check: what is declared against what is granted and what was used. One planted case for each policy:"
code=0
run muster check --as-of "$now" || code=$?
[ "$code" -eq 1 ] || { echo "muster check ended with $code instead of 1 (findings)" >&2 && exit 1; }

step "review open: each finding becomes a Markdown item for the owner who must decide."
run muster review open 2026-q4 --as-of "$now"
git add --all && git commit --quiet -m "Open the review of the fourth quarter" || true
item=$(basename "$(grep -l '^identity: refund-worker' reviews/2026-q4/*granted-not-declared.md)" .md)
run muster review show "$item"

step "decide: Ana decides; the decision is signed with her key and committed."
run muster decide "$item" reduce --as-of "$now" --reason "A hot fix of June needed it; nothing used it since."
run git log --oneline -n 4

step "audit: who decided what, when, on which evidence. Anyone with a clone can check it, without a network."
run muster audit log
run muster audit verify
