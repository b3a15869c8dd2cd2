#!/bin/sh
# Plans, and refuses a plan by which more than so many people leave. What is not refused is in the file tfplan, to be applied
# as it is. Run it where the configuration is:
#   sh refuse-many-leavers.sh 10 && terraform apply tfplan
set -eu
most=${1:?how many people may leave, such as 10}
here=$(dirname "$0")
terraform=${TERRAFORM:-terraform} # or tofu

"$terraform" plan -input=false -out=tfplan
"$terraform" show -json tfplan > tfplan.json
jq -r --argjson most "$most" -f "$here/leavers.jq" tfplan.json
