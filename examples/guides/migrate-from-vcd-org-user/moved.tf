# Was: resource "vcd_org_user" "james"
resource "directory_vcd_imported_user" "james" {
  name            = "jporter"
  roles           = ["vApp Author"]
  deletion_policy = "auto" # the user was there before, so destroying the resource leaves them in place
}

moved {
  from = vcd_org_user.james
  to   = directory_vcd_imported_user.james
}

# Was: resource "vcd_org_group" "engineers"
resource "directory_vcd_imported_group" "engineers" {
  name  = "Lab Engineers"
  roles = ["vApp User"]
}

moved {
  from = vcd_org_group.engineers
  to   = directory_vcd_imported_group.engineers
}
