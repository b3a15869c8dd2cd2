# A CloudShell group with access to two domains, and everyone in a directory group as its members.
resource "directory_cloudshell_group" "interns" {
  name        = "Lab Interns"
  description = "Students, by way of the directory group Lab Operators"
  domains = {
    Global = "view_only"
    Lab    = "full"
  }
}

resource "directory_cloudshell_imported_group" "interns" {
  name   = "Lab Operators"
  groups = [directory_cloudshell_group.interns.name]
}

# Several groups with different roles, each with full access to all domains.
data "directory_cloudshell_domains" "all" {}

resource "directory_cloudshell_group" "team" {
  for_each = {
    "Domain Admins"  = "DomainAdmin"
    "Guests of Labs" = "External"
  }

  name    = each.key
  role    = each.value
  domains = { for name in data.directory_cloudshell_domains.all.names : name => "full" }
}
