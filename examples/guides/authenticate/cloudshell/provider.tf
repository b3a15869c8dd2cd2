provider "directory" {
  cloudshell {
    url      = "https://cloudshell.example.com:9000"
    username = "svc-terraform" # a system administrator
    # The password comes from CLOUDSHELL_PASSWORD.
    ca_certificate = file("${path.module}/example-ca.pem")
  }
}
