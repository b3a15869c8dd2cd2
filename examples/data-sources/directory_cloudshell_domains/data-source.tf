# The domains that a CloudShell group can get access to.
data "directory_cloudshell_domains" "lab" {
  name_contains = "Lab"
}

output "domains" {
  value = data.directory_cloudshell_domains.lab.names
}
