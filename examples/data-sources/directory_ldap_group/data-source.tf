# Members of a group and of the groups in it, without disabled accounts.
data "directory_ldap_group" "everyone" {
  name = "Lab Everyone"

  lifecycle {
    postcondition {
      condition     = length(self.unresolved_members) == 0
      error_message = "Members that cannot be read would be missing below: ${join("; ", self.unresolved_members)}"
    }
  }
}

# A set of strings, as for_each takes it.
output "members" {
  value = toset(data.directory_ldap_group.everyone.usernames)
}
