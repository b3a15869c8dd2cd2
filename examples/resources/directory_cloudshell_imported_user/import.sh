# by the name that the user has in CloudShell
terraform import directory_cloudshell_imported_user.james jporter
