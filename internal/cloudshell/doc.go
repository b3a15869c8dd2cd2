// SPDX-License-Identifier: MPL-2.0

// Package cloudshell is Terraform's view of Quali CloudShell: the people imported from the directory, and what can be
// looked up about users, CloudShell groups and the directory's groups.
package cloudshell
