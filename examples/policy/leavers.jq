# Refuses a plan if more than $most people leave by it:
#   terraform show -json tfplan | jq -r --argjson most 10 -f leavers.jq
# It prints who leaves. Exit status: 0 = at most $most leave; 1 = more; 5 = the input is not a plan, or it does not say who
# leaves.

def keys_of: . // {} | keys_unsorted;

# Names compare without regard to case.
def without($others): ($others | map(ascii_downcase)) as $stay | map(select(ascii_downcase as $k | $stay | index($k) | not));

# Who is in a resource before, or after, the apply.
def people:
  if . == null then []
  elif has("members") then .members | keys_of
  elif has("user_names") then .user_names // []
  elif has("name") then [.name]
  else [] end;

def is_ours: .mode == "managed" and (.type | test("^directory_(cloudshell|vcd)_imported_(user|group)$"));

# A member map that is only known after the apply hides who leaves.
def is_hidden: .change.before != null and .change.after != null and (.change.after_unknown.members? == true);

if (.format_version | type) != "string" or .planned_values == null then
  "The input is not a plan: give it the output of `terraform show -json` for a saved plan.\n" | halt_error(5)
else
  [ .resource_changes[]? | select(is_ours) | select(.change.actions != ["no-op"]) ] as $changes
  | ($changes | map(select(is_hidden) | .address)) as $hidden
  | if $hidden != [] then
      "The plan does not say who leaves: \($hidden | join(", ")). Look at its warnings.\n" | halt_error(5)
    else
      [ $changes[] | .address as $at | (.change.after | people) as $after
        | (.change.before | people | without($after))[] | {name: ., at: $at} ] as $leavers
      | ($leavers | unique_by(.name | ascii_downcase) | length) as $count
      | ($leavers | sort_by(.at, .name)[] | "\(.name) leaves \(.at)"),
        if $count > $most then
          "Refused: \($count) people leave, and at most \($most) may.\n" | halt_error(1)
        else
          "\($count) people leave, at most \($most) may."
        end
    end
end
