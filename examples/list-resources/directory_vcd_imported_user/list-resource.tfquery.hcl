# Users that the organization has imported. `terraform query -generate-config-out=users.tf` writes import blocks for them.
list "directory_vcd_imported_user" "acme" {
  provider         = directory
  include_resource = true

  config {
    org           = "acme"
    name_contains = "porter"
  }
}
