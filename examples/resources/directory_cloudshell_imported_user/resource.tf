# A person with a CloudShell group and a limit. Settings that you leave out stay as they are in CloudShell.
resource "directory_cloudshell_imported_user" "james" {
  name                     = "jporter"
  groups                   = ["Lab Engineers"]
  max_reservation_duration = 480 # minutes
  time_zone                = "W. Europe Standard Time"
}

# A person who may be in CloudShell already. The resource adopts them, updates their details from the directory, and leaves the
# account in place when it is destroyed.
resource "directory_cloudshell_imported_user" "maria" {
  name            = "mlopez"
  allow_update    = true
  deletion_policy = "abandon"

  # Any change imports again.
  triggers = {
    reviewed = "2026-01"
  }
}
