output "filter" {
  value = "(cn=${provider::directory::escape_filter("Anna (Ops) O'Hara")})" # (cn=Anna \28Ops\29 O'Hara)
}
