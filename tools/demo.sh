#!/usr/bin/env bash
# The demonstration behind `make demo`: builds the provider, starts the mock platforms on loopback, and lets real Terraform
# (or OpenTofu) import people, show who joined and left their group, follow them, and take everything away again. It works
# without a network once Go has its modules, writes into a temporary folder only, and stops what it started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -z "${TF_ACC_TERRAFORM_PATH:-}" ]; then
  exec tools/with-terraform.sh tools/demo.sh
fi
terraform=$TF_ACC_TERRAFORM_PATH

work=$(mktemp -d)
mock_pid=
clean_up() {
  if [ -n "$mock_pid" ]; then
    kill "$mock_pid" 2>/dev/null || true
    wait "$mock_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

bold='' plain='' no_color=-no-color
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' plain=$'\e[0m' no_color=
fi
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
fail() {
  printf '\nThe demonstration failed: %s\n' "$*" >&2
  exit 1
}
# typed WORD...: prints a command as one would type it.
typed() {
  local word line='$'
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./=@-]*) word="'$word'" ;; esac
    line+=" $word"
  done
  printf '\n%s%s%s\n' "$bold" "$line" "$plain"
}
tf() {
  typed "$(basename "$terraform")" "$@"
  "$terraform" "$@" ${no_color:+"$no_color"}
}
mock() {
  typed go run ./internal/mock "$@"
  "$work/mock" "$@"
}

# changes: plans, and tells whether there is anything to apply; fails when planning does.
changes() {
  local status=0
  tf plan -input=false -detailed-exitcode -out=tfplan || status=$?
  [ "$status" -ne 1 ] || fail 'the plan ended with an error'
  [ "$status" -eq 2 ]
}

# holds FILE TEXT...: fails unless the file holds every text.
holds() {
  local file=$1 text
  shift
  for text in "$@"; do
    grep -qF -- "$text" "$file" || fail "missing: $text"
  done
}

# install_provider puts the provider where `init` finds it without a registry: Terraform and OpenTofu look below the name of
# their own one.
install_provider() {
  local platform host
  platform=$(go env GOOS)_$(go env GOARCH)
  go build -o "$work/provider" .
  for host in registry.terraform.io registry.opentofu.org; do
    local folder=$work/plugins/$host/external-directory/directory/0.0.1/$platform
    mkdir -p "$folder"
    ln "$work/provider" "$folder/terraform-provider-directory_v0.0.1"
  done
  cat >"$work/terraformrc" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$work/plugins"
  }
}
END
  export TF_CLI_CONFIG_FILE=$work/terraformrc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
}

start_mock() {
  go build -o "$work/mock" ./internal/mock
  "$work/mock" --free-ports --ready-file "$work/environment" >"$work/mock.log" 2>&1 &
  mock_pid=$!
  for _ in $(seq 100); do
    [ ! -e "$work/environment" ] || break
    kill -0 "$mock_pid" 2>/dev/null || fail "the mock platforms did not start: $(cat "$work/mock.log")"
    sleep 0.1
  done
  [ -e "$work/environment" ] || fail 'the mock platforms did not get ready within 10 s'
  unset ${!CLOUDSHELL_@} ${!VCD_@} ${!LDAP_@} ${!DIRECTORY_@} # a real platform's settings do not belong here
  # shellcheck disable=SC1091 # written by the mock
  . "$work/environment"
  export TF_VAR_cloudshell_url=$CLOUDSHELL_URL TF_VAR_vcd_url=$VCD_URL TF_VAR_ldap_url=$LDAP_URL TF_VAR_ldap_bind_dn=$LDAP_BIND_DN
}

say 'Building the provider and the mock platforms'
install_provider
start_mock
printf 'Serving a directory at %s, CloudShell at %s, Cloud Director at %s.\n' "$LDAP_URL" "$CLOUDSHELL_URL" "$VCD_URL"
"$work/mock" users >"$work/before"

say 'The configuration (examples/demo)'
cp examples/demo/*.tf "$work"
cat examples/demo/cloudshell.tf examples/demo/vcd.tf
cd "$work"

say 'Making a CloudShell group with a domain, importing two people and a group into CloudShell, a person and a group into Cloud Director'
typed "$(basename "$terraform")" init
"$terraform" init -input=false -no-color >init.log 2>&1 || fail "$(cat init.log)"
grep -E '^- Installed' init.log
changes || fail 'there is nothing to apply'
tf apply -input=false tfplan
tf state list
tf state show 'directory_cloudshell_imported_user.engineer["jporter"]'
tf state show directory_cloudshell_imported_group.operators
say 'What the platforms hold now'
mock users

say 'Nothing is left to do'
! changes || fail 'the second plan is not empty'

say 'In the directory, lrossi leaves the group Lab Operators; bmeyer and a newcomer join it; dchen gets another e-mail'
mock remove-member 'Lab Operators' lrossi
mock add-user znew 'Zoe Newcomer' zoe.newcomer@lab.example
mock add-member 'Lab Operators' bmeyer znew
mock set-email dchen david.chen@lab.example
say 'The plan names them'
changes || fail 'the plan does not show that people joined and left'
"$terraform" show -no-color tfplan >plan.log
holds plan.log '- "lrossi" ' '+ "bmeyer" ' '+ "znew" ' '- "dchen" '

say 'Applying just that'
tf apply -input=false tfplan
say 'What the platforms hold now: lrossi is inactive, bmeyer and znew are there'
mock users
"$work/mock" users >users.log
holds users.log 'lrossi (imported, inactive)' 'bmeyer (imported, active)' 'znew (imported, active)'
! changes || fail 'the plan after the change is not empty'

say 'Taking everything away'
typed "$(basename "$terraform")" destroy -auto-approve
"$terraform" destroy -input=false -auto-approve -no-color | sed -n '/^Plan:/p; /: Destr/p; /^Destroy/p'
"$work/mock" users >"$work/after"
diff "$work/before" "$work/after" || fail 'something is left on the platforms'
[ -z "$("$terraform" state list)" ] || fail 'something is left in state'
say 'Nothing is left: CloudShell and Cloud Director are as they were'
