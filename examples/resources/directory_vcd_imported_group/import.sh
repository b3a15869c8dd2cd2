# by organization and name
terraform import directory_vcd_imported_group.engineers "acme/Lab Engineers"
