import {
  to = directory_cloudshell_imported_group.engineers
  id = "Lab Engineers"
}
