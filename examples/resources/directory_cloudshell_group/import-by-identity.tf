import {
  to = directory_cloudshell_group.engineers
  identity = {
    name = "Lab Engineers"
  }
}
