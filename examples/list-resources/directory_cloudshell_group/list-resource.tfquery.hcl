# CloudShell groups whose name contains "Lab".
list "directory_cloudshell_group" "lab" {
  provider = directory
  limit    = 500 # Terraform's default is 100

  config {
    name_contains = "Lab"
  }
}
