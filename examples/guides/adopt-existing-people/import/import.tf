# Set in people.auto.tfvars.json, which belongs in version control.
variable "people" {
  type    = set(string)
  default = []
}

import {
  for_each = var.people
  to       = directory_cloudshell_imported_user.person[each.value]
  id       = each.value
}

resource "directory_cloudshell_imported_user" "person" {
  for_each = var.people
  name     = each.value
}
