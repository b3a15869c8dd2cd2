# With the import block, the first plan already names everyone who will join.
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
