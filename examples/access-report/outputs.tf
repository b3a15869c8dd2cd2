locals {
  # Other people write the names in a directory. They must not become markup in the page or formulas in the spreadsheet.
  html = {
    for text in distinct(concat(
      [var.title],
      flatten([for p in local.people : [p.username, p.name, p.cloudshell_groups, p.cloudshell_domains, p.vcd_groups]]),
      flatten([for b in local.bars : [b.name, b.grants]]),
    )) : text => replace(replace(replace(replace(replace(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), "\"", "&quot;"), "'", "&#39;")
  }
  rows = [
    for p in local.people : [
      p.username, p.name, p.directory, p.cloudshell, join("; ", p.cloudshell_groups), join("; ", p.cloudshell_domains),
      p.vcd, join("; ", p.vcd_groups)
    ]
  ]
}

output "html" {
  description = "The report as one HTML page: terraform output -raw html > access.html"
  value = templatefile("${path.module}/page.html.tftpl", {
    title = var.title, people = local.people, bars = local.bars, largest = local.largest, html = local.html
  })
}

output "csv" {
  description = "The same people for a spreadsheet: terraform output -raw csv > access.csv"
  value = join("", [
    for row in concat([["username", "name", "directory", "cloudshell", "cloudshell_groups", "cloudshell_domains", "vcd", "vcd_groups"]], local.rows) :
    "${join(",", [for field in row : "\"${replace(replace(field, "/^[=+\\-@\\t\\r]/", "'$0"), "\"", "\"\"")}\""])}\r\n"
  ])
}

output "missing" {
  description = "Who is on a platform and not in the directory."
  value       = [for p in local.people : p.username if p.directory == "missing"]
}

output "disabled" {
  description = "Who is disabled in the directory and still active on a platform."
  value       = [for p in local.people : p.username if p.directory == "disabled" && (p.cloudshell == "active" || p.vcd == "enabled")]
}
