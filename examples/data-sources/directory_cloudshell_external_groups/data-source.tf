# Directory groups whose name contains "Lab".
data "directory_cloudshell_external_groups" "lab" {
  name_contains = "Lab"
}

output "groups" {
  value = data.directory_cloudshell_external_groups.lab.groups[*].name
}
