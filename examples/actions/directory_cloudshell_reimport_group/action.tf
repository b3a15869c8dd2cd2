# On demand, or from a scheduled job: terraform apply -invoke=action.directory_cloudshell_reimport_group.engineers
action "directory_cloudshell_reimport_group" "engineers" {
  config {
    name = "Lab Engineers"
  }
}
