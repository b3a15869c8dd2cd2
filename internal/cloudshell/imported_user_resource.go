package cloudshell

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// importedUserResource is directory_cloudshell_imported_user.
type importedUserResource struct {
	clients *clients.Set
}

var (
	_ resource.ResourceWithConfigure      = (*importedUserResource)(nil)
	_ resource.ResourceWithIdentity       = (*importedUserResource)(nil)
	_ resource.ResourceWithImportState    = (*importedUserResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importedUserResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importedUserResource)(nil)
)

// NewImportedUserResource makes the resource directory_cloudshell_imported_user.
func NewImportedUserResource() resource.Resource { return &importedUserResource{} }

func (r *importedUserResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cloudshell_imported_user"
	resp.ResourceBehavior.MutableIdentity = true // people are renamed
}

func (r *importedUserResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.clients = framework.Clients(req.ProviderData, &resp.Diagnostics)
}

func (r *importedUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan importedUserModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	summary := fmt.Sprintf("Unable to Import CloudShell User %q", plan.Name.ValueString())
	client, err := r.clients.CloudShell()
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	// What is wrong with the configuration is found before anything is changed.
	groups, diags := groupIDs(ctx, client, path.Root("groups"), stringsOf(config.Groups))
	settings := settingsOf(&config, groups)
	resp.Diagnostics.Append(diags...)
	settings.guardAccount(client.Account(), plan.Name.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	work := userImport{client: client, name: plan.Name.ValueString(), allowUpdate: plan.AllowUpdate.ValueBool()}
	done, err := work.run(ctx)
	if err != nil {
		addImportFault(&resp.Diagnostics, summary, err)
		return
	}
	done.warn(plan.Name.ValueString(), &resp.Diagnostics)
	if run := r.clients.CloudShellRun(); done.created {
		done.created = !run.BroughtIn(done.user.ID) // a group may have been imported since the look-up, by another resource
		run.NoteBroughtIn(done.user.ID)
	}

	// From here on the user is in state, whatever fails.
	resp.Diagnostics.Append(resp.State.Set(ctx, incomplete(plan, done))...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, done.user.Username)...)
	if resp.Diagnostics.HasError() {
		return
	}

	settings.guardAccount(client.Account(), done.user.Username, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := r.applySettings(ctx, client, done.user.ID, settings, userNotes{})
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, fmt.Sprintf("Unable to Set Up CloudShell User %q", done.user.Username), err,
			"The user is imported and in state, but not as configured; Terraform will replace him at the next apply.")
		return
	}
	settings.warnNotTaken(user, &resp.Diagnostics)
	plan.Created = types.BoolValue(done.created)
	notes := r.notesAfter(ctx, &plan, settings, user, userNotes{}, true)
	plan.complete(user, notes)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
}

// Read refreshes state. A user who is gone, or whose place somebody else has taken, leaves state.
func (r *importedUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state importedUserModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// Before anything else: state from before there were identities has none, and Terraform insists.
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.Username.ValueString())...)

	subject := fmt.Sprintf("CloudShell User %q", state.Username.ValueString())
	client, err := r.clients.CloudShell()
	if framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(&resp.Diagnostics, subject, err)
		return
	}
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, "Unable to Read "+subject, err)
		return
	}
	prior := state
	user, err := client.User(ctx, state.ID.ValueInt64())
	if errors.Is(err, cloudshellapi.ErrNotFound) || err == nil && !state.sameUser(user) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		err = state.takeGroups(ctx, client, user, notes)
	}
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, "Unable to Read "+subject, err)
		return
	}
	state.take(user, notes)
	if !state.equal(&prior) { // most often it is, and setting state costs more than all of the above
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, user.Username)...)
	}
	if state.AllowUpdate.ValueBool() || len(notes.Differences) > 0 {
		notes.Differences = r.differences(ctx, &state, &resp.Diagnostics)
		resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
	}
}

func (r *importedUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state importedUserModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	notes := readNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	username := state.Username.ValueString()
	summary := fmt.Sprintf("Unable to Update CloudShell User %q", username)
	client, err := r.clients.CloudShell()
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	var groups []int64
	if !config.Groups.Equal(state.Groups) || notes.Groups == nil {
		var diags diag.Diagnostics
		groups, diags = groupIDs(ctx, client, path.Root("groups"), stringsOf(config.Groups))
		resp.Diagnostics.Append(diags...)
	} else {
		groups = notes.Groups
	}
	settings := settingsOf(&config, groups)
	settings.guardAccount(client.Account(), username, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	again := len(reasonsToImport(&plan, &state, notes)) > 0
	if again {
		if err := r.importAgain(ctx, client, &state, plan.Name.ValueString(), &resp.Diagnostics); err != nil {
			addImportFault(&resp.Diagnostics, fmt.Sprintf("Unable to Import CloudShell User %q Again", username), err)
			return
		}
	}
	if !again && !settings.differ(&state, notes) {
		plan.fillFrom(&state) // nothing that CloudShell knows of has changed
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, username)...)
		return
	}
	user, err := r.applySettings(ctx, client, state.ID.ValueInt64(), settings, notes)
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	settings.warnNotTaken(user, &resp.Diagnostics)
	notes = r.notesAfter(ctx, &plan, settings, user, notes, again)
	plan.complete(user, notes)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, user.Username)...)
	resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
}

// ImportState looks the user up by name: `terraform import ADDRESS USERNAME`, or by identity.
func (r *importedUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	username := req.ID
	if username == "" {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		username = identity.Username.ValueString()
	}
	summary := fmt.Sprintf("Unable to Bring CloudShell User %q into State", username)
	if problem := framework.NameProblem(username); problem != "" {
		resp.Diagnostics.AddError(summary, problem+" The import ID is the user's name in CloudShell.")
		return
	}
	client, err := r.clients.CloudShell()
	if err != nil {
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	}
	user, err := client.FindUser(ctx, username)
	switch {
	case errors.Is(err, cloudshellapi.ErrNotFound):
		resp.Diagnostics.AddError(summary, r.notFound(ctx, client, username))
		return
	case err != nil:
		framework.AddFault(&resp.Diagnostics, clients.CloudShell, summary, err)
		return
	case !user.IsImported():
		resp.Diagnostics.AddError(summary, "The user is a local one, who does not come from the directory. The provider never touches local users.")
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, broughtByImport(user))...)
	if req.ID != "" { // else the identity keeps the spelling that was asked for
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, user.Username)...)
	}
}

// notFound is the message for an import ID that is nobody's name, with near names.
func (r *importedUserResource) notFound(ctx context.Context, client *cloudshellapi.Client, username string) string {
	return "CloudShell has no user of that name. The import ID is the user's name in CloudShell." +
		framework.DidYouMean(framework.Near(username, importedNames(ctx, client))) + " To import somebody from the directory into CloudShell, apply the resource instead."
}

// setIdentity gives the resource its identity. The first spelling of a name stays.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, username string) diag.Diagnostics {
	var diags diag.Diagnostics
	if identity == nil {
		return diags
	}
	if held, ok := heldUsername(identity); ok && framework.SameName(held, username) {
		return diags
	}
	diags.Append(identity.Set(ctx, identityModel{Username: types.StringValue(username)})...)
	return diags
}

// heldUsername reads the identity, if there is one, without the cost of decoding it into a model.
func heldUsername(identity *tfsdk.ResourceIdentity) (string, bool) {
	var attributes map[string]tftypes.Value
	var username *string
	if identity.Raw.IsNull() || identity.Raw.As(&attributes) != nil || attributes["username"].As(&username) != nil || username == nil {
		return "", false
	}
	return *username, true
}
