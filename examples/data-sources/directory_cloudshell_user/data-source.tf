data "directory_cloudshell_user" "maria" {
  username = "mlopez"
}

output "came_from_the_directory" {
  value = data.directory_cloudshell_user.maria.imported
}
