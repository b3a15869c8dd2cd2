#!/usr/bin/env bash
# Looks for what should never be committed: left-over files, conflict markers, carriage returns, spaces at line ends, dashes
# that keyboards do not have, Go files without a license, and words that people do not use any more. Prints each with its place
# and ends non-zero if there is any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C # bytes, whatever the reader's locale

found=0
complain() { # complain WHAT LINES
  [ -z "$2" ] && return
  printf '%s:\n%s\n' "$1" "$2"
  found=1
}

# Files that git has or would take, and that exist.
mapfile -t files < <(git ls-files --cached --others --exclude-standard | while read -r f; do [ -f "$f" ] && printf '%s\n' "$f"; done)
texts=()
for f in "${files[@]}"; do
  case $f in LICENSE | */go.sum | go.sum | */testdata/fuzz/*) ;; *) texts+=("$f") ;; esac
done

complain 'Left-over files' "$(printf '%s\n' "${files[@]}" | grep -E '(~|\.(orig|rej|bak|swp|swo|tmp|log|test|prof|out))$|(^|/)\.DS_Store$|(^|/)__debug_bin' || true)"
complain 'Conflict markers' "$(grep -nIE '^(<<<<<<<|>>>>>>>)( |$)' -- "${texts[@]}" || true)"
complain 'Carriage returns' "$(grep -nIl $'\r$' -- "${texts[@]}" || true)"
complain 'Spaces at line ends' "$(printf '%s\n' "${texts[@]}" | grep -v '\.md$' | xargs -d '\n' grep -nIE '[ 	]+$' -- || true)"
complain 'Em-dashes and en-dashes (write a comma, a colon or a hyphen)' "$(grep -nIE $'\xe2\x80\x93|\xe2\x80\x94' -- "${texts[@]}" || true)"
complain 'Go files whose first line is not "// SPDX-License-Identifier: MPL-2.0"' \
  "$(printf '%s\n' "${texts[@]}" | grep '\.go$' | while read -r f; do
    [ "$(head -n 1 "$f")" = '// SPDX-License-Identifier: MPL-2.0' ] || printf '%s\n' "$f"
  done)"

# Plain, present-day English: a reader should never have to read a sentence twice.
words='whom|whomever|whoever|somebody|nobody|anybody|everybody|he|him|his|himself|she|her|hers|shall|whilst|amongst'
words+='|goes by|go by|makes of|none the worse|earns|the one who|the ones who'
prose=()
for f in "${texts[@]}"; do
  case $f in *.go | *.md | *.tmpl | *.tf | *.hcl | *.sh | *.yml | *.jq) [ "$f" = tools/check-text.sh ] || prose+=("$f") ;; esac
done
complain 'Words that this project does not use' "$(grep -niwE "$words" -- "${prose[@]}" || true)"
exit "$found"
