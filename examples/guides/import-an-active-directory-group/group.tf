# One resource and one import for the whole group: CloudShell reads the group from the directory itself.
resource "directory_cloudshell_imported_group" "engineers" {
  name             = "Lab Engineers"
  groups           = ["Lab Engineers"] # of CloudShell
  departed_members = "deactivate"
  max_departures   = 10
}
