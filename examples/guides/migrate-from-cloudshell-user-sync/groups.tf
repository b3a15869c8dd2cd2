# The table of the old configuration file: directory group -> CloudShell group.
locals {
  mapping = {
    "Lab Engineers" = "Lab Engineers"
    "Lab Operators" = "Lab Users"
  }
}

resource "directory_cloudshell_imported_group" "synced" {
  for_each = local.mapping

  name             = each.key
  groups           = [each.value]
  departed_members = "keep" # they leave the CloudShell group, as before; "deactivate" ends their logins too
  max_departures   = 20
}
