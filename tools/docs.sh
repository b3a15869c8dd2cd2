#!/usr/bin/env bash
# Generates docs/ from the provider's schemas, templates/ and examples/. With --check it generates elsewhere and compares.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=docs
if [ "${1:-}" = --check ]; then
  mkdir -p bin
  target=$(mktemp -d bin/docs-XXXXXX) # inside the repository: tfplugindocs takes relative folders only
fi
schema=$(mktemp)
trap 'rm -rf "$schema"; [ "$target" = docs ] || rm -rf "$target"' EXIT

go run ./tools/schema >"$schema"
log=$(go tool -modfile=tools/docs/go.mod tfplugindocs generate --provider-dir "$PWD" --provider-name directory \
  --providers-schema "$schema" --rendered-website-dir "$target" 2>&1) || { printf '%s\n' "$log" >&2; exit 1; }

if [ "$target" != docs ]; then
  diff -ru docs "$target" || { echo 'docs/ is not up to date (make generate).' >&2; exit 1; }
fi
