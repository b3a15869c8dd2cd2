# Two groups that share people. A person who leaves one of them and is still in the other keeps their account.
resource "directory_cloudshell_imported_group" "operators" {
  name              = "Lab Operators"
  groups            = ["Lab Users"]
  departed_members  = "deactivate"
  retain_members_of = ["Azure_DevOps_Cloud_Admins"]
}

resource "directory_cloudshell_imported_group" "cloud_admins" {
  name              = "Azure_DevOps_Cloud_Admins"
  groups            = ["Lab Users"]
  departed_members  = "deactivate"
  retain_members_of = ["Lab Operators"]
}
