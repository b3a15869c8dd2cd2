# Two people, each with a CloudShell group and a limit of their own.
resource "directory_cloudshell_imported_user" "engineer" {
  for_each = {
    jporter = 3
    mlopez  = 5
  }

  name                        = each.key
  groups                      = ["Lab Engineers"]
  max_concurrent_reservations = each.value
}

# Everybody who is in a group of the directory, kept so: who leaves it is deactivated in CloudShell.
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
