# by the name of the CloudShell group
terraform import directory_cloudshell_group.engineers "Lab Engineers"
