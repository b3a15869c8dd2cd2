# A group that people made by hand. The plan warns about what changes, and destroying the resource leaves the group in place.
resource "directory_cloudshell_group" "engineers" {
  name         = "Lab Engineers"
  allow_update = true
  domains      = { Lab = "full" }
}
