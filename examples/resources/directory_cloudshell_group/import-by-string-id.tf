import {
  to = directory_cloudshell_group.engineers
  id = "Lab Engineers"
}
