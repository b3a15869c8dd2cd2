# With a user name and a password: what an apply needs.
provider "directory" {
  vcd {
    url      = "https://vcd.example.com"
    org      = "acme"
    username = "svc-terraform"
    # The password comes from VCD_PASSWORD.
  }
}

# With the API token of a service account, which Cloud Director replaces at each login: enough for plans and data sources.
provider "directory" {
  alias = "read"
  vcd {
    url            = "https://vcd.example.com"
    org            = "acme"
    api_token_file = "/run/terraform/vcd-token.json"
  }
}
