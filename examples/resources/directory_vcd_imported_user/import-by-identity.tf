import {
  to = directory_vcd_imported_user.james
  identity = {
    org  = "acme"
    name = "jporter"
  }
}
