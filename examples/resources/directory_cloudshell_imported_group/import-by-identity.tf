import {
  to = directory_cloudshell_imported_group.engineers
  identity = {
    name = "Lab Engineers"
  }
}
