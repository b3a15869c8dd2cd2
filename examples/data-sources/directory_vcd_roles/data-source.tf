data "directory_vcd_roles" "all" {}

output "roles" {
  value = data.directory_vcd_roles.all.roles[*].name
}
