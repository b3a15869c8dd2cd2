provider "directory" {
  ldap {
    url     = "ldaps://dc1.example.com,ldaps://dc2.example.com" # tried in turn
    bind_dn = "svc-terraform@example.com"
    # The password comes from LDAP_BIND_PASSWORD.
  }
}
