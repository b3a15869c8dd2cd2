locals {
  # Names compare without regard to case, so every key is in lower case. A login that two people have counts once.
  directory = {
    for username, people in { for p in data.directory_ldap_users.all.users : lower(p.username) => p... if p.username != null } :
    username => people[0]
  }
  cloudshell = { for user in data.directory_cloudshell_users.imported.users : lower(user.username) => user }
  vcd        = { for user in flatten(data.directory_vcd_users.imported[*].users) : lower(user.username) => user }

  cloudshell_members = { for name, group in data.directory_cloudshell_group.each : name => [for u in group.usernames : lower(u)] }
  vcd_members        = { for name, group in data.directory_vcd_group.each : name => [for u in group.usernames : lower(u)] }

  # The groups of each person.
  cloudshell_groups_of = transpose(local.cloudshell_members)
  vcd_groups_of        = transpose(local.vcd_members)

  # What the directory says of everyone who is on a platform. Groups of CloudShell can also hold local users, who
  # are not in the directory.
  usernames = sort(setunion(keys(local.cloudshell), keys(local.vcd)))
  status = {
    for username in local.usernames : username =>
    !contains(keys(local.directory), username) ? "missing" : coalesce(local.directory[username].disabled, false) ? "disabled" : "active"
  }

  people = [
    for username in local.usernames : {
      username          = try(local.cloudshell[username].username, local.vcd[username].username)
      name              = try(coalesce(local.directory[username].display_name), "")
      directory         = local.status[username]
      cloudshell        = contains(keys(local.cloudshell), username) ? (local.cloudshell[username].active ? "active" : "inactive") : "none"
      vcd               = contains(keys(local.vcd), username) ? (local.vcd[username].enabled ? "enabled" : "disabled") : "none"
      cloudshell_groups = sort(lookup(local.cloudshell_groups_of, username, []))
      cloudshell_domains = sort(distinct(flatten([
        for group in lookup(local.cloudshell_groups_of, username, []) : [
          for domain, access in data.directory_cloudshell_group.each[group].domains : access == "full" ? domain : "${domain} (view only)"
        ]
      ])))
      vcd_groups = sort(lookup(local.vcd_groups_of, username, []))
    }
  ]

  # One bar for each group; its length is the number of members.
  groups = concat(
    [
      for name, members in local.cloudshell_members : {
        platform = "CloudShell", name = name, members = members
        grants   = [for domain, access in data.directory_cloudshell_group.each[name].domains : "${domain} (${replace(access, "_", " ")})"]
      }
    ],
    [
      for name, members in local.vcd_members : {
        platform = "Cloud Director", name = name, members = members, grants = data.directory_vcd_group.each[name].roles
      }
    ],
  )
  largest = max(1, [for group in local.groups : length(group.members)]...)
  bars = [
    for group in local.groups : {
      platform = group.platform
      name     = group.name
      grants   = sort(group.grants)
      total    = length(group.members)
      missing  = length([for m in group.members : m if lookup(local.status, m, "local") == "missing"])
      # Those who cannot log in: disabled in the directory, or inactive on the platform.
      disabled = length([
        for m in group.members : m
        if lookup(local.status, m, "local") == "disabled" ||
        lookup(local.status, m, "local") == "active" &&
        !(group.platform == "CloudShell" ? try(local.cloudshell[m].active, true) : try(local.vcd[m].enabled, true))
      ])
    }
  ]
}
