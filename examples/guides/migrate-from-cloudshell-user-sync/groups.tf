# The table of the old configuration file: directory group -> CloudShell groups.
locals {
  mapping = {
    "Lab Engineers" = ["Lab Engineers"]
    "Lab Operators" = ["Lab Users"]
  }
}

resource "directory_cloudshell_imported_group" "synced" {
  for_each = local.mapping

  name             = each.key
  groups           = each.value
  departed_members = "keep" # leavers lose the CloudShell groups; with "deactivate" they can no longer log in
  max_departures   = 20
}
