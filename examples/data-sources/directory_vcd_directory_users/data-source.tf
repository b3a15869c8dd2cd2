# People in the organization's directory whose name contains "porter".
data "directory_vcd_directory_users" "porter" {
  query = "porter"
}

output "found" {
  value = data.directory_vcd_directory_users.porter.users
}
