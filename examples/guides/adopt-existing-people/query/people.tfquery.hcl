list "directory_cloudshell_imported_user" "people" {
  provider = directory
  limit    = 1000
}
