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
		MarkdownDescription: "Imports one person of the directory behind CloudShell as a CloudShell user, and manages the " +
			"account's settings and groups.\n\nA user who exists already is an error at plan, unless you set `allow_update = " +
			"true`. The message shows the `import` block that takes the user into state instead. A *local* CloudShell user of " +
			"the same name is never adopted or changed. The account that the provider logs in with is never deactivated, " +
			"deleted or demoted. If the provider logs in with a token, set `username` in its configuration to the name of " +
			"that account.\n\nIt is also an error at plan if two resources stand for one person, or if one resource deletes a " +
			"person that another one creates. The plan checks the resources of one provider configuration: it does not see " +
			"those of an alias, and with `-target` or `-refresh=false` it sees fewer of them.",
		Attributes: importedUserAttributes(),
	}
}

func importedUserAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "The person's name in the directory: the account name (`sAMAccountName` or `uid`), or " +
				"another name by which CloudShell finds the person. Upper and lower case do not matter. If the person got a new " +
				"name, the update is in place. The name of another person replaces the resource.",
			Validators: []validator.String{framework.Name()},
		},
		"allow_update": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
			MarkdownDescription: "Whether to adopt an imported user who exists already, and to import the person again when " +
				"the directory has another e-mail address or SID (which the provider sees if its `ldap` block is set). Without " +
				"it, a user who exists already is an error at plan. Releases of CloudShell before 2024.1 may not know it. " +
				"Default `false`.",
		},
		"groups": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Names of the CloudShell groups of the user: the user is in these and in no others. Left " +
				"out, the groups do not change. Do not list `Everyone`, which every user is in, or `System Administrators`, " +
				"which `admin` controls. If CloudShell re-evaluates groups at SSO logins " +
				"(`ReevaluateSSOUserAssociationUponLogin`), leave this attribute out: the two would undo each other's changes.",
			Validators: groupsValidators(),
		},
		"triggers": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Any values. When one of them changes, the user is imported again, in place. Needs " +
				"`allow_update = true`.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true,
			Computed: true,
			Default:  stringdefault.StaticString(policyAuto),
			MarkdownDescription: "What happens to the CloudShell user when this resource is destroyed. `auto` deletes a user " +
				"that this resource created; one that it adopted or got by an import stays, with a warning. `delete` deactivates " +
				"and then deletes the user. `deactivate` deactivates the user. `abandon` leaves the user as is. Default `auto`.",
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyDeactivate, policyAbandon)},
		},
		"active": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether the user can log in. Left out, it does not change.",
		},
		"admin": schema.BoolAttribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether the user is a system administrator. Left out, it does not change.",
		},
		"time_zone": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: append(stringFromState(), framework.KeepTimeZone()),
			MarkdownDescription: "Time zone of the user: a Windows name such as `W. Europe Standard Time`, or an IANA name " +
				"such as `Europe/Berlin` that stands for exactly one Windows time zone. Another name of the same zone is no " +
				"change. Left out, it does not change.",
			Validators: []validator.String{framework.TimeZone()},
		},
		"created": schema.BoolAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Whether this resource created the user. It is `true` only if the provider saw, before the " +
				"import, that CloudShell did not have the user. `false` for a user that was adopted or imported into state. If " +
				"another client imports the same person between that look and the import, the provider cannot tell.",
		},
		"id": schema.Int64Attribute{
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: "Id of the user in CloudShell.",
		},
		"username": computedText("Name of the user in CloudShell. It can differ from `name`."),
		"email":    computedText("E-mail address."),
		"sid":      computedText("Unique id of the user in CloudShell (a UUID)."),
		"imported_sid": computedText(
			"Id of the person in the directory: the `objectSid` as text in Active Directory, the `uid` elsewhere.",
		),
		"domain_name": computedText("Directory domain that the user comes from."),
		"group_ids": schema.SetAttribute{
			Computed:      true,
			ElementType:   types.Int64Type,
			PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Ids of all CloudShell groups of the user: `1` is `Everyone`, `-1` is `System " +
				"Administrators`.",
		},
		"domain_roles": schema.ListNestedAttribute{
			Computed: true, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			MarkdownDescription: "Roles of the user in CloudShell domains. They follow from the groups.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"domain_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the domain."},
				"role": schema.StringAttribute{
					Computed:            true,
					MarkdownDescription: "Role in the domain: `Regular`, `DomainAdmin` or `External`.",
				},
			}},
		},
	}
	for i, description := range [importer.LimitCount]string{
		"Maximum length of a reservation, in minutes.",
		"Maximum number of reservations at the same time.",
		"Maximum number of scheduled sandboxes at the same time.",
		"Maximum number of blueprints that the user owns.",
		"Maximum number of saved sandboxes.",
	} {
		attributes[importer.LimitNames[i]] = schema.Int64Attribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: description + " `-1` means the server's default. Left out, it does not change.",
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
		"username": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user in CloudShell."},
	}}
}

func computedText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, PlanModifiers: stringFromState(), MarkdownDescription: description}
}

func stringFromState() []planmodifier.String {
	return []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
}
