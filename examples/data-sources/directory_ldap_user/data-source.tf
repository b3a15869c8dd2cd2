# Finds a person by account name, user principal name, e-mail address, common name or display name.
data "directory_ldap_user" "james" {
  username = "jporter@lab.example"
}

output "login" {
  value = data.directory_ldap_user.james.login
}
