# The people that CloudShell imported from the directory so far. Local users are left out.
data "directory_cloudshell_users" "imported" {
  imported_only = true
}

output "people" {
  value = data.directory_cloudshell_users.imported.usernames
}
