# Who is in the group, nested groups included and disabled accounts left out.
data "directory_ldap_group" "admins" {
  name = "Azure_DevOps_Cloud_Admins"
}

# One resource for each of them, kept by login: adding or removing one person touches no one else.
resource "directory_cloudshell_imported_user" "admin" {
  for_each = { for member in data.directory_ldap_group.admins.members : member.username => member }

  name                     = each.key
  groups                   = ["Lab Engineers"] # of CloudShell
  max_reservation_duration = contains(local.on_call, each.key) ? 1440 : 480

  # People who leave the group can no longer log in. People who come back can: allow_update takes up the user that is
  # there, and active lets them log in again.
  deletion_policy = "deactivate"
  allow_update    = true
  active          = true
}

locals {
  on_call = ["jporter"]
}

# What CloudShell has, and what the directory says.
output "admins" {
  value = {
    for username, user in directory_cloudshell_imported_user.admin : username => {
      email = user.email
      sid   = one([for member in data.directory_ldap_group.admins.members : member.sid if member.username == username])
    }
  }
}
