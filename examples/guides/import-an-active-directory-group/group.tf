# The same for a big group, in one resource and one import: CloudShell asks the directory itself.
resource "directory_cloudshell_imported_group" "engineers" {
  name             = "Lab Engineers"
  groups           = ["Lab Engineers"] # of CloudShell
  departed_members = "deactivate"
  max_departures   = 10
}
