variable "department" {
  type    = string
  default = "Research"
}

# People that match a filter. escape_filter keeps any text in the variable from changing the filter itself.
data "directory_ldap_users" "department" {
  filter = "(&(department=${provider::directory::escape_filter(var.department)})(mail=*))"
}

resource "directory_cloudshell_imported_user" "department" {
  for_each = toset([for user in data.directory_ldap_users.department.users : user.username if user.disabled != true])

  name = each.key
}
