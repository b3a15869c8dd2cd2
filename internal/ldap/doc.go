// SPDX-License-Identifier: MPL-2.0

// Package ldap is Terraform's view of the directory itself: data sources for people and groups, and functions for the
// texts that LDAP is made of.
package ldap
