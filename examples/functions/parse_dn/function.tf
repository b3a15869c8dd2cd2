output "common_name" {
  value = provider::directory::parse_dn("CN=Porter\\, James,OU=People,DC=lab,DC=example").name # Porter, James
}
