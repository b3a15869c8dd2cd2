# Who is in the group, nested groups included and disabled accounts left out.
data "directory_ldap_group" "admins" {
  name = "Azure_DevOps_Cloud_Admins"
}

# One resource for each of them, kept by login: adding or removing one person touches no one else.
resource "directory_cloudshell_imported_user" "admin" {
  for_each = { for member in data.directory_ldap_group.admins.members : member.username => member }

  name                     = each.key
  allow_update             = true              # some of them may be in CloudShell already
  groups                   = ["Lab Engineers"] # of CloudShell
  max_reservation_duration = contains(local.on_call, each.key) ? 1440 : 480
  deletion_policy          = "deactivate"
}

locals {
  on_call = ["jporter"]
}

# What CloudShell made of it, and what the directory says.
output "admins" {
  value = {
    for username, user in directory_cloudshell_imported_user.admin : username => {
      email = user.email
      sid   = one([for member in data.directory_ldap_group.admins.members : member.sid if member.username == username])
    }
  }
}
