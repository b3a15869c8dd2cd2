# The same person in Cloud Director, and a group whose members get their role when they log in.
resource "directory_vcd_imported_user" "james" {
  name  = "jporter"
  roles = ["vApp Author"]
}

resource "directory_vcd_imported_group" "engineers" {
  name  = "Lab Engineers"
  roles = ["vApp User"]
}
