# Start with an import block: it takes the group into state with the members who are in CloudShell already, and the same plan
# names everyone who is about to join, also in its JSON. Without it, the first plan cannot name members one by one.
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
