# What the directory behind an organization finds for a name or a part of it.
data "directory_vcd_directory_users" "porter" {
  query = "porter"
}

output "found" {
  value = data.directory_vcd_directory_users.porter.users
}
