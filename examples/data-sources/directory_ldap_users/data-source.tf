# A filter; what comes from elsewhere goes through escape_filter.
data "directory_ldap_users" "porters" {
  filter = "(sn=${provider::directory::escape_filter("Porter")})"
}

output "porters" {
  value = data.directory_ldap_users.porters.usernames
}

# Why some of them cannot log in.
output "disabled" {
  value = { for u in data.directory_ldap_users.porters.users : u.username => u.disabled_reason if coalesce(u.disabled, false) }
}
