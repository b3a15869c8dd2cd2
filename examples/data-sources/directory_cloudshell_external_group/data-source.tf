# The people that importing a group would import.
data "directory_cloudshell_external_group" "engineers" {
  name = "Lab Engineers"
}

output "engineers" {
  value = { for user in data.directory_cloudshell_external_group.engineers.users : user.username => user.display_name }
}
