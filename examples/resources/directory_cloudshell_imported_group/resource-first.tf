# Start with an import block. People who are in CloudShell already become members, and the plan (and its JSON) names everyone
# who will join. Without the import block, the first plan cannot name members one by one.
import {
  to = directory_cloudshell_imported_group.lab
  id = "Lab Engineers"
}

resource "directory_cloudshell_imported_group" "lab" {
  name             = "Lab Engineers"
  groups           = ["Lab Engineers"] # of CloudShell
  departed_members = "deactivate"
  max_departures   = 10
}
