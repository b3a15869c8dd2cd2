# A provider administrator (vcd.org = "System") sees all organizations, others their own.
data "directory_vcd_orgs" "all" {}

output "organizations" {
  value = data.directory_vcd_orgs.all.names
}
