terraform {
  required_version = ">= 1.8"
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}

# Each block is optional: configure what you use. Settings can also come from the environment, which is the better place for
# passwords (CLOUDSHELL_PASSWORD, VCD_PASSWORD, LDAP_BIND_PASSWORD): saved plans contain the values of variables.
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

  check_names = "error" # a plan fails if the name of a person, group, role, ... is wrong; or "warn", or "off"
}

# A second configuration, for reports: a service account, which can only read, and a Cloud Director that demands a client
# certificate. Cloud Director replaces the token at each login, and the provider stores the new one in the file.
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
