# Cloud Director reads changed names and addresses from the directory now, and after each new group.
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
