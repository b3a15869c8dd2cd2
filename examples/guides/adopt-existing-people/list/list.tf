# Everyone that CloudShell has imported from the directory, without its local users.
data "directory_cloudshell_users" "imported" {
  imported_only = true
}

output "people" {
  value = data.directory_cloudshell_users.imported.usernames
}
