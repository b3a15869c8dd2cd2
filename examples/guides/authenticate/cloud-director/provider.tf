# With a user name and a password, to make changes.
provider "directory" {
  vcd {
    url      = "https://vcd.example.com"
    org      = "acme"
    username = "svc-terraform"
    # The password comes from VCD_PASSWORD.
  }
}

# With the API token of a service account, to read only. Cloud Director replaces the token at each login.
provider "directory" {
  alias = "read"
  vcd {
    url            = "https://vcd.example.com"
    org            = "acme"
    api_token_file = "/run/terraform/vcd-token.json"
  }
}
