# Everyone in a group of the directory, which the provider reads over LDAP, each with the same limit.
data "directory_ldap_group" "trainers" {
  name = "Lab Operators"
}

resource "directory_cloudshell_imported_user" "trainer" {
  for_each = toset(data.directory_ldap_group.trainers.usernames)

  name                        = each.value
  groups                      = ["Lab Users"]
  max_concurrent_reservations = 2
}
