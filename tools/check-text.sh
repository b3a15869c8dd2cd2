#!/usr/bin/env bash
# Looks for what should never be committed: left-over files, conflict markers, carriage returns, spaces at line ends, dashes
# that keyboards do not have, Go files without a license, and words that people do not use any more. Prints each with its place
# and ends non-zero if there is any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C # bytes, whatever the reader's locale

found=0
complain() { # complain WHAT COMMAND...: reports what the command prints
  local lines
  lines=$("${@:2}")
  [ -z "$lines" ] && return
  printf '%s:\n%s\n' "$1" "$lines"
  found=1
}

# search is grep, for which it is no error to find nothing. Any other failure of grep ends the script.
search() { grep "$@" || [ $? -eq 1 ]; }

# Files that git has or would take, and that exist.
list=$(git -c core.quotePath=false ls-files --cached --others --exclude-standard) # ends the script without a repository
files=() texts=()
while IFS= read -r f; do
  [ -f "$f" ] || continue
  files+=("$f")
  case $f in LICENSE | */go.sum | go.sum | */testdata/fuzz/*) ;; *) texts+=("$f") ;; esac
done <<<"$list"
trimmed=() # files in which a space at a line's end has no meaning
for f in "${texts[@]}"; do
  case $f in *.md) ;; *) trimmed+=("$f") ;; esac
done

left_over() { printf '%s\n' "${files[@]}" | search -E '(~|\.(orig|rej|bak|swp|swo|tmp|log|test|prof|out))$|(^|/)\.DS_Store$|(^|/)__debug_bin'; }
unlicensed() {
  local f
  for f in "${texts[@]}"; do
    case $f in *.go) [ "$(head -n 1 "$f")" = '// SPDX-License-Identifier: MPL-2.0' ] || printf '%s\n' "$f" ;; esac
  done
}

complain 'Left-over files' left_over
complain 'Conflict markers' search -nIE '^(<<<<<<<|>>>>>>>)( |$)' -- "${texts[@]}"
complain 'Carriage returns' search -nIl $'\r$' -- "${texts[@]}"
complain 'Spaces at line ends' search -nIE '[ 	]+$' -- "${trimmed[@]}"
complain 'Em-dashes and en-dashes (write a comma, a colon or a hyphen)' search -nIE $'\xe2\x80\x93|\xe2\x80\x94' -- "${texts[@]}"
complain 'Go files whose first line is not "// SPDX-License-Identifier: MPL-2.0"' unlicensed

# Plain, present-day English: a reader should never have to read a sentence twice.
words='whom|whomever|whoever|somebody|nobody|anybody|everybody|he|him|his|himself|she|her|hers|shall|whilst|amongst'
words+='|goes by|go by|makes of|none the worse|earns|the one who|the ones who'
prose=()
for f in "${texts[@]}"; do
  case $f in *.go | *.md | *.tmpl | *.tf | *.hcl | *.sh | *.yml | *.jq) [ "$f" = tools/check-text.sh ] || prose+=("$f") ;; esac
done
complain 'Words that this project does not use' search -niwE "$words" -- "${prose[@]}"
exit "$found"
