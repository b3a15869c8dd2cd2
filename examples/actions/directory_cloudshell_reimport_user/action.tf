resource "directory_cloudshell_imported_user" "james" {
  name = "jporter"
}

# After a change in the directory: terraform apply -invoke=action.directory_cloudshell_reimport_user.james
action "directory_cloudshell_reimport_user" "james" {
  config {
    name = directory_cloudshell_imported_user.james.username
  }
}
