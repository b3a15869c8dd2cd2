# Everyone in a directory group, as an import of the group would find them.
data "directory_cloudshell_external_group" "engineers" {
  name = "Lab Engineers"
}

output "engineers" {
  value = { for user in data.directory_cloudshell_external_group.engineers.users : user.username => user.display_name }
}
