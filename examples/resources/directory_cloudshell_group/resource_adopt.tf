# A group that exists already. The plan warns about what changes, and a destroy leaves the group in place.
resource "directory_cloudshell_group" "engineers" {
  name         = "Lab Engineers"
  allow_update = true
  domains      = { Lab = "full" }
}
