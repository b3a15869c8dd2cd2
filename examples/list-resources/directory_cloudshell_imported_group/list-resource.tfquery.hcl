# Directory groups that can be imported, whether or not their people are in CloudShell already.
list "directory_cloudshell_imported_group" "lab" {
  provider = directory
  limit    = 500 # Terraform's default is 100

  config {
    name_contains = "Lab"
  }
}
