data "directory_vcd_groups" "all" {}

output "roles_by_group" {
  value = { for group in data.directory_vcd_groups.all.groups : group.name => group.roles }
}
