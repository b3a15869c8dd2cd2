# terraform test: no directory, no CloudShell, no credentials.
mock_provider "directory" {}

override_data {
  target = data.directory_ldap_group.engineers
  values = {
    usernames = ["akumar", "jporter"]
  }
}

run "everyone_in_the_group_gets_access" {
  command = plan

  assert {
    condition     = toset(keys(output.access)) == toset(["akumar", "jporter"])
    error_message = "Someone is missing, or too many have access."
  }
  assert {
    condition     = output.access["jporter"] == 1440 && output.access["akumar"] == 480
    error_message = "Only people on call may reserve for a day."
  }
}

run "an_empty_group_gives_no_access" {
  override_data {
    target = data.directory_ldap_group.engineers
    values = {
      usernames = []
    }
  }
  assert {
    condition     = length(output.access) == 0
    error_message = "An empty group gives access."
  }
}

run "apply" {
  assert {
    condition     = directory_cloudshell_imported_user.engineer["akumar"].deletion_policy == "deactivate"
    error_message = "A leaver would be deleted."
  }
}
