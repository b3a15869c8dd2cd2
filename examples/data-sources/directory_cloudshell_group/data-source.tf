# The members of a CloudShell group.
data "directory_cloudshell_group" "engineers" {
  name = "Lab Engineers"
}

output "members" {
  value = data.directory_cloudshell_group.engineers.usernames
}
