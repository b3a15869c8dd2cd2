// SPDX-License-Identifier: MPL-2.0

package realdirectory

// KindsGroup is a group of Active Directory that lists entries of every kind that it can list.
const KindsGroup = "Kinds"

// kindsLDIF is the group with what it lists: people who can log in, whose account has expired, whose name is stored
// decomposed (Zoe and a combining diaeresis), or whose names differ in a letter that full case folding makes two (Weiss
// and Weiß), a computer and a contact.
const kindsLDIF = `dn: OU=Kinds,DC=lab,DC=example
objectClass: top
objectClass: organizationalUnit
ou: Kinds

dn: CN=Kind Person,OU=Kinds,DC=lab,DC=example
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn: Kind Person
sAMAccountName: kindperson
userAccountControl: 544
accountExpires: 9223372036854775807

dn: CN=Kind Expired,OU=Kinds,DC=lab,DC=example
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn: Kind Expired
sAMAccountName: kindexpired
userAccountControl: 544
accountExpires: 132539328000000000

dn:: Q049Wm9lzIggS2luZCxPVT1LaW5kcyxEQz1sYWIsREM9ZXhhbXBsZQ==
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn:: Wm9lzIggS2luZA==
sAMAccountName: kindzoe
userAccountControl: 544

dn: CN=Kind Weiss,OU=Kinds,DC=lab,DC=example
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn: Kind Weiss
sAMAccountName: kindweiss1
userAccountControl: 544

dn:: Q049S2luZCBXZWnDnyxPVT1LaW5kcyxEQz1sYWIsREM9ZXhhbXBsZQ==
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
cn:: S2luZCBXZWnDnw==
sAMAccountName: kindweiss2
userAccountControl: 544

dn: CN=kindpc,OU=Kinds,DC=lab,DC=example
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: user
objectClass: computer
cn: kindpc
sAMAccountName: kindpc$
userAccountControl: 4096

dn: CN=Kind Contact,OU=Kinds,DC=lab,DC=example
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: contact
cn: Kind Contact

dn: CN=Kinds,OU=Groups,DC=lab,DC=example
objectClass: top
objectClass: group
cn: Kinds
sAMAccountName: Kinds
member: CN=Kind Person,OU=Kinds,DC=lab,DC=example
member: CN=Kind Expired,OU=Kinds,DC=lab,DC=example
member:: Q049Wm9lzIggS2luZCxPVT1LaW5kcyxEQz1sYWIsREM9ZXhhbXBsZQ==
member: CN=Kind Weiss,OU=Kinds,DC=lab,DC=example
member:: Q049S2luZCBXZWnDnyxPVT1LaW5kcyxEQz1sYWIsREM9ZXhhbXBsZQ==
member: CN=kindpc,OU=Kinds,DC=lab,DC=example
member: CN=Kind Contact,OU=Kinds,DC=lab,DC=example

`
