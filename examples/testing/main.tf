# A module that gives access to the people of a directory group. Its tests need no server: see access.tftest.hcl.
variable "group" {
  type    = string
  default = "Lab Engineers"
}

variable "on_call" {
  type    = set(string)
  default = ["jporter"]
}

data "directory_ldap_group" "engineers" {
  name = var.group
}

# for_each takes this list of names, and a test can set it.
resource "directory_cloudshell_imported_user" "engineer" {
  for_each = toset(data.directory_ldap_group.engineers.usernames)

  name                     = each.key
  groups                   = ["Lab Engineers"] # of CloudShell
  max_reservation_duration = contains(var.on_call, each.key) ? 1440 : 480
  deletion_policy          = "deactivate"
}

output "access" {
  value = { for name, user in directory_cloudshell_imported_user.engineer : name => user.max_reservation_duration }
}
