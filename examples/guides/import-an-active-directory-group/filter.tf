variable "department" {
  type    = string
  default = "Research"
}

# People by a filter instead of a group. Any text in the variable stays one value of the filter.
data "directory_ldap_users" "department" {
  filter = "(&(department=${provider::directory::escape_filter(var.department)})(mail=*))"
}

resource "directory_cloudshell_imported_user" "department" {
  for_each = toset([for user in data.directory_ldap_users.department.users : user.username if user.disabled != true])

  name = each.key
}
