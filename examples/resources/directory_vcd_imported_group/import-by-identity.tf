import {
  to = directory_vcd_imported_group.engineers
  identity = {
    org  = "acme"
    name = "Lab Engineers"
  }
}
