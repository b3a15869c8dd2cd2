# Everyone in the group, with nested groups and without disabled accounts.
data "directory_ldap_group" "admins" {
  name = "Azure_DevOps_Cloud_Admins"
}

# One resource for each person, with the login as key: when one person joins or leaves, no other resource changes.
resource "directory_cloudshell_imported_user" "admin" {
  for_each = { for member in data.directory_ldap_group.admins.members : member.username => member }

  name                     = each.key
  groups                   = ["Lab Engineers"] # of CloudShell
  max_reservation_duration = contains(local.on_call, each.key) ? 1440 : 480

  # People who leave the group can no longer log in. When they come back, allow_update adopts the user who is still there,
  # and active lets them log in again.
  deletion_policy = "deactivate"
  allow_update    = true
  active          = true
}

locals {
  on_call = ["jporter"]
}

# The e-mail address from CloudShell, and the SID from the directory.
output "admins" {
  value = {
    for username, user in directory_cloudshell_imported_user.admin : username => {
      email = user.email
      sid   = one([for member in data.directory_ldap_group.admins.members : member.sid if member.username == username])
    }
  }
}
