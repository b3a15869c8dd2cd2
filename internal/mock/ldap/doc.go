// SPDX-License-Identifier: MPL-2.0

// Package ldap is the directory in memory of the mocks, and an in-process LDAP server over it: a real server on
// loopback whose answers a client cannot tell from a small Active Directory (or, by [Options.Schema], an OpenLDAP)
// domain.
//
// What it models: simple binds, the three search scopes, filters with every choice of RFC 4515 that clients use (the
// matching rule in chain and the bitwise rules among them), paged results, size limits, values handed out in ranges,
// StartTLS and LDAPS with a certificate authority of its own, back links (memberOf), and connections that the server
// drops. What it leaves out: writes over the wire, SASL, referrals, access control but for [Options.Forbidden], and
// filters with :dn: (the library under it drops such connections). People and groups change through methods of
// [Directory], which the mock platforms can read without LDAP, too.
package ldap
