terraform {
  required_version = ">= 1.8"
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}

# Each block is optional: configure what you use. Every setting may come from the environment instead, and passwords
# better do: CLOUDSHELL_PASSWORD, VCD_PASSWORD, LDAP_BIND_PASSWORD.
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
}

variable "cloudshell_password" {
  type      = string
  sensitive = true
}

variable "vcd_password" {
  type      = string
  sensitive = true
}

variable "ldap_password" {
  type      = string
  sensitive = true
}
