# Everyone who was imported, local users left out.
data "directory_cloudshell_users" "imported" {
  imported_only = true
}

output "inactive" {
  value = [for user in data.directory_cloudshell_users.imported.users : user.username if !user.active]
}
