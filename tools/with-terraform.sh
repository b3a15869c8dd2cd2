#!/usr/bin/env bash
# Runs a command with an environment in which Terraform and the acceptance tests depend on nothing of the machine's:
# the command that tools/terraform-cli.sh chooses, no configuration file of the user's, no call home.
#
#   tools/with-terraform.sh COMMAND [ARGUMENT...]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
unset ${!TF_CLI_ARGS@} TF_WORKSPACE TF_DATA_DIR TF_PLUGIN_CACHE_DIR TF_REATTACH_PROVIDERS
TF_ACC_TERRAFORM_PATH=$("$here/terraform-cli.sh")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/terraformrc"

export TF_ACC_TERRAFORM_PATH
export TF_CLI_CONFIG_FILE=$scratch/terraformrc
export CHECKPOINT_DISABLE=1
export TF_IN_AUTOMATION=1

# The test framework hands the provider over under an address, which must be of the registry that the command defaults to.
if version=$("$TF_ACC_TERRAFORM_PATH" version) && [[ $version == OpenTofu* ]]; then
  export TF_ACC_PROVIDER_HOST=${TF_ACC_PROVIDER_HOST:-registry.opentofu.org}
  export TF_ACC_PROVIDER_NAMESPACE=${TF_ACC_PROVIDER_NAMESPACE:-hashicorp}
fi
printf 'Using %s (%s).\n' "${version%%$'\n'*}" "$TF_ACC_TERRAFORM_PATH" >&2

"$@"
