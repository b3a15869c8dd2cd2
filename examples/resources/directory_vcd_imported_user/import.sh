# ORG/NAME: the organization, and the user's name in any case.
terraform import directory_vcd_imported_user.james acme/jporter
