# The group that gives people access to a domain. An import alone gives no access.
resource "directory_cloudshell_group" "engineers" {
  name    = "Team of the Lab"
  domains = { Lab = "full" }
}

# Two people, each with a limit of their own.
resource "directory_cloudshell_imported_user" "engineer" {
  for_each = {
    jporter = 3
    mlopez  = 5
  }

  name                        = each.key
  groups                      = [directory_cloudshell_group.engineers.name]
  max_concurrent_reservations = each.value
}

# Everyone in a group of the directory. People who leave the group are deactivated in CloudShell.
resource "directory_cloudshell_imported_group" "operators" {
  name             = "Lab Operators"
  allow_update     = true
  groups           = ["Lab Users"]
  departed_members = "deactivate"
  deletion_policy  = "delete"
}

output "operators" {
  description = "Who is in CloudShell by way of the directory group Lab Operators."
  value       = directory_cloudshell_imported_group.operators.members
}
