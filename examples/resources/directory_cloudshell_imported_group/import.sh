# by the name of the group in the directory; whoever of it is in CloudShell becomes a member
terraform import directory_cloudshell_imported_group.engineers "Lab Engineers"
