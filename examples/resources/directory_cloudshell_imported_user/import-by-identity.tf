import {
  to = directory_cloudshell_imported_user.james
  identity = {
    username = "jporter"
  }
}
