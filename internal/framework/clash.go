// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
)

// Clash is what is wrong where two resources that each stand for one person or group mean the same one.
type Clash int

// The clashes.
const (
	NoClash Clash = iota
	// Harmed: one resource deletes, deactivates or disables what the other one has afterwards.
	Harmed
	// TakenUnasked: one resource has it, and the other one takes it in without consent.
	TakenUnasked
	// HandedOver: one resource gives it up and leaves it in place, and the other one takes it in.
	HandedOver
	// Shared: both have it afterwards.
	Shared
)

// ClashOf says what is wrong where two resources mean one person or group.
func ClashOf(overlap claims.Overlap) Clash {
	mine, theirs := overlap.Mine, overlap.Theirs
	switch {
	case mine.Intent == claims.Harms && theirs.Intent.Holds(), mine.Intent.Holds() && theirs.Intent == claims.Harms:
		return Harmed
	case theirs.Intent == claims.Takes && theirs.Unasked && mine.Intent != claims.Harms:
		return TakenUnasked
	case mine.Intent == claims.Releases && theirs.Intent == claims.Takes,
		mine.Intent == claims.Takes && theirs.Intent == claims.Releases:
		return HandedOver
	case mine.Intent.Holds() && theirs.Intent.Holds():
		return Shared
	default:
		return NoClash
	}
}

// Fails reports whether the clash is an error.
func (c Clash) Fails() bool { return c == Harmed || c == TakenUnasked }

// Claimed is what two resources mean, in the words of their platform.
type Claimed struct {
	Subject  Subject
	Resource string // the type of both resources
	ImportID string // of the person or group
	Harm     string // what a destroy does, such as "delete or deactivate"
}

// AddClash reports what is wrong where two resources mean one person or group: as an error, or as a warning where no
// one is harmed and nothing is taken over unasked. Two resources for one new person are a warning too: one of them
// creates the account, and the other one adopts it.
func AddClash(diags *diag.Diagnostics, what Claimed, overlap claims.Overlap) {
	noun, label := strings.ToLower(what.Subject.Kind), overlap.Label
	switch ClashOf(overlap) {
	case Harmed:
		AddHeldElsewhere(diags, what.Subject, overlap.Mine, fmt.Sprintf("One resource of this plan would %s the %s, and "+
			"another one has the %s afterwards (%s). Terraform carries these out in any order. %s",
			what.Harm, noun, noun, label, what.waysOut(noun)))
	case TakenUnasked:
		AddHeldElsewhere(diags, what.Subject, overlap.Mine, fmt.Sprintf("One resource of this plan has the %s, and another "+
			"one is about to adopt the %s without allow_update = true (%s). %s", noun, noun, label, what.waysOut(noun)))
	case HandedOver:
		diags.AddWarning(SummaryShared, fmt.Sprintf("One resource of this plan gives the %s %q up and leaves the account "+
			"in place, and another one adopts it (%s). %s", noun, what.Subject.Name, label, what.waysOut(noun)))
	case Shared:
		diags.AddWarning(SummaryShared, fmt.Sprintf("Two resources of this configuration are for the %s %q (the other "+
			"is %s). The one that is applied last decides about settings. Of two new ones, one creates the account and the "+
			"other one adopts it, with created = false. Remove one of the two, or correct the name if it is wrong. %s",
			noun, what.Subject.Name, label, what.waysOut(noun)))
	case NoClash:
	}
}

// AddHeldElsewhere adds the error of a person or group that another resource holds, on the attribute name unless this
// resource is destroyed.
func AddHeldElsewhere(diags *diag.Diagnostics, subject Subject, mine claims.Intention, detail string) {
	if mine.Intent.Holds() {
		diags.AddAttributeError(path.Root("name"), IsHeldElsewhere(subject), detail)
		return
	}
	diags.AddError(IsHeldElsewhere(subject), detail)
}

// ReplacedLabel is the label of a resource that is to have another person or group than the one it has now.
func ReplacedLabel(label, now string) string { return fmt.Sprintf("%s, which has %q now", label, now) }

// waysOut is what to do about a clash, with placeholders: a provider never learns addresses.
func (c Claimed) waysOut(noun string) string {
	return fmt.Sprintf("If a resource only has another address, such as after a changed for_each key or a shortened "+
		"count list, add a moved block, and nothing happens to the %s:\n\n%s\n\nIf a resource is only tainted, `terraform "+
		"untaint ADDRESS` keeps it. %s To give up one resource and keep the %s, remove it from state without destroying "+
		"it, and import the %s where another resource is to have it:\n\n%s\n\n%s", noun, MovedBlock(c.Resource),
		ForgetDeposed(noun), noun, noun, RemovedBlock(c.Resource), ImportBlock(c.Resource, c.ImportID))
}

// ForgetDeposed is what to do about the old one of two instances that an interrupted create_before_destroy leaves. A
// provider cannot tell it from another resource.
func ForgetDeposed(noun string) string {
	return fmt.Sprintf("If the plan destroys a deposed object, which a replacement leaves when it is interrupted, run "+
		"`terraform state rm ADDRESS`, and import the %s again.", noun)
}

// Terraform wraps no line that begins with a space, so the blocks below are indented.

// MovedBlock is the block that tells Terraform of another address.
func MovedBlock(resource string) string {
	return fmt.Sprintf("  moved {\n    from = %s.OLD\n    to   = %s.NEW\n  }", resource, resource)
}

// RemovedBlock is the block that removes a resource from state and leaves what it stands for in place.
func RemovedBlock(resource string) string {
	return fmt.Sprintf("  removed {\n    from = %s.OLD\n    lifecycle {\n      destroy = false\n    }\n  }", resource)
}

// ImportBlock is the block that imports what exists.
func ImportBlock(resource, id string) string {
	return fmt.Sprintf("  import {\n    to = %s.NAME\n    id = %s\n  }", resource, QuoteHCL(id))
}

// QuoteHCL is text as an HCL string.
func QuoteHCL(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", "$${", "%{", "%%{").Replace(text) + `"`
}
