package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// userNotesKey is where private state keeps the notes.
const userNotesKey = "imported_user"

// userNotes is what the provider remembers about a user besides state.
type userNotes struct {
	// Defaults are, for each limit of -1, what the server made of it; null where it holds none.
	Defaults map[string]*int64 `json:"defaults,omitempty"`
	// Groups are the ids that `groups` stood for when it was last applied; nil when it is not managed.
	Groups []int64 `json:"groups"`
	// Differences are the details that differed from the directory's at the last refresh.
	Differences []difference `json:"differences,omitempty"`
	// Tolerated are those that differed right after an import, which another import would not change.
	Tolerated []difference `json:"tolerated,omitempty"`
}

// difference is one detail of a user that CloudShell and the directory do not agree on.
type difference struct {
	Detail     string `json:"detail"`
	CloudShell string `json:"cloudshell"`
	Directory  string `json:"directory"`
}

// isDefault reports whether the server still holds what it made of a limit of -1.
func (n userNotes) isDefault(limit string, held *int64) bool {
	if held != nil && *held == leastLimit {
		return true
	}
	made, noted := n.Defaults[limit]
	switch {
	case !noted:
		return false
	case made == nil || held == nil:
		return made == nil && held == nil
	default:
		return *made == *held
	}
}

// toMend are the differences that an import would mend.
func (n userNotes) toMend() []difference {
	return slices.DeleteFunc(slices.Clone(n.Differences), func(d difference) bool { return slices.Contains(n.Tolerated, d) })
}

func readNotes(ctx context.Context, from framework.PrivateReader, diags *diag.Diagnostics) userNotes {
	var notes userNotes
	diags.Append(framework.ReadPrivate(ctx, from, userNotesKey, &notes)...)
	return notes
}

func (n userNotes) write(ctx context.Context, to framework.PrivateWriter) diag.Diagnostics {
	return framework.WritePrivate(ctx, to, userNotesKey, n)
}
