output "sid" {
  value = provider::directory::sid_to_string("AQUAAAAAAAUVAAAAoGXPfnhLm1/nfIdwUQQAAA==")
}
