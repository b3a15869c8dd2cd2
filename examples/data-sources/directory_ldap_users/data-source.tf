# A filter; what comes from elsewhere goes through escape_filter.
data "directory_ldap_users" "porters" {
  filter = "(sn=${provider::directory::escape_filter("Porter")})"
}

output "porters" {
  value = data.directory_ldap_users.porters.users[*].username
}
