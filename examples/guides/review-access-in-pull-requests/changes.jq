# Reads the JSON of a plan and writes a Markdown table of the people who join, leave or are held back:
#   terraform show -json tfplan | jq -r -f changes.jq
def people($kind): . // {} | to_entries[] | {name: .key, about: .value, kind: $kind};
def without($other): . // {} | with_entries(select(.key as $k | ($other // {}) | has($k) | not));
def cell: tostring | gsub("[|\n\r`<>]"; " ");

[ .resource_changes[]? | . as $r | .change.before as $b | .change.after as $a
  | if .type == "directory_cloudshell_imported_group" then
      ( ($a.members | without($b.members) | people("joins")),
        ($b.members | without($a.members) | people("leaves")),
        ($a.held_back | people("is held back")) )
    elif (.type | test("^directory_(cloudshell|vcd)_imported_user$")) then
      ( if .change.actions == ["create"] and .change.importing == null
        then {name: $a.name, about: ($a.groups // $a.roles // [] | join(", ")), kind: "joins"} else empty end,
        if .change.actions == ["delete"]
        then {name: $b.name, about: "", kind: "leaves"} else empty end )
    else empty end
  | . + {at: $r.address} ] as $rows
| if $rows == [] then "No one joins or leaves." else
    "| Who | | Details | Resource |", "|---|---|---|---|",
    ($rows | sort_by(.kind, .name)[] | "| \(.name | cell) | \(.kind) | \(.about // "" | cell) | \(.at | cell) |")
  end
