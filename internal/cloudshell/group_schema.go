// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// The roles that a CloudShell group can be given.
const (
	roleExternal    = "External"
	roleRegular     = "Regular"
	roleDomainAdmin = "DomainAdmin"
)

// How a CloudShell group may use a domain.
const (
	accessFull     = "full"
	accessViewOnly = "view_only"
)

func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A CloudShell group: what gives people access to domains. An import alone gives none, since " +
			"an imported user is only in the " +
			"group `Everyone`.\n\n" +
			"Who is in the group is not the business of this resource: the attribute `groups` of " +
			"`directory_cloudshell_imported_user` and " +
			"`directory_cloudshell_imported_group` decides that, and can name a group that is made in the same run. The " +
			"built-in groups are never touched.",
		Attributes: groupAttributes(),
	}
}

func groupAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required:      true,
			Validators:    []validator.String{framework.Name(), customGroupName{}},
			PlanModifiers: []planmodifier.String{keepGroupSpelling{}},
			MarkdownDescription: "The group's name. Another name renames the group in place; another spelling of the same " +
				"letters is no change.",
		},
		"description": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: stringFromState(),
			MarkdownDescription: "Description. Left out, it is not changed.",
		},
		"role": schema.StringAttribute{
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(roleRegular),
			Validators: []validator.String{groupRole{}},
			MarkdownDescription: "What the group's members are in its domains: `External`, `Regular` or `DomainAdmin`. " +
				"Default `Regular`.",
		},
		"domains": schema.MapAttribute{
			Optional:      true,
			ElementType:   types.StringType,
			PlanModifiers: []planmodifier.Map{keepDomainSpelling{}},
			Validators: []validator.Map{
				mapvalidator.KeysAre(framework.Name()),
				mapvalidator.ValueStringsAre(stringvalidator.OneOf(accessFull, accessViewOnly)),
			},
			MarkdownDescription: "The domains that the group has access to, and no others: the domain's name, and `full` or " +
				"`view_only`. Left out, the group's " +
				"domains are not touched; `{}` takes all of them away.",
		},
		"allow_update": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
			MarkdownDescription: "Whether to adopt a group of that name that exists already, with the settings given here. " +
				"Without it, creating a group that exists " +
				"is an error. Default `false`.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(policyAuto),
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyAbandon)},
			MarkdownDescription: "What destroying does with the CloudShell group: `auto` deletes a group that this resource " +
				"created, and leaves one that it adopted " +
				"or got by `terraform import`, with a warning; `delete` deletes; `abandon` leaves the group as it is. Members " +
				"leave a group that is deleted; the plan " +
				"says how many of them this configuration does not manage. Default `auto`.",
		},
		"created": schema.BoolAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether this resource created the group: CloudShell had no group of that name just before. " +
				"`false` for a group that it adopted " +
				"or got by `terraform import`.",
		},
		"id": schema.Int64Attribute{
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: "CloudShell's id of the group.",
		},
		"sid":  computedText("CloudShell's own unique id of the group (a UUID)."),
		"type": computedText("Type, such as `UserDefined`."),
	}
}

func (r *groupResource) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "The group's name in CloudShell."},
	}}
}

// customGroupName refuses the names of the built-in groups.
type customGroupName struct{}

func (customGroupName) Description(context.Context) string {
	return fmt.Sprintf("must not be %q or %q", everyone, systemAdministrators)
}

func (v customGroupName) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v customGroupName) ValidateString(
	ctx context.Context,
	req validator.StringRequest,
	resp *validator.StringResponse,
) {
	if name := req.ConfigValue.ValueString(); names.Same(name, everyone) || names.Same(name, systemAdministrators) {
		resp.Diagnostics.AddAttributeError(req.Path, "Built-In CloudShell Group", builtInGroupProblem(name))
	}
}

func builtInGroupProblem(name string) string {
	return fmt.Sprintf("The group %q came with CloudShell and cannot be managed. Choose another name.", name)
}

// groupRole accepts the roles that a group can be given.
type groupRole struct{}

func (groupRole) Description(context.Context) string {
	return "must be External, Regular or DomainAdmin"
}

func (v groupRole) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v groupRole) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	roles := []string{roleDomainAdmin, roleExternal, roleRegular}
	switch role := req.ConfigValue.ValueString(); {
	case role == roleExternal, role == roleRegular, role == roleDomainAdmin:
	case names.Same(role, "SystemAdmin"):
		resp.Diagnostics.AddAttributeError(
			req.Path,
			"Role Cannot Be Given to a Group",
			`Only the built-in group "System Administrators" has the role SystemAdmin. Make a person a system administrator `+
				`with admin = true of `+
				"directory_cloudshell_imported_user.",
		)
	default:
		resp.Diagnostics.AddAttributeError(req.Path, fmt.Sprintf("Unknown Group Role %q", role),
			"A group can be given the roles "+names.List(roles)+"."+names.DidYouMean(names.Near(role, roles)))
	}
}

// keepGroupSpelling keeps state's name where the configuration only spells it differently.
type keepGroupSpelling struct{}

func (keepGroupSpelling) Description(context.Context) string {
	return "Another spelling of the same name is no change."
}

func (m keepGroupSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepGroupSpelling) PlanModifyString(
	_ context.Context,
	req planmodifier.StringRequest,
	resp *planmodifier.StringResponse,
) {
	known := !req.StateValue.IsNull() && !req.PlanValue.IsUnknown()
	if known && names.Same(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}

// keepDomainSpelling keeps state's domains where the configuration only spells their names differently.
type keepDomainSpelling struct{}

func (keepDomainSpelling) Description(context.Context) string {
	return "Another spelling of the same names is no change."
}

func (m keepDomainSpelling) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

func (keepDomainSpelling) PlanModifyMap(
	_ context.Context,
	req planmodifier.MapRequest,
	resp *planmodifier.MapResponse,
) {
	planned, known := accessOf(req.PlanValue)
	held, read := accessOf(req.StateValue)
	if known && read && planned.equal(held) {
		resp.PlanValue = req.StateValue
	}
}
