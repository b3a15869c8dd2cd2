# Groups of the directory that CloudShell can import from.
data "directory_cloudshell_external_groups" "lab" {
  name_contains = "Lab"
}

output "groups" {
  value = data.directory_cloudshell_external_groups.lab.groups[*].name
}
