// SPDX-License-Identifier: MPL-2.0

// Package vcd is Terraform's view of VMware Cloud Director and VCF Automation: imported users and groups, and what can
// be looked up about them.
package vcd
