package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

var _ action.ActionWithConfigure = (*reimportGroupAction)(nil)

// reimportGroupAction is directory_cloudshell_reimport_group.
type reimportGroupAction struct {
	set *clients.Set
}

// NewReimportGroupAction makes the action directory_cloudshell_reimport_group.
func NewReimportGroupAction() action.Action { return &reimportGroupAction{} }

// Metadata implements action.Action.
func (a *reimportGroupAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_reimport_group"
}

// Schema implements action.Action.
func (a *reimportGroupAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Imports again everyone of a directory group whom CloudShell imported before, so that CloudShell takes over their details from the " +
			"directory now. It brings nobody in: who joined the group is planned by `directory_cloudshell_imported_group`. " +
			"Local users are never touched. Needs CloudShell 2024.1 or later.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "The group's name in the directory. Names compare without regard to case.",
				Required:            true,
				Validators:          []validator.String{framework.Name()},
			},
		},
	}
}

// Configure implements action.ActionWithConfigure.
func (a *reimportGroupAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.set = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

// Invoke implements action.Action.
func (a *reimportGroupAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config reimportModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	summary := fmt.Sprintf("Unable to Import the People of Directory Group %q Again", config.Name.ValueString())
	client, err := a.set.CloudShell()
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	done, err := a.set.CloudShellRun().Work(ctx)
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	defer done()
	g := groupReimport{
		summary: summary, diags: &resp.Diagnostics,
		tell: func(format string, values ...any) {
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, values...)})
		},
	}
	if g.prepare(ctx, client, a.set.CloudShellRun(), config.Name) {
		g.run(ctx)
	}
}

// groupReimport is one invocation for a group.
type groupReimport struct {
	*groupWork
	summary string
	diags   *diag.Diagnostics
	tell    func(format string, values ...any)

	// wanted are the user names of the people whom CloudShell imported before.
	wanted []string
	users  map[string]cloudshellapi.User // of wanted, by folded name, as they were
}

// prepare finds out who is to be imported again. It reports false after an error.
func (g *groupReimport) prepare(ctx context.Context, client *cloudshellapi.Client, run *clients.CloudShellRun, name types.String) bool {
	people, users, failed := readPeople(ctx, client, name.ValueString())
	if failed.directory == nil && len(people) == 0 || errors.Is(failed.directory, cloudshellapi.ErrNotFound) {
		// Servers differ in what they answer for a group that does not exist.
		lookUpDirectoryGroup(ctx, client, name.ValueString(), g.summary, g.diags)
	}
	for _, err := range []error{failed.directory, failed.users} {
		if err != nil && !g.diags.HasError() {
			framework.AddFault(g.diags, clients.CloudShell, g.summary, err)
		}
	}
	if g.diags.HasError() {
		return false
	}
	g.groupWork = newGroupWork(client, run, importedGroupModel{Name: name, AllowUpdate: types.BoolValue(true)}, users)
	g.see(people)
	g.choose()
	return true
}

// choose tells those who are imported again from the others. An import by the new name of somebody who was renamed might bring in
// a second user, so that is left to the resource, which plans it.
func (g *groupReimport) choose() {
	match := g.book.Match(g.people)
	g.users = map[string]cloudshellapi.User{}
	var absent, renamed []string
	for _, person := range g.people {
		key := framework.FoldName(person.Username)
		switch user, present := match.Users[key]; {
		case present && framework.SameName(user.Username, person.Username):
			g.wanted, g.users[key] = append(g.wanted, person.Username), user
		case present:
			renamed = append(renamed, person.Username)
		default:
			absent = append(absent, person.Username)
		}
	}
	g.tell("The directory group %q has %s, and CloudShell imported %d of them before", g.group, roster.People(len(g.people)), len(g.wanted))
	if len(absent) > 0 {
		g.tell("Left out, since CloudShell has not imported them: %s", roster.List(absent))
	}
	if len(renamed) > 0 {
		g.tell("Left out, since CloudShell has them under another name still: %s", roster.List(renamed))
	}
}

func (g *groupReimport) run(ctx context.Context) {
	if len(g.wanted) == 0 {
		g.tell("There is nobody to import again")
		return
	}
	g.tell("CloudShell imports %s again", roster.People(len(g.wanted)))
	g.bring(ctx, g.wanted, func(name string) bool {
		_, wanted := g.users[framework.FoldName(name)]
		return wanted
	})
	if g.reason != "" {
		g.diags.AddError(g.summary, framework.Sentence(g.reason)+" Invoke the action again when that is mended: doing it twice is doing it once.")
		return
	}
	g.report(ctx)
}

// report tells what became of the people, by what CloudShell has now: an answer need not mention everybody.
func (g *groupReimport) report(ctx context.Context) {
	users, err := g.client.Users(ctx)
	if err != nil {
		framework.AddFault(g.diags, clients.CloudShell, g.summary, err, "The import was accepted; what it changed could not be read.")
		return
	}
	book := roster.NewBook(users)
	var refusedNames, changed []string
	for _, name := range g.wanted {
		key := framework.FoldName(name)
		if _, refused := g.reasons[key]; refused {
			refusedNames = append(refusedNames, name)
		} else if user, there := book.ByID(g.users[key].ID); there && len(changedDetails(g.users[key], user)) > 0 {
			changed = append(changed, name)
		}
	}
	outcome := "nothing changed"
	if len(changed) > 0 {
		slices.Sort(changed)
		outcome = "the details changed of " + roster.List(changed)
	}
	g.tell("%s imported again: %s", roster.People(len(g.wanted)-len(refusedNames)), outcome)
	if len(refusedNames) > 0 {
		g.diags.AddAttributeError(path.Root("name"), g.summary, fmt.Sprintf("Not imported again: %s. Everybody else was.", g.whys(refusedNames)))
	}
}
