list "directory_vcd_imported_group" "acme" {
  provider = directory

  config {
    org           = "acme"
    name_contains = "Lab"
  }
}
