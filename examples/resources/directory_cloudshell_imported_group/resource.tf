# Everyone in a group of the directory, followed: the plan names who joined and who left.
resource "directory_cloudshell_imported_group" "engineers" {
  name             = "Lab Engineers"
  groups           = ["Lab Engineers"] # of CloudShell
  departed_members = "deactivate"
  max_departures   = 10 # more leavers at once are a mistake in the directory until somebody says otherwise

  # Whoever is still in one of these is left alone.
  retain_members_of = ["Lab Operators"]
}

output "engineers" {
  value = directory_cloudshell_imported_group.engineers.members
}
