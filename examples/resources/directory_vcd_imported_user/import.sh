# by organization and name
terraform import directory_vcd_imported_user.james acme/jporter
