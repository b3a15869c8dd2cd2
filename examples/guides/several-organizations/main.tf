# A provider administrator manages several organizations with one login. Every resource sets its own org.
provider "directory" {
  vcd {
    url      = "https://vcd.example.com"
    org      = "System"
    username = "svc-terraform"
  }
}

resource "directory_vcd_imported_user" "author" {
  for_each = toset(["acme", "globex"])

  org   = each.value
  name  = "jporter"
  roles = ["vApp Author"]
}

# A second server, or a second login, needs a second configuration of the provider, with an alias.
provider "directory" {
  alias = "berlin"
  cloudshell {
    url      = "https://cloudshell-berlin.example.com:9000"
    username = "svc-terraform"
  }
}

provider "directory" {
  alias = "haifa"
  cloudshell {
    url      = "https://cloudshell-haifa.example.com:9000"
    username = "svc-terraform"
  }
}

resource "directory_cloudshell_imported_group" "berlin" {
  provider = directory.berlin
  name     = "Lab Engineers"
}

resource "directory_cloudshell_imported_group" "haifa" {
  provider = directory.haifa
  name     = "Lab Engineers"
}
