# The CloudShell groups, without those that came with CloudShell.
list "directory_cloudshell_group" "lab" {
  provider = directory
  limit    = 500 # Terraform's default is 100

  config {
    name_contains = "Lab"
  }
}
