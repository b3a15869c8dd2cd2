# By any name that people go by: account name, user principal name, e-mail, common name, display name.
data "directory_ldap_user" "james" {
  username = "jporter"
}

output "distinguished_name" {
  value = data.directory_ldap_user.james.dn
}
