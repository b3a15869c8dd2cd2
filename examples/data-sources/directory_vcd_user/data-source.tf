data "directory_vcd_user" "maria" {
  name = "mlopez"
}

output "roles" {
  value = data.directory_vcd_user.maria.roles
}
