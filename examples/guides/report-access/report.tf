module "access" {
  source = "github.com/external-directory/terraform-provider-directory//examples/access-report"

  cloudshell_groups = ["Lab Engineers", "Lab Users"]
  vcd_groups        = ["Lab Operators"]
}

output "page" {
  value = module.access.html
}

output "spreadsheet" {
  value = module.access.csv
}

output "not_in_the_directory" {
  value = module.access.missing
}
