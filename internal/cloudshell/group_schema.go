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
		MarkdownDescription: "Manages a CloudShell group, which gives its members access to domains. An import alone gives " +
			"people no access: an imported user is only in the group `Everyone`.\n\nThis resource does not manage who is in " +
			"the group. That is done by the attribute `groups` of `directory_cloudshell_imported_user` and " +
			"`directory_cloudshell_imported_group`, which can also name a group that is created in the same run. The built-in " +
			"groups are never changed.",
		Attributes: groupAttributes(),
	}
}

func groupAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required:      true,
			Validators:    []validator.String{framework.Name(), customGroupName{}},
			PlanModifiers: []planmodifier.String{keepGroupSpelling{}},
			MarkdownDescription: "Name of the group. Another name renames the group in place. A difference in upper and lower " +
				"case is no change.",
		},
		"description": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: stringFromState(),
			MarkdownDescription: "Description of the group. Left out, it does not change.",
		},
		"role": schema.StringAttribute{
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(roleRegular),
			Validators: []validator.String{groupRole{}},
			MarkdownDescription: "Role of the members in the group's domains: `External`, `Regular` or `DomainAdmin`. Default " +
				"`Regular`.",
		},
		"domains": schema.MapAttribute{
			Optional:      true,
			ElementType:   types.StringType,
			PlanModifiers: []planmodifier.Map{keepDomainSpelling{}},
			Validators: []validator.Map{
				mapvalidator.KeysAre(framework.Name()),
				mapvalidator.ValueStringsAre(stringvalidator.OneOf(accessFull, accessViewOnly)),
			},
			MarkdownDescription: "Domains of the group: name to access, which is `full` or `view_only`. The group has access " +
				"to these and to no others. Left out, the domains do not change; `{}` removes all of them.",
		},
		"allow_update": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
			MarkdownDescription: "Whether to adopt a group that exists already and give it the settings of this resource. " +
				"Without it, a group that exists already is an error at plan. Default `false`.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(policyAuto),
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyAbandon)},
			MarkdownDescription: "What happens to the CloudShell group when this resource is destroyed. `auto` deletes a " +
				"group that this resource created; one that it adopted or got by an import stays, with a warning. `delete` " +
				"deletes the group. `abandon` leaves it as it is. Members of a deleted group lose its domains; the plan says how " +
				"many of them this configuration does not manage. Default `auto`.",
		},
		"created": schema.BoolAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether this resource created the group: CloudShell had no group of that name just before. " +
				"`false` for a group that was adopted or imported into state.",
		},
		"id": schema.Int64Attribute{
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: "Id of the group in CloudShell.",
		},
		"sid":  computedText("Unique id of the group in CloudShell (a UUID)."),
		"type": computedText("Type of the group, such as `UserDefined`."),
	}
}

func (r *groupResource) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the group in CloudShell."},
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
	return fmt.Sprintf("The group %q is built in and cannot be managed. Choose another name.", name)
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
