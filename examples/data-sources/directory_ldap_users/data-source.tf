# People who match a filter. escape_filter escapes a value that you do not control.
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
