# by the name of the group in the directory; its people who are in CloudShell become members
terraform import directory_cloudshell_imported_group.engineers "Lab Engineers"
