terraform {
  required_version = ">= 1.8"
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}

# Each block is optional: configure what you use. Every setting may come from the environment instead, and passwords
# better do: CLOUDSHELL_PASSWORD, VCD_PASSWORD, LDAP_BIND_PASSWORD. A misspelt argument of a block is an error.
provider "directory" {
  cloudshell {
    url      = "https://cloudshell.example.com:9000"
    username = "admin"
    password = var.cloudshell_password
  }

  vcd {
    url      = "https://vcd.example.com"
    org      = "acme"
    username = "orgadmin"
    password = var.vcd_password
  }

  # With ldap configured, the names of imported users are checked against the directory at plan.
  ldap {
    url           = "ldaps://dc1.example.com,ldaps://dc2.example.com"
    bind_dn       = "CN=Terraform,OU=Service Accounts,DC=example,DC=com"
    bind_password = var.ldap_password
  }

  check_names = "error" # of people, groups, roles and organizations, at plan; or "warn", or "off"
}

# A Cloud Director that demands a client certificate, and a service account, which can only read. Cloud Director gives it a new
# token at each login; the provider keeps the file up to date.
provider "directory" {
  alias = "report"

  vcd {
    url                = "https://vcd.example.com"
    org                = "acme"
    api_token_file     = "/etc/terraform/vcd-token.json"
    client_certificate = var.vcd_client_certificate # PEM text, such as file("client.pem")
    client_key         = var.vcd_client_key
  }
}

variable "cloudshell_password" {
  type      = string
  sensitive = true
}

variable "vcd_password" {
  type      = string
  sensitive = true
}

variable "vcd_client_certificate" {
  type = string
}

variable "vcd_client_key" {
  type      = string
  sensitive = true
}

variable "ldap_password" {
  type      = string
  sensitive = true
}
