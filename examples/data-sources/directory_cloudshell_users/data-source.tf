# Everyone who was imported from the directory, and those of them who cannot log in.
data "directory_cloudshell_users" "imported" {
  imported_only = true
}

output "inactive" {
  value = [for user in data.directory_cloudshell_users.imported.users : user.username if !user.active]
}
