#!/bin/sh
# Makes a plan, and refuses it if more people leave by it than you allow. A plan that passes is in the file tfplan; apply it as
# it is. Run this script in the folder of the configuration:
#   sh refuse-many-leavers.sh 10 && terraform apply tfplan
set -eu
most=${1:?how many people may leave, such as 10}
here=$(dirname "$0")
terraform=${TERRAFORM:-terraform} # or tofu

"$terraform" plan -input=false -out=tfplan
"$terraform" show -json tfplan > tfplan.json
jq -r --argjson most "$most" -f "$here/leavers.jq" tfplan.json
