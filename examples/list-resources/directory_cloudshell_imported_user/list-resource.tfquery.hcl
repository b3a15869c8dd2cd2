# Users that CloudShell has imported. `terraform query -generate-config-out=users.tf` writes import blocks for them.
list "directory_cloudshell_imported_user" "porters" {
  provider         = directory
  include_resource = true

  config {
    name_contains = "porter"
  }
}
