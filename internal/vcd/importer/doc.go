// SPDX-License-Identifier: MPL-2.0

// Package importer carries out what Terraform has decided about the users and groups of Cloud Director: imports with
// proof of who made the account, adoptions, changes, remaps and removals. It knows nothing of Terraform.
package importer
