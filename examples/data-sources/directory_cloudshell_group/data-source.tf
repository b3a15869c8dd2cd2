# A group of CloudShell itself.
data "directory_cloudshell_group" "engineers" {
  name = "Lab Engineers"
}

output "members" {
  value = data.directory_cloudshell_group.engineers.usernames
}
