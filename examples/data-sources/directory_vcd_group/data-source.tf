data "directory_vcd_group" "operators" {
  name = "Lab Operators"
}

output "users" {
  value = data.directory_vcd_group.operators.usernames
}
