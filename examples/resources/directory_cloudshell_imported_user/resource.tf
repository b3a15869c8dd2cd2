# A person, put into a CloudShell group and with a limit of their own. What is not set stays as CloudShell has it.
resource "directory_cloudshell_imported_user" "james" {
  name                     = "jporter"
  groups                   = ["Lab Engineers"]
  max_reservation_duration = 480 # minutes
  time_zone                = "W. Europe Standard Time"
}

# A person who may be in CloudShell already: adopted, refreshed from the directory, and left there at destroy.
resource "directory_cloudshell_imported_user" "maria" {
  name            = "mlopez"
  allow_update    = true
  deletion_policy = "abandon"

  # Any change imports again.
  triggers = {
    reviewed = "2026-01"
  }
}
