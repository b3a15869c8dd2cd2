# Everyone in a group of the directory. Each plan names who joined and who left.
resource "directory_cloudshell_imported_group" "engineers" {
  name             = "Lab Engineers"
  groups           = ["Lab Engineers"] # of CloudShell
  departed_members = "deactivate"
  max_departures   = 10 # more leavers at once are probably a mistake in the directory

  # People who leave this group and are still in one of these keep their account as it is.
  retain_members_of = ["Lab Operators"]
}

output "engineers" {
  value = directory_cloudshell_imported_group.engineers.members
}
