// SPDX-License-Identifier: MPL-2.0

// Package importer carries out what Terraform has decided about the users and groups of Cloud Director: imports with
// proof of who created the account, adoptions, changes, remaps and removals. It does not use Terraform.
package importer
