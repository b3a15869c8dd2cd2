// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
	"github.com/external-directory/terraform-provider-directory/internal/vcd/importer"
)

// allowUpdateAttribute is the attribute `allow_update` of a resource.
func allowUpdateAttribute(kind, what string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Whether to adopt a " + kind + " that exists already, with the " + what + " given here. The " +
			"plan warns about what changes. Without it, an existing " + kind + " is an error at plan. Default `false`.",
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
	}
}

// neverTrue refuses `locked = true`.
type neverTrue struct{}

func (neverTrue) Description(context.Context) string         { return "can only be false" }
func (neverTrue) MarkdownDescription(context.Context) string { return "can only be false" }

func (neverTrue) ValidateBool(_ context.Context, req validator.BoolRequest, resp *validator.BoolResponse) {
	if req.ConfigValue.ValueBool() {
		resp.Diagnostics.AddAttributeError(req.Path, "Users Cannot Be Locked",
			"Cloud Director locks users after failed logins, and no request locks one. Use enabled = false to keep a user "+
				"from logging in.")
	}
}

func userSubject(name string) framework.Subject {
	return framework.Subject{Platform: clients.VCD, Kind: "User", Name: name}
}

func groupSubject(name string) framework.Subject {
	return framework.Subject{Platform: clients.VCD, Kind: "Group", Name: name}
}

// existing is a user or group that has the name of a resource that is to be created.
type existing struct {
	subject        framework.Subject
	kind, resource string // "user" and directory_vcd_imported_user
	org, name      string // as the server spells them
	facts          string // roles, state and description
	heldBy         string // label of another resource of the configuration; "" if none is known
	isStranded     bool
}

func existingUserFacts(tenant *vcdapi.Tenant, user vcdapi.User, heldBy string) existing {
	state := "enabled"
	if !user.Enabled {
		state = "disabled"
	}
	if user.Locked != nil && *user.Locked {
		state += " and locked"
	}
	return existing{
		subject: userSubject(user.Username), kind: "user", resource: "directory_vcd_imported_user",
		org: tenant.Name(), name: user.Username, heldBy: heldBy, isStranded: user.Stranded != nil && *user.Stranded,
		facts: fmt.Sprintf("The user has %s, is %s and has %s.", rolesText(user.Roles), state,
			descriptionText(user.Description)),
	}
}

func existingGroupFacts(tenant *vcdapi.Tenant, group vcdapi.Group, heldBy string) existing {
	return existing{
		subject: groupSubject(group.Name), kind: "group", resource: "directory_vcd_imported_group",
		org: tenant.Name(), name: group.Name, heldBy: heldBy,
		facts: fmt.Sprintf("The group has %s and %s.", rolesText(group.Roles), descriptionText(group.Description)),
	}
}

func rolesText(roles []vcdapi.Reference) string {
	if len(roles) == 1 {
		return "the role " + names.List(sortedNames(roles))
	}
	return "the roles " + names.List(sortedNames(roles))
}

func descriptionText(description string) string {
	if description == "" {
		return "no description"
	}
	return fmt.Sprintf("the description %q", description)
}

// refuse is the error where consent to adopt is missing.
func (e existing) refuse(diags *diag.Diagnostics) {
	sentences := []string{fmt.Sprintf("Organization %q has the %s already. %s", e.org, e.kind, e.facts)}
	if e.isStranded {
		sentences = append(sentences, strandedText)
	}
	if e.heldBy != "" {
		sentences = append(sentences, fmt.Sprintf("Another resource of this configuration holds it (%s).", e.heldBy))
	}
	sentences = append(sentences, fmt.Sprintf("To manage the %s as it is, add an import block:", e.kind))
	text := strings.Join(sentences, " ") + "\n\n" + framework.ImportBlock(e.resource, e.org+"/"+e.name) +
		"\n\nTo adopt it with the settings of the configuration, set allow_update = true. If a resource of this " +
		"configuration has it already and is tainted, use terraform untaint. If such a resource has only got another " +
		"address, such as another for_each key, add a moved block:\n\n" + framework.MovedBlock(e.resource)
	diags.AddAttributeError(path.Root("name"), framework.AlreadyExists(e.subject), text)
}

// strandedText explains why a stranded user needs attention before they are adopted.
const strandedText = "The user is stranded: they have logged in before and cannot any more, since their directory " +
	"account or the group that gave their role is gone. A new directory account of the same name may be another person, " +
	"who would get what the former one owns."

// warn tells at plan what an adoption changes.
func (e existing) warn(changes string, diags *diag.Diagnostics) {
	text := fmt.Sprintf("Organization %q has the %s already, and allow_update = true lets this resource adopt it. %s %s "+
		"With deletion_policy = %q, destroying the resource leaves the %s in place.",
		e.org, e.kind, e.facts, changes, policyAuto, e.kind)
	if e.isStranded {
		text += " " + strandedText
	}
	if e.heldBy != "" {
		text += fmt.Sprintf(" Another resource of this configuration holds it too (%s).", e.heldBy)
	}
	diags.AddAttributeWarning(path.Root("name"), framework.WillBeAdopted(e.subject), text)
}

// warnOtherType tells of a user or group of that name from elsewhere. Some servers keep one name for each provider
// type.
func warnOtherType(diags *diag.Diagnostics, subject framework.Subject, providerType string) {
	diags.AddAttributeWarning(path.Root("name"), framework.AlreadyExists(subject), fmt.Sprintf(
		"The organization has the name already, with provider type %s. Most servers take a name once only; then the apply "+
			"fails and changes nothing.", providerType))
}

// adoptionText is what an adoption changes, in a sentence.
func adoptionText(roles types.Set, hasRoles []vcdapi.Reference, description types.String, hasDescription string,
	more ...string) string {
	var changes []string
	if planned, ok := knownStrings(roles); ok && !nameSet(sortedNames(hasRoles)).Equal(roles) {
		changes = append(changes, "the roles to "+names.List(planned))
	}
	if changes = append(changes, more...); known(description) && description.ValueString() != hasDescription {
		changes = append(changes, fmt.Sprintf("the description to %q", description.ValueString()))
	}
	if len(changes) == 0 {
		return "It changes none of these."
	}
	return "It changes " + names.Join(changes) + "."
}

// warnRenamed tells of a name that changed on the server.
func warnRenamed(kind, configured, server string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("name"), framework.SummaryRenamed, fmt.Sprintf(
		"The %s %q was renamed on the server and is %q now. Nothing is changed. Write name = %s.",
		kind, configured, server, framework.QuoteHCL(server)))
}

// warnUnknownName says at plan what happens if the name becomes one that needs a replacement, which Terraform does not
// add to a plan at apply.
func warnUnknownName(kind string, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("name"), "Name Not Known at Plan", fmt.Sprintf(
		"The name becomes known during the apply. If it is then the name of another %s, Terraform ends the apply with an "+
			"error about an inconsistent final plan, and the %s is not changed. Plan again in that case: the plan then shows "+
			"the replacement.", kind, kind))
}

// checksNames reports whether names are checked: not where check_names is off, nor in a process that applies, whose
// plan was checked before.
func checksNames(set *clients.Set) bool {
	return framework.ChecksNames(set) && !set.VCDClaims().Applying()
}

// singleLooks is how many looks for what exists are requests of their own before they share one list: as many as
// Terraform plans at a time, so that a small apply never reads the list.
const singleLooks = 10

// foresightKey is the key of a user or group in what plans leave for creates: one for each that the server tells apart.
func foresightKey(tenant *vcdapi.Tenant, name, providerType string) string {
	if !tenant.Capabilities().ExactNames {
		name = names.Key(name)
	}
	return tenant.ID() + "/" + providerType + "/" + name
}

// addAdoptionFault explains why an existing user or group cannot be adopted, and reports whether the error is of that
// kind.
func addAdoptionFault(diags *diag.Diagnostics, subject framework.Subject, err error) bool {
	switch err := err.(type) { //nolint:errorlint // these come from Adoptable, which wraps nothing
	case *importer.LocalAccountError:
		diags.AddAttributeError(path.Root("name"), framework.IsLocal(subject), framework.Sentence(err.Error())+
			" Rename or delete the local account in Cloud Director, or import under another name.")
	case *importer.ProviderTypeError:
		diags.AddAttributeError(path.Root("provider_type"), framework.AlreadyExists(subject), framework.Sentence(err.Error())+
			fmt.Sprintf(" Set provider_type = %q to manage what exists, or delete it first.", err.Has))
	case *importer.LoginAccountError:
		diags.AddAttributeError(path.Root(err.Attribute), framework.IsOwnAccount(subject), framework.Sentence(err.Error()))
	default:
		return false
	}
	return true
}
