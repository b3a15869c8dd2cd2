import {
  to = directory_vcd_imported_group.engineers
  id = "acme/Lab Engineers"
}
