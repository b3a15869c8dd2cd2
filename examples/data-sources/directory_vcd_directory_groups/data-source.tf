data "directory_vcd_directory_groups" "lab" {
  query = "Lab"
}

output "found" {
  value = data.directory_vcd_directory_groups.lab.groups
}
