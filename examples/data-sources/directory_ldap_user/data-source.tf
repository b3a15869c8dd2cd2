# By any of the person's names: account name, user principal name, e-mail, common name, display name.
data "directory_ldap_user" "james" {
  username = "jporter@lab.example"
}

output "login" {
  value = data.directory_ldap_user.james.login
}
