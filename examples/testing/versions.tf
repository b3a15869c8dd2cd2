terraform {
  required_version = ">= 1.8"
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}
