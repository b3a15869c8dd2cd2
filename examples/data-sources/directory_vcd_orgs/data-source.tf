# All organizations that this login can see.
data "directory_vcd_orgs" "all" {}

output "organizations" {
  value = data.directory_vcd_orgs.all.names
}
