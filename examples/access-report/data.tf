# Everyone in the directory: the report shows who is missing from it or disabled in it.
data "directory_ldap_users" "all" {}

data "directory_cloudshell_users" "imported" {
  imported_only = true
}

data "directory_cloudshell_group" "each" {
  for_each = var.cloudshell_groups
  name     = each.value
}

data "directory_vcd_users" "imported" {
  count         = length(var.vcd_groups) > 0 ? 1 : 0
  imported_only = true
}

data "directory_vcd_group" "each" {
  for_each = var.vcd_groups
  name     = each.value
}
