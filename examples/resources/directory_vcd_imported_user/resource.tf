# One person, into the organization that the provider logs in to.
resource "directory_vcd_imported_user" "james" {
  name  = "jporter"
  roles = ["vApp Author"]
}

# Several people, each with a role. People who leave the project are disabled; their virtual machines stay.
variable "project_team" {
  type = map(string)
  default = {
    mlopez  = "Organization Administrator"
    akumar  = "vApp Author"
    swilson = "vApp User"
  }
}

resource "directory_vcd_imported_user" "team" {
  for_each = var.project_team

  org             = "acme" # required if the provider logs in to "System"
  name            = each.key
  roles           = [each.value]
  description     = "Project team, managed by Terraform"
  allow_update    = true # some may be users already: the plan warns about what changes for them
  deletion_policy = "disable"
}
