# A group of the directory: its members get the role when they log in.
resource "directory_vcd_imported_group" "engineers" {
  name        = "Lab Engineers"
  roles       = ["vApp User"]
  description = "Everyone in the lab's engineering"
}
