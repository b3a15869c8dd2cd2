// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

var _ action.ActionWithConfigure = (*reimportGroupAction)(nil)

// reimportGroupAction is directory_cloudshell_reimport_group.
type reimportGroupAction struct{ framework.Action }

// NewReimportGroupAction makes the action directory_cloudshell_reimport_group.
func NewReimportGroupAction() action.Action {
	return &reimportGroupAction{framework.Action{TypeName: "cloudshell_reimport_group"}}
}

// Schema implements action.Action.
func (a *reimportGroupAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Repeats the import of a directory group, for the members that CloudShell imported before, so " +
			"that CloudShell reads their details from the directory now. It makes members who are inactive in CloudShell " +
			"active again, as `directory_cloudshell_imported_group` does with `allow_update = true`. It creates no users: for " +
			"people who joined the group, apply `directory_cloudshell_imported_group`. Local users are never " +
			"changed. Releases of CloudShell before 2024.1 may refuse it.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the group in the directory. Upper and lower case do not matter.",
				Required:            true,
				Validators:          []validator.String{framework.Name()},
			},
		},
	}
}

// Invoke implements action.Action.
func (a *reimportGroupAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config reimportModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := config.Name.ValueString()
	summary := fmt.Sprintf("Unable to Import the People of Directory Group %q Again", name)
	client, err := a.Clients.CloudShell()
	if err != nil {
		addFault(&resp.Diagnostics, summary, err)
		return
	}
	groups := importer.Groups{Client: client, Claims: a.Clients.CloudShellClaims()}
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }

	found, err := groups.LookForReimport(ctx, name)
	if err != nil {
		addUnreadable(&resp.Diagnostics, summary, name, err)
		return
	}
	tellReimport(progress, name, found)
	if len(found.Known) == 0 {
		progress("There is no one to import again")
		return
	}
	done, err := groups.Reimport(ctx, found, progress)
	if err != nil {
		addFault(&resp.Diagnostics, summary, err,
			"Invoke the action again when that is solved: importing people twice does no harm.")
		return
	}
	progress(reimportedText(found, done))
	if len(done.Created) > 0 {
		resp.Diagnostics.AddAttributeWarning(path.Root("name"), "Import Created People", fmt.Sprintf(
			"These people joined the directory group %q during the import, and CloudShell imported them too: %s. A "+
				"directory_cloudshell_imported_group of that name makes them members at its next apply.",
			name, names.List(done.Created)))
	}
	if done.Refused != nil {
		resp.Diagnostics.AddAttributeError(path.Root("name"), summary,
			fmt.Sprintf("Not imported again: %s. Everyone else was.", reasons(*done.Refused)))
	}
	if done.Inactive != nil {
		resp.Diagnostics.AddAttributeError(path.Root("name"), summary,
			fmt.Sprintf("Imported again, but still inactive: %s. Invoke the action again when that is solved.",
				reasons(*done.Inactive)))
	}
}

// tellReimport says who will be imported again, and who is left out and why.
func tellReimport(progress func(string), group string, found importer.Reimport) {
	progress(fmt.Sprintf("The directory group %q has %s, and CloudShell imported %d of them before",
		group, roster.People(len(found.Group.People)), len(found.Known)))
	if len(found.Absent) > 0 {
		progress("Left out, since CloudShell has not imported them: " + names.List(found.Absent))
	}
	if len(found.Renamed) > 0 {
		progress("Left out, since CloudShell has them under another name still: " + names.List(found.Renamed))
	}
	if len(found.Known) > 0 {
		progress(fmt.Sprintf("CloudShell imports %s again", roster.People(len(found.Known))))
	}
}

// reimportedText says what changed, going by what CloudShell has now: an answer need not mention everyone.
func reimportedText(found importer.Reimport, done importer.Reimported) string {
	refused := 0
	if done.Refused != nil {
		refused = len(done.Refused.Names)
	}
	var changed []string
	for n, before := range done.Before {
		if len(changedDetails(before, done.After[n])) > 0 {
			changed = append(changed, before.Username)
		}
	}
	outcome := "nothing changed"
	if len(changed) > 0 {
		outcome = "the details changed of " + names.List(names.Sorted(changed))
	}
	return fmt.Sprintf("%s imported again: %s", roster.People(len(found.Known)-refused), outcome)
}
