# The first apply of this imports no one unseen: it takes the people who are there into state, and plans the others by name.
import {
  to = directory_cloudshell_imported_group.engineers
  id = "Lab Engineers"
}

resource "directory_cloudshell_imported_group" "engineers" {
  name             = "Lab Engineers"
  groups           = ["Lab Engineers"]
  departed_members = "deactivate"
  max_departures   = 10
}
