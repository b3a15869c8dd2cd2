# Members of a group and of the groups inside it, disabled accounts left out.
data "directory_ldap_group" "everyone" {
  name = "Lab Everyone"

  lifecycle {
    postcondition {
      condition     = length(self.unresolved_members) == 0
      error_message = "Members that cannot be read would be missing below: ${join("; ", self.unresolved_members)}"
    }
  }
}

# for_each wants a set of strings.
output "members" {
  value = toset(data.directory_ldap_group.everyone.usernames)
}
