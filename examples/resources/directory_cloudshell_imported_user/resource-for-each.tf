# Everyone in a group of the directory that this provider reads over LDAP, with a limit for each of them.
data "directory_ldap_group" "trainers" {
  name = "Lab Operators"
}

resource "directory_cloudshell_imported_user" "trainer" {
  for_each = toset(data.directory_ldap_group.trainers.usernames)

  name                        = each.value
  groups                      = ["Lab Users"]
  max_concurrent_reservations = 2
}
