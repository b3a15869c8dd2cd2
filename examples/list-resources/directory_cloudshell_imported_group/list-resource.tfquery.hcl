# The groups of the directory that can be followed, whether or not any of their people are in CloudShell.
list "directory_cloudshell_imported_group" "lab" {
  provider = directory
  limit    = 500 # Terraform's default is 100

  config {
    name_contains = "Lab"
  }
}
