# Was: resource "vcd_org_user" "james"
resource "directory_vcd_imported_user" "james" {
  name            = "jporter"
  roles           = ["vApp Author"]
  deletion_policy = "auto" # the default: a moved user stays when the resource is destroyed
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
