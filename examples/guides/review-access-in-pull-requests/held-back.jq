# Reads the JSON of a plan and writes the people that a guard holds back, one a line:
#   terraform show -json tfplan | jq -r -f held-back.jq
[.planned_values | .. | objects | select(.type? == "directory_cloudshell_imported_group")]
| .[] | .address as $at | (.values.held_back // {}) | to_entries[] | "\($at): \(.key) (\(.value))"
