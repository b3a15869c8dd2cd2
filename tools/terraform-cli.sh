#!/usr/bin/env bash
# Prints the path of the Terraform or OpenTofu command that the demo and the acceptance tests use. In this order:
# TF_ACC_TERRAFORM_PATH, `terraform` from PATH, `tofu` from PATH, and an OpenTofu built from the sources that
# tools/opentofu/go.mod pins. That build takes some minutes, once: the result stays in the user's cache directory.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
minimum=1.8 # functions of providers came with Terraform 1.8 and OpenTofu 1.7

say() { printf '%s\n' "$*" >&2; }

# new_enough CLI: whether it runs and is at least $minimum. A configuration file of the user's must not decide that.
new_enough() {
  local version
  version=$(TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 "$1" version 2>/dev/null |
    sed -nE '1s/^[A-Za-z]+ v([0-9]+\.[0-9]+).*/\1/p') || return 1
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$minimum" "$version" | sort -V | head -n 1)" = "$minimum" ]
}

build_opentofu() {
  local version directory target
  version=$(sed -nE 's|^[[:space:]]*github.com/opentofu/opentofu (v[^ ]+).*|\1|p' "$here/opentofu/go.mod")
  directory=${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-directory/opentofu-$version
  target=$directory/tofu
  if [ ! -x "$target" ]; then
    say "Neither terraform nor tofu $minimum or later is in PATH: building OpenTofu $version into $directory."
    say "This takes some minutes, once."
    mkdir -p "$directory"
    # Without the linker flag it would call itself a development version.
    GOWORK=off go -C "$here/opentofu" build -trimpath -buildvcs=false \
      -ldflags '-s -w -X github.com/opentofu/opentofu/version.dev=no' \
      -o "$target.$$" github.com/opentofu/opentofu/cmd/tofu >&2
    mv "$target.$$" "$target" # whole or not at all, also when two runs build at once
  fi
  printf '%s\n' "$target"
}

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
  cli=$(command -v "$TF_ACC_TERRAFORM_PATH") || { say "TF_ACC_TERRAFORM_PATH=$TF_ACC_TERRAFORM_PATH cannot be run."; exit 1; }
  [[ $cli == /* ]] || cli=$PWD/$cli # tests run it in other folders
  new_enough "$cli" || { say "TF_ACC_TERRAFORM_PATH=$TF_ACC_TERRAFORM_PATH is no Terraform or OpenTofu $minimum or later."; exit 1; }
  printf '%s\n' "$cli"
  exit
fi
for name in terraform tofu; do
  cli=$(command -v "$name") || continue
  if new_enough "$cli"; then
    printf '%s\n' "$cli"
    exit
  fi
  say "$cli is passed over: it does not run, or is older than $minimum."
done
build_opentofu
