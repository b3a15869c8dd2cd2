#!/usr/bin/env bash
# Says which real directory servers and which other programs the tests will find, loudly where one is missing: those tests are
# then skipped, or fail when DIRECTORY_REQUIRE_SERVERS=1.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

report() { # report NAME COMMAND PACKAGES
  if command -v "$2" >/dev/null; then
    printf '%s: %s\n' "$1" "$(command -v "$2")"
  else
    printf '*** %s is not installed: its tests are SKIPPED. To run them: apt-get install %s ***\n' "$1" "$3"
  fi
} >&2

report 'OpenLDAP' slapd 'slapd ldap-utils libsasl2-modules-gssapi-mit'
report 'Kerberos' kinit 'krb5-user'
report 'Samba Active Directory' samba 'samba-ad-dc samba-ad-provision samba-dsdb-modules python3-samba winbind'
report 'Chromium' chromium chromium
report 'jq' jq jq
