# One group for each role.
resource "directory_vcd_imported_group" "role" {
  for_each = {
    "vApp Author"                = "Azure_DevOps_Cloud_Admins"
    "Organization Administrator" = "Lab Engineers"
  }

  name  = each.value
  roles = [each.key]
}
