# What `make demo` applies to the mock platforms (go run ./internal/mock). Names and passwords come from the environment:
# CLOUDSHELL_USERNAME, CLOUDSHELL_PASSWORD, VCD_USER, VCD_PASSWORD and LDAP_BIND_PASSWORD.
terraform {
  required_version = ">= 1.8"
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}

provider "directory" {
  cloudshell {
    url = var.cloudshell_url
  }

  vcd {
    url = var.vcd_url
    org = "acme"
  }

  # With ldap, the names of imported users are checked against the directory when Terraform plans.
  ldap {
    url     = var.ldap_url
    bind_dn = var.ldap_bind_dn
  }
}

variable "cloudshell_url" {
  type    = string
  default = "http://127.0.0.1:19000"
}

variable "vcd_url" {
  type    = string
  default = "http://127.0.0.1:18443"
}

variable "ldap_url" {
  type    = string
  default = "ldap://127.0.0.1:13890"
}

variable "ldap_bind_dn" {
  type    = string
  default = "CN=svc-terraform,OU=Service Accounts,DC=lab,DC=example"
}
