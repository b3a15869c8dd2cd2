# Everyone in the organization who came from LDAP.
data "directory_vcd_users" "ldap" {
  provider_type = "LDAP"
}

output "who" {
  value = data.directory_vcd_users.ldap.usernames
}

# Imports all of them into state at once. The plan shows a change only for users who have a description in Cloud Director: add it
# to the resource, or let the apply remove it.
locals {
  people = { for user in data.directory_vcd_users.ldap.users : user.username => user }
}

import {
  for_each = local.people
  to       = directory_vcd_imported_user.adopted[each.key]
  id       = "${data.directory_vcd_users.ldap.org}/${each.key}"
}

resource "directory_vcd_imported_user" "adopted" {
  for_each = local.people

  name    = each.key
  roles   = each.value.roles
  enabled = each.value.enabled
}
