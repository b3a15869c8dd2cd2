// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// ValidateConfig checks what attributes must be together.
func (r *importedUserResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config importedUserModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Triggers.IsNull() || config.Triggers.IsUnknown() ||
		config.AllowUpdate.IsUnknown() || config.AllowUpdate.ValueBool() {
		return
	}
	resp.Diagnostics.AddAttributeError(path.Root("triggers"), "Attribute triggers Needs allow_update",
		"A changed trigger imports the user again, which CloudShell does only with AllowUpdate. "+
			"Set allow_update = true, or leave triggers out.")
}

// ModifyPlan plans from configuration, state and private state alone wherever the outcome shows in the plan:
// Terraform plans again at apply and expects the same. Checks that ask a server happen on create and when the
// attribute changes, so that nothing blocks a destroy. Every plan tells claims what becomes of the person.
func (r *importedUserResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	notes := readNotes(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || r.clients == nil {
		return
	}
	var config, plan, state importedUserModel
	if !req.State.Raw.IsNull() && (notes.ID == 0 || !req.Plan.Raw.Equal(req.State.Raw) || len(notes.toMend()) > 0) {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		notes = notes.of(&state)
	}
	if req.Plan.Raw.IsNull() {
		r.planDestroy(notes, &resp.Diagnostics)
		return
	}
	if req.Plan.Raw.Equal(req.State.Raw) && len(notes.toMend()) == 0 {
		r.claim(notes, &resp.Diagnostics, notes.keeps()) // most users, most of the time: nothing to decode for
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		notes = r.planCreate(ctx, &config, &plan, notes, &resp.Diagnostics)
		resp.Diagnostics.Append(notes.write(ctx, resp.Private)...)
		return
	}
	if !r.planName(ctx, &plan, &state, &resp.Diagnostics) {
		// Terraform plans the create by a second call, which gets these notes and no state.
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("name"))
		r.claim(notes, &resp.Diagnostics, notes.departs())
		r.warnReplacement(ctx, &config, &plan, notes, &resp.Diagnostics)
		return
	}
	r.planUpdate(ctx, &config, &plan, &state, notes, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planDestroy says what becomes of the user.
func (r *importedUserResource) planDestroy(notes userNotes, diags *diag.Diagnostics) {
	// At apply, where Terraform plans the destruction of what create_before_destroy has replaced, claim reports nothing:
	// Delete looks who holds the person, and leaves the account to them.
	r.claim(notes, diags, notes.departs())
	if !r.clients.CloudShellClaims().Applying() {
		warnStays(diags, notes)
	}
}

// planCreate looks who exists, and says what the create would do to them. It returns the notes of the new resource.
// Notes without a state are those of a resource that is replaced, or of one that a refresh found to be gone.
func (r *importedUserResource) planCreate(
	ctx context.Context, config, plan *importedUserModel, notes userNotes, diags *diag.Diagnostics,
) userNotes {
	registry := r.clients.CloudShellClaims()
	replaced := registry.Planned(notes.Holder)
	if !replaced {
		notes = userNotes{Holder: claims.NewHolder()}
	}
	client := r.clientForChecks(diags)
	if client == nil || plan.Name.IsUnknown() || diags.HasError() {
		return notes
	}
	name := plan.Name.ValueString()
	if !registry.Applying() {
		r.checkPerson(ctx, name, diags)
		r.checkGroups(ctx, config, diags)
	}
	guardAccount(config, client.Account(), name, diags)
	if diags.HasError() {
		return notes
	}
	look, err := importer.New(client).LookForPlan(ctx, name)
	switch {
	case err != nil && framework.IsPassing(err) && !replaced: // a replacement removes someone, so it needs the answer
		warnUnchecked(diags, path.Root("name"), err)
		return r.planTake(config, plan, notes, false, importer.Look{Name: name}, diags)
	case err != nil:
		addFault(diags, framework.UnableTo("Look Up", userSubject(name)), err)
		return notes
	}
	return r.planTake(config, plan, notes, replaced, look, diags)
}

// planTake tells the other resources of the run who the create takes, and asks for the consent that this needs.
func (r *importedUserResource) planTake(
	config, plan *importedUserModel, notes userNotes, replaced bool, look importer.Look, diags *diag.Diagnostics,
) userNotes {
	name, registry := plan.Name.ValueString(), r.clients.CloudShellClaims()
	person := claims.Person{Name: name}
	if look.User != nil {
		person = importer.PersonOf(*look.User)
	}
	tainted, presumed := registry.SightedSole(person)
	if presumed = presumed && !replaced && look.User != nil; presumed {
		notes = userNotes{
			Holder:      claims.NewHolder(), // if that resource is planned after all, it meets this one
			ID:          look.User.ID,
			Username:    look.User.Username,
			ImportedSID: textOrNull(look.User.ImportedSid).ValueString(),
			Created:     tainted.Created,
		}
		replaced = true
	}
	mine := replaced && look.User != nil && importer.SamePerson(*look.User, notes.known())
	label := userLabel(name)
	intentions := []claims.Intention{{Person: person, Intent: claims.Takes, Sole: true, Groups: stringsOf(config.Groups),
		Unasked: presumed && !plan.AllowUpdate.ValueBool()}}
	if replaced && !mine {
		label = framework.ReplacedLabel(label, notes.Username)
		intentions = append(intentions, notes.departs())
	}
	if !r.reportOverlaps(notes.Holder, registry.Plan(notes.Holder, label, intentions), diags) {
		return notes
	}
	if look.User != nil && !mine {
		r.checkConsent(config, plan, *look.User, notes.Holder, diags)
	}
	registry.Remember(userLabel(name), notes.Holder, &look)
	return notes
}

// planName keeps state's spelling of a name, and reports whether the name is still that of the same person.
func (r *importedUserResource) planName(
	ctx context.Context,
	plan, state *importedUserModel,
	diags *diag.Diagnostics,
) bool {
	name := plan.Name.ValueString()
	switch {
	case plan.Name.IsUnknown():
		return false // Terraform asks again when the name is known
	case names.Same(name, state.Name.ValueString()), names.Same(name, state.Username.ValueString()):
		plan.Name = state.Name
		return true
	}
	if client, err := r.clients.LDAP(); err == nil && !client.IsDown() {
		if same, err := importer.IsNamed(ctx, client, state.known(), name); err == nil && same {
			return true
		}
	}
	client := r.clientForChecks(diags)
	if client == nil {
		return false
	}
	user, _, err := client.NamedUser(ctx, name)
	return err == nil && importer.SamePerson(user, state.known())
}

// planUpdate leaves open what an update may change, and says why a user is imported again where that does not show.
func (r *importedUserResource) planUpdate(
	ctx context.Context, config, plan, state *importedUserModel, notes userNotes, diags *diag.Diagnostics,
) {
	keeps := notes.keeps()
	keeps.Groups = slices.Concat(keeps.Groups, stringsOf(plan.Groups)) // those that the apply gives too
	r.claim(notes, diags, keeps)
	plan.Groups = withSpelling(plan.Groups, state.Groups)
	if !config.Groups.IsNull() && !plan.Groups.Equal(state.Groups) && !r.clients.CloudShellClaims().Applying() {
		r.checkGroups(ctx, config, diags)
	}
	if client := r.clientForChecks(diags); client != nil {
		guardAccount(config, client.Account(), state.Username.ValueString(), diags)
	}
	if !plan.Groups.IsNull() && !plan.Groups.Equal(state.Groups) ||
		!config.Admin.IsNull() && !plan.Admin.Equal(state.Admin) {
		plan.openAfterGroups()
	}
	reasons := reasonsToImport(plan, state, notes)
	if len(reasons) == 0 {
		return
	}
	plan.openAfterImport(config)
	if len(notes.toMend()) > 0 {
		diags.AddWarning(framework.SummaryRefreshes, fmt.Sprintf("The CloudShell user %q will be imported again. %s",
			state.Username.ValueString(), strings.Join(reasons, " ")))
	}
}

// reasonsToImport are the reasons to import a user of state again, as sentences; none when there is nothing to
// refresh. A consent that is not known yet counts, so that the plan leaves open what an import may change.
func reasonsToImport(plan, state *importedUserModel, notes userNotes) []string {
	if !plan.AllowUpdate.IsUnknown() && !plan.AllowUpdate.ValueBool() {
		return nil
	}
	var reasons []string
	if !state.AllowUpdate.ValueBool() {
		reasons = append(reasons, "allow_update is switched on.")
	}
	if !plan.Triggers.Equal(state.Triggers) {
		reasons = append(reasons, "A trigger changed.")
	}
	if nameToImport(plan, state) != "" {
		reasons = append(reasons, "The person has another name.")
	}
	for _, d := range notes.toMend() {
		reasons = append(reasons, fmt.Sprintf("The %s is %s in CloudShell and %s in the directory.",
			d.Detail, orEmpty(d.CloudShell), orEmpty(d.Directory)))
	}
	return reasons
}

// nameToImport is a new name of the same person, which only the directory knows yet; "" where CloudShell's own serves.
func nameToImport(plan, state *importedUserModel) string {
	if plan.Name.Equal(state.Name) || names.Same(plan.Name.ValueString(), state.Username.ValueString()) {
		return ""
	}
	return plan.Name.ValueString()
}

func orEmpty(text string) string {
	if text == "" {
		return "empty"
	}
	return fmt.Sprintf("%q", text)
}

// claim tells the other resources of the run what becomes of people, and adds an error for what contradicts it.
func (r *importedUserResource) claim(notes userNotes, diags *diag.Diagnostics, intentions ...claims.Intention) {
	overlaps := r.clients.CloudShellClaims().Plan(notes.Holder, userLabel(notes.Username), intentions)
	r.reportOverlaps(notes.Holder, overlaps, diags)
}

// userLabel is the resource in messages of others.
func userLabel(name string) string { return fmt.Sprintf("imported user %q", name) }

// checkPerson asks the directory, where it is configured, whether it knows the name.
func (r *importedUserResource) checkPerson(ctx context.Context, name string, diags *diag.Diagnostics) {
	diags.Append(framework.CheckDirectoryName(ctx, r.clients, name, path.Root("name"))...)
}

// warnReplacement gives the warnings of a create that follows a removal: Terraform shows those of the first plan alone.
// It shows the errors of the second one, so those are left to it.
func (r *importedUserResource) warnReplacement(
	ctx context.Context, config, plan *importedUserModel, notes userNotes, diags *diag.Diagnostics,
) {
	client, name := r.clientForChecks(diags), plan.Name.ValueString()
	if client == nil || plan.Name.IsUnknown() || diags.HasError() {
		return
	}
	warnStays(diags, notes)
	var create diag.Diagnostics
	defer func() { diags.Append(create.Warnings()...) }()
	r.checkPerson(ctx, name, &create)
	r.checkGroups(ctx, config, &create)
	look, err := importer.New(client).LookForPlan(ctx, name)
	switch {
	case err != nil: // the create's own plan reports it
	case look.User == nil:
		r.warnNewName(name, notes, &create)
	case look.User.IsImported() && plan.AllowUpdate.ValueBool(): // else that plan has an error
		r.checkConsent(config, plan, *look.User, notes.Holder, &create)
	}
}

// warnNewName says that a replacement removes a user before anything can tell whether the new name is right:
// CloudShell does not look up a person of the directory, and no ldap block does.
func (r *importedUserResource) warnNewName(name string, notes userNotes, diags *diag.Diagnostics) {
	if _, err := r.clients.LDAP(); err == nil || outcomeOf(notes.Policy, notes.Created) == leave {
		return
	}
	diags.AddAttributeWarning(path.Root("name"), "New Name Not Checked Before the Replacement", fmt.Sprintf(
		"The apply removes the CloudShell user %q before it imports %q, and nothing can tell before that whether the "+
			"directory knows the new name. After a typing error the old user is gone and there is no new one. Check the "+
			"spelling, configure the provider's ldap block, or set create_before_destroy.%s",
		notes.Username, name, domainHint(name)))
}

// checkGroups asks CloudShell whether it has the groups, as check_names says.
func (r *importedUserResource) checkGroups(ctx context.Context, config *importedUserModel, diags *diag.Diagnostics) {
	if client := r.clientForChecks(diags); client != nil && wholly(config.Groups) {
		checkGroupNames(ctx, r.clients, client, path.Root("groups"), stringsOf(config.Groups), diags)
	}
}

// clientForChecks is nil when CloudShell cannot be asked. It is an error where no configuration can create a user.
func (r *importedUserResource) clientForChecks(diags *diag.Diagnostics) *cloudshellapi.Client {
	client, err := r.clients.CloudShell()
	framework.AddIfNotConfigured(diags, err)
	if err != nil {
		return nil
	}
	return client
}

// differences compares a user with the directory, if the ldap block is configured and allow_update lets an import
// correct them. A directory that cannot be asked is a warning: an error would block plans and destroys.
func (r *importedUserResource) differences(
	ctx context.Context, state *importedUserModel, user cloudshellapi.User, diags *diag.Diagnostics,
) []importer.Difference {
	client, err := r.clients.LDAP()
	if !state.AllowUpdate.ValueBool() || err != nil || client.IsDown() {
		return nil // not configured, or not yet, or told already
	}
	differences, err := importer.Differences(ctx, client, user)
	if err != nil && !errors.Is(err, context.Canceled) && client.MarkDown() {
		diags.AddWarning(framework.SummaryNotChecked, framework.Sentence(err.Error())+
			" Whether details of imported CloudShell users changed in the directory is not known.")
	}
	return differences
}

// tolerate notes the differences that an import has just left: another one would not change them.
func (r *importedUserResource) tolerate(
	ctx context.Context, notes userNotes, plan *importedUserModel, user cloudshellapi.User,
) userNotes {
	var ignored diag.Diagnostics // the next refresh says why the directory cannot be asked
	notes.Tolerated = r.differences(ctx, plan, user, &ignored)
	notes.Differences = nil
	return notes
}
