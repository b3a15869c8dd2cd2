import {
  to = directory_vcd_imported_user.james
  id = "acme/jporter"
}
