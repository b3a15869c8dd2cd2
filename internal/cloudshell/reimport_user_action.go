// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

var _ action.ActionWithConfigure = (*reimportUserAction)(nil)

// reimportUserAction is directory_cloudshell_reimport_user.
type reimportUserAction struct{ framework.Action }

// NewReimportUserAction makes the action directory_cloudshell_reimport_user.
func NewReimportUserAction() action.Action {
	return &reimportUserAction{framework.Action{TypeName: "cloudshell_reimport_user"}}
}

// Schema implements action.Action.
func (a *reimportUserAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Repeats the import of a CloudShell user, so that CloudShell reads their details from the " +
			"directory now. It creates no users: CloudShell must have imported the user before. Local users are never " +
			"changed. Releases of CloudShell before 2024.1 may refuse it.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the user in CloudShell: the attribute `username` of " +
					"`directory_cloudshell_imported_user`. Upper and lower case do not matter.",
				Required:   true,
				Validators: []validator.String{framework.Name()},
			},
		},
	}
}

// reimportModel is the configuration of either action.
type reimportModel struct {
	Name types.String `tfsdk:"name"`
}

// Invoke implements action.Action.
func (a *reimportUserAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config reimportModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := config.Name.ValueString()
	summary := fmt.Sprintf("Unable to Import %s Again", userSubject(name))
	client, err := a.Clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	before, found := findImported(ctx, client, name, summary, &resp.Diagnostics)
	if !found {
		return
	}
	resp.SendProgress(
		action.InvokeProgressEvent{Message: fmt.Sprintf("CloudShell imports the user %q again", before.Username)},
	)
	done, err := importAgain(ctx, a.Clients.CloudShellClaims(), importer.New(client), before, "")
	if err != nil {
		addUserFault(&resp.Diagnostics, summary, name, err)
		return
	}
	warnImported(&resp.Diagnostics, before.Username, done)
	if !done.User.IsActive {
		warnUserInactive(&resp.Diagnostics, done.User.Username)
	}
	outcome := "nothing changed"
	if changed := changedDetails(before, done.User); len(changed) > 0 {
		outcome = strings.Join(changed, "; ")
	}
	resp.SendProgress(action.InvokeProgressEvent{
		Message: fmt.Sprintf("The user %q is imported again: %s", before.Username, outcome),
	})
}

// findImported finds a user to import again. An import by a name that CloudShell does not have would create an
// account, and by a local user's name it might take the local user over: both are errors.
func findImported(
	ctx context.Context, client *cloudshellapi.Client, name, summary string, diags *diag.Diagnostics,
) (cloudshellapi.User, bool) {
	user, err := client.FindUser(ctx, name)
	switch {
	case errors.Is(err, cloudshellapi.ErrNotFound):
		diags.AddAttributeError(path.Root("name"), summary, "CloudShell has no user of that name."+
			names.DidYouMean(
				names.Near(name, importedNames(ctx, client)),
			)+domainHint(name)+" The name is the one that the user "+
			"has in CloudShell. To import a new person, apply a directory_cloudshell_imported_user instead.")
	case err != nil:
		addFault(diags, summary, err)
	case !user.IsImported():
		diags.AddAttributeError(path.Root("name"), summary, localUser(user.Username))
	default:
		return user, true
	}
	return user, false
}

// importedNames are the names of all imported users; none when they cannot be read.
func importedNames(ctx context.Context, client *cloudshellapi.Client) []string {
	var imported []string
	if users, err := client.Users(ctx); err == nil {
		for _, user := range users {
			if user.IsImported() {
				imported = append(imported, user.Username)
			}
		}
	}
	return imported
}

// changedDetails are what an import changed of a user, for people.
func changedDetails(before, after cloudshellapi.User) []string {
	var changed []string
	for _, detail := range []struct{ name, before, after string }{
		{"name", before.Username, after.Username},
		{"e-mail", textOrNull(before.Email).ValueString(), textOrNull(after.Email).ValueString()},
		{"directory id", textOrNull(before.ImportedSid).ValueString(), textOrNull(after.ImportedSid).ValueString()},
		{"domain", textOrNull(before.DomainName).ValueString(), textOrNull(after.DomainName).ValueString()},
	} {
		if detail.before != detail.after {
			changed = append(changed, fmt.Sprintf("%s %q -> %q", detail.name, detail.before, detail.after))
		}
	}
	if before.IsActive != after.IsActive {
		changed = append(changed, map[bool]string{true: "active again", false: "inactive now"}[after.IsActive])
	}
	return changed
}
