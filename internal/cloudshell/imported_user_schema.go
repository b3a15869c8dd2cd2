// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// What becomes of an imported user at destroy.
const (
	policyAuto       = "auto"
	policyDelete     = "delete"
	policyDeactivate = "deactivate"
	policyAbandon    = "abandon"
)

func (r *importedUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Imports one user of the directory behind CloudShell, and keeps the account's settings and " +
			"groups.\n\n" +
			"A *local* CloudShell user of the same name is never adopted or touched. The account that the provider logs in " +
			"with is never " +
			"deactivated, deleted or demoted; with a token, `username` in the provider's configuration names it.\n\n" +
			"A user who exists already is an error at plan, which shows the `import` block to write, unless `allow_update = " +
			"true`. Two " +
			"resources for one person, and a person who would be deleted at one address and created at another, are errors " +
			"at plan too. " +
			"The plan sees the resources of one provider configuration only (not those of an alias), and with `-target` or " +
			"`-refresh=false` fewer of them.",
		Attributes: importedUserAttributes(),
	}
}

func importedUserAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "The user's name in the directory: the account name (`sAMAccountName` or `uid`) or another " +
				"name that CloudShell " +
				"finds the user by. Names compare without regard to case. A new name of the same person is an update in place; " +
				"another " +
				"person replaces the resource.",
			Validators: []validator.String{framework.Name()},
		},
		"allow_update": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
			MarkdownDescription: "Whether to adopt an imported user who exists already, and to import again when the " +
				"directory's details are known to " +
				"differ. Without it, a user who exists already is an error at plan. Needs CloudShell 2024.1 or later. Default " +
				"`false`.",
		},
		"groups": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Names of the CloudShell groups that the user is in, and in no others. Left out, the groups " +
				"are not touched. " +
				"Every user is in `Everyone`, and `System Administrators` follows `admin`: neither is allowed here. Where " +
				"CloudShell " +
				"re-evaluates groups at SSO logins (`ReevaluateSSOUserAssociationUponLogin`), it will fight over this attribute.",
			Validators: groupsValidators(),
		},
		"triggers": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Values of your choice: when one changes, the user is imported again, in place. Needs " +
				"`allow_update = true`.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true,
			Computed: true,
			Default:  stringdefault.StaticString(policyAuto),
			MarkdownDescription: "What becomes of the CloudShell user at destroy: `auto` deletes a user that this resource " +
				"created and leaves one that " +
				"it adopted, or got by `terraform import`, with a warning; `delete` deletes (after deactivating); `deactivate` " +
				"deactivates; " +
				"`abandon` leaves the user as is. Default `auto`.",
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyDeactivate, policyAbandon)},
		},
		"active": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether the user can log in. Left out, it is not changed.",
		},
		"admin": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether the user is a system administrator. Left out, it is not changed.",
		},
		"time_zone": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: append(stringFromState(), framework.KeepTimeZone()),
			MarkdownDescription: "The user's time zone, by its Windows name, such as `W. Europe Standard Time`, or by an " +
				"IANA name that stands for " +
				"exactly one of those, such as `Europe/Berlin`. Another name of the same zone is no change. Left out, it is not " +
				"changed.",
			Validators: []validator.String{framework.TimeZone()},
		},
		"created": schema.BoolAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether this resource created the user, proved: before the import it saw that CloudShell " +
				"did not have them. `false` for a " +
				"user that it adopted or got by `terraform import`. An import by another client in the moment between cannot be " +
				"told apart.",
		},
		"id": schema.Int64Attribute{
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: "CloudShell's id of the user.",
		},
		"username": computedText("The user's name in CloudShell, which may differ from `name`."),
		"email":    computedText("E-mail address."),
		"sid":      computedText("CloudShell's own unique id of the user (a UUID)."),
		"imported_sid": computedText(
			"The directory's id of the user: the objectSid in text form with Active Directory, the uid elsewhere.",
		),
		"domain_name": computedText("The directory domain that the user comes from."),
		"group_ids": schema.SetAttribute{
			Computed:      true,
			ElementType:   types.Int64Type,
			PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Ids of all CloudShell groups that the user is in: `1` is Everyone, `-1` System " +
				"Administrators.",
		},
		"domain_roles": schema.ListNestedAttribute{
			Computed: true, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "The user's roles in CloudShell domains, which follow from the groups.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"domain_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the domain."},
				"role": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "Role in it: `Regular`, `DomainAdmin` or `External`.",
				},
			}},
		},
	}
	for i, description := range [importer.LimitCount]string{
		"Longest reservation, in minutes.",
		"Most reservations at a time.",
		"Most sandboxes scheduled at a time.",
		"Most blueprints owned.",
		"Most sandboxes saved.",
	} {
		attributes[importer.LimitNames[i]] = schema.Int64Attribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: description + " `-1` asks for the server's default. Left out, it is not changed.",
			Validators:          []validator.Int64{int64validator.AtLeast(importer.DefaultLimit)},
		}
	}
	return attributes
}

func (r *importedUserResource) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"username": identityschema.StringAttribute{RequiredForImport: true, Description: "The user's name in CloudShell."},
	}}
}

func computedText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, PlanModifiers: stringFromState(), MarkdownDescription: description}
}

func stringFromState() []planmodifier.String {
	return []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
}
