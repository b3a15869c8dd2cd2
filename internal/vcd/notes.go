// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// notesKey is the key of notes in private state.
const notesKey = "notes"

// notes is what a resource keeps in private state.
type notes struct {
	// Holder stands for the instance in claims.
	Holder claims.Holder `json:"holder,omitempty"`

	// Applied is the name in the configuration of the last apply or import. Only a name that differs from it is a change.
	Applied string `json:"applied,omitempty"`

	// Ignored are the settings that the server took and did not keep, by attribute.
	Ignored map[string]ignoredSetting `json:"ignored,omitempty"`

	// InDoubt: an import was sent, and whether it succeeded is not known. State has no id then.
	InDoubt bool `json:"in_doubt,omitempty"`
}

// ignoredSetting is a value that the configuration asked for, and what the server has instead.
type ignoredSetting struct {
	Asked string `json:"asked"`
	Has   string `json:"has"`
}

// readNotes reads private state, and gives an instance without a Holder one.
func readNotes(ctx context.Context, from framework.PrivateReader) (notes, diag.Diagnostics) {
	var n notes
	diags := framework.ReadPrivate(ctx, from, notesKey, &n)
	if n.Holder == "" {
		n.Holder = claims.NewHolder()
	}
	return n, diags
}

// hasNotes reports whether private state has notes.
func hasNotes(ctx context.Context, from framework.PrivateReader) bool {
	raw, _ := from.GetKey(ctx, notesKey)
	return len(raw) > 0
}

// isApplied reports whether a configured name is the one that was applied, as the server compares names: what was
// imported in one spelling may be configured in another, and no apply takes note of that.
func (n notes) isApplied(ctx context.Context, set *clients.Set, org types.String, name string) bool {
	if !names.Same(name, n.Applied) {
		return false
	}
	if name == n.Applied {
		return true
	}
	tenant := openQuietly(ctx, set, org)
	return tenant == nil || tenant.SameName(name, n.Applied)
}

func (n notes) write(ctx context.Context, to framework.PrivateWriter) diag.Diagnostics {
	return framework.WritePrivate(ctx, to, notesKey, n)
}

// keepIgnored returns the value that state keeps for a setting: what was asked for, as long as the server goes on
// having what it had when it ignored the setting.
func (n notes) keepIgnored(attribute, has string) string {
	ignored, ok := n.Ignored[attribute]
	if ok && ignored.Has == has {
		return ignored.Asked
	}
	return has
}

// compare records whether the server kept a setting, and reports whether this differs from what was recorded before.
func (n *notes) compare(attribute, asked, has string) (news bool) {
	before, known := n.Ignored[attribute]
	delete(n.Ignored, attribute)
	if asked == has {
		return false
	}
	if n.Ignored == nil {
		n.Ignored = map[string]ignoredSetting{}
	}
	n.Ignored[attribute] = ignoredSetting{Asked: asked, Has: has}
	return !known || before != n.Ignored[attribute]
}

func ignoredText(attribute, asked, has string) string {
	return fmt.Sprintf("%s is %q, and %q was sent.", attribute, has, asked)
}

// warnIgnored reports, once, settings that the server took and did not keep.
func warnIgnored(diags *diag.Diagnostics, subject framework.Subject, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	diags.AddWarning(framework.SummaryIgnored, fmt.Sprintf(
		"Cloud Director accepted the settings of %s but did not keep all of them: %s Some settings of users and groups come "+
			"from their identity provider. You can remove the attribute. If you leave it, this warning does not come again "+
			"while the server keeps its value.", subject, strings.Join(sentences, " ")))
}
