# Renamed people and changed addresses show in Cloud Director after a synchronization; it makes them now.
action "directory_vcd_sync_directory" "acme" {
  config {
    org = "acme"
  }
}

resource "directory_vcd_imported_group" "engineers" {
  name  = "Lab Engineers"
  roles = ["vApp User"]

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.directory_vcd_sync_directory.acme]
    }
  }
}
