# A person who logs in through the organization's SAML identity provider.
resource "directory_vcd_imported_user" "sarah" {
  name          = "swilson@lab.example"
  provider_type = "SAML"
  roles         = ["vApp User"]
}
