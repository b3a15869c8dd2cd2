#!/usr/bin/env bash
# Fuzzes every decoder for a while, two at a time with one worker each. An input that fails is written to testdata/fuzz of
# its package: fix the code, and commit the input.
#
#   tools/fuzz.sh 10s
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
duration=${1:?how long for each, such as 10s}

targets() { # prints "PACKAGE TARGET" for each
  local file
  git grep -l '^func Fuzz' -- '*_test.go' | while read -r file; do
    sed -nE "s|^func (Fuzz[A-Za-z0-9]+)\(.*|./$(dirname "$file") \1|p" "$file"
  done
}

fuzz() { # fuzz PACKAGE TARGET DURATION
  local output
  if output=$(go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$3" -parallel 1 2>&1); then
    printf '%s %s: %s\n' "$1" "$2" "$(grep -oE 'execs: [0-9]+' <<<"$output" | tail -n 1)"
  else
    printf '%s %s FAILED:\n%s\n' "$1" "$2" "$output"
    return 1
  fi
}
export -f fuzz

targets | xargs -P 2 -L 1 bash -c 'fuzz "$2" "$3" "$1"' fuzz "$duration"
