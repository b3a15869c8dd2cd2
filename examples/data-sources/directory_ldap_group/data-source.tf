# Members of a group and of the groups inside it, disabled accounts left out.
data "directory_ldap_group" "everyone" {
  name = "Lab Everyone"
}

output "members" {
  value = sort(data.directory_ldap_group.everyone.members[*].username)
}
