package cloudshell

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// The details of a user that are compared with the directory's.
const (
	detailEmail = "e-mail"
	detailSID   = "SID"
)

// differences compares a user of state with the directory, where that is configured and an import is allowed to mend them. A directory that cannot be asked is
// worth a warning, no error: it would block plans and destroys.
func (r *importedUserResource) differences(ctx context.Context, state *importedUserModel, diags *diag.Diagnostics) []difference {
	client, err := r.clients.LDAP()
	if !state.AllowUpdate.ValueBool() || err != nil || client.IsDown() {
		return nil // not configured, or not yet, or told already
	}
	found, err := client.FindUsers(ctx, state.Username.ValueString())
	if err != nil {
		if ctx.Err() == nil && client.MarkDown() {
			diags.AddWarning("CloudShell Users Not Compared with the Directory", framework.Fault(clients.LDAP, err,
				"Whether details of imported users changed in the directory is not known."))
		}
		return nil
	}
	person, ok := samePerson(found, state)
	if !ok {
		return nil // left, or several: nothing that an import could mend
	}
	var differences []difference
	if person.Email != "" && !strings.EqualFold(person.Email, state.Email.ValueString()) {
		differences = append(differences, difference{detailEmail, state.Email.ValueString(), person.Email})
	}
	if person.SID != "" && person.SID != state.ImportedSID.ValueString() {
		differences = append(differences, difference{detailSID, state.ImportedSID.ValueString(), person.SID})
	}
	return differences
}

// samePerson finds whom of the directory the user of state is: by the directory's id, else by the account name.
func samePerson(found []directory.User, state *importedUserModel) (directory.User, bool) {
	var named []directory.User
	for _, person := range found {
		if person.SID != "" && person.SID == state.ImportedSID.ValueString() {
			return person, true
		}
		if framework.SameName(person.Username, state.Username.ValueString()) {
			named = append(named, person)
		}
	}
	if len(named) != 1 {
		return directory.User{}, false
	}
	return named[0], true
}

// reasonsToImport are the reasons to import a user of state again, as sentences; none when there is nothing to refresh.
func reasonsToImport(plan, state *importedUserModel, notes userNotes) []string {
	if !plan.AllowUpdate.ValueBool() {
		return nil
	}
	var reasons []string
	if !state.AllowUpdate.ValueBool() {
		reasons = append(reasons, "allow_update is switched on.")
	}
	if !plan.Triggers.Equal(state.Triggers) {
		reasons = append(reasons, "A trigger changed.")
	}
	for _, d := range notes.toMend() {
		reasons = append(reasons, fmt.Sprintf("The %s is %s in CloudShell and %s in the directory.", d.Detail, orEmpty(d.CloudShell), orEmpty(d.Directory)))
	}
	return reasons
}

func orEmpty(text string) string {
	if text == "" {
		return "empty"
	}
	return fmt.Sprintf("%q", text)
}

// openAfterImport leaves open, in a plan, what an import may change: everything that the configuration does not give.
func (m *importedUserModel) openAfterImport(config *importedUserModel) {
	m.openAfterGroups()
	open(&m.Username, types.StringNull(), types.StringUnknown())
	open(&m.Email, types.StringNull(), types.StringUnknown())
	open(&m.SID, types.StringNull(), types.StringUnknown())
	open(&m.ImportedSID, types.StringNull(), types.StringUnknown())
	open(&m.DomainName, types.StringNull(), types.StringUnknown())
	open(&m.Active, config.Active, types.BoolUnknown())
	open(&m.Admin, config.Admin, types.BoolUnknown())
	open(&m.TimeZone, config.TimeZone, types.StringUnknown())
	configured := config.limits()
	for i, limit := range m.limits() {
		open(limit, *configured[i], types.Int64Unknown())
	}
}

// openAfterGroups leaves open, in a plan, what follows from a change of groups.
func (m *importedUserModel) openAfterGroups() {
	m.GroupIDs = types.SetUnknown(types.Int64Type)
	m.DomainRoles = types.ListUnknown(domainRoleType)
}

func open[V interface{ IsNull() bool }](planned *V, configured, unknown V) {
	if configured.IsNull() {
		*planned = unknown
	}
}
