// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

const importedGroupDescription = "Imports the users of one group of the directory behind CloudShell, and keeps them " +
	"in step with it.\n\n" +
	"The plan names people: `members` shows who joined the directory group since (`+`) and who left it (`-`), " +
	"`outdated_members` whose details " +
	"changed. `terraform apply` does just that, to the name; who joins or leaves meanwhile is shown by the next " +
	"plan.\n\n" +
	"The import creates no CloudShell group and gives no access by itself: name in `groups` the CloudShell groups that " +
	"members are to be in. " +
	"Users who were in CloudShell before are never deleted; *local* users and the account that the provider logs in " +
	"with are never touched."

func (r *importedGroupResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := importedGroupSettings()
	maps.Copy(attributes, importedGroupPeople())
	resp.Schema = schema.Schema{
		MarkdownDescription: importedGroupDescription,
		Attributes:          attributes,
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true,
				CreateDescription: importTimeoutDescription, UpdateDescription: importTimeoutDescription,
			}),
		},
	}
}

const importTimeoutDescription = "How long the import may take, such as `30m`; it may exceed the provider's " +
	"`request_timeout`. Default `20m`."

// importedGroupSettings are the attributes that people write.
func importedGroupSettings() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "The group's name in the directory. Names compare without regard to case. Another name is " +
				"an update in place: the people of " +
				"the other group join first, then those who are not in it leave as `departed_members` says. CloudShell " +
				"addresses groups by name alone, so " +
				"the name must occur once in the directory.",
			Validators: []validator.String{framework.Name()},
		},
		"allow_update": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the import may update members who have a CloudShell user already: then details " +
				"that differ from the directory's are " +
				"brought up to date, and inactive members are made active. Without it they are members with their details " +
				"untouched. " +
				"Needs CloudShell 2024.1 or later. Default `false`.",
		},
		"groups": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Names of CloudShell groups that every member is added to, and removed from on leaving. A " +
				"group that is no longer listed loses " +
				"the members; with the attribute left out, groups are not touched. Other groups that a member is in stay as " +
				"they are.",
			Validators: groupsValidators(),
		},
		"departed_members": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(roster.DepartedKeep),
			MarkdownDescription: "What happens to the CloudShell user of a member who left the directory group, besides " +
				"being removed from `groups`: `keep`, " +
				"`deactivate`, or `delete` (a user who existed before this resource is deactivated instead). A member who comes " +
				"back is made active again. Default `keep`.",
			Validators: []validator.String{stringvalidator.OneOf(roster.DepartedKeep, roster.DepartedDeactivate,
				roster.DepartedDelete)},
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(policyDeactivate),
			MarkdownDescription: "What happens, at destroy, to the users that this resource created (`created_members`): " +
				"`deactivate`, `delete` or `abandon`. " +
				"With `deactivate` they are removed from `groups` as well. " +
				"All others are left as they are, `groups` included. After `deactivate`, people who are imported again are " +
				"inactive until `allow_update = true` or an administrator makes them active. Default `deactivate`.",
			Validators: []validator.String{stringvalidator.OneOf(policyDelete, policyDeactivate, policyAbandon)},
		},
		"retain_members_of": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Names of other groups of the directory. A person who is still in one of them is left alone " +
				"(account, CloudShell groups and all) when " +
				"leaving this one, and when this resource is destroyed. A group that is unknown or cannot be read retains " +
				"everyone. For groups that share people.",
			Validators: []validator.Set{setvalidator.ValueStringsAre(framework.Name())},
		},
		"retain_users": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "User names of people who are managed elsewhere, such as by " +
				"`directory_cloudshell_imported_user`. They are left alone in the " +
				"same way when leaving this group and when this resource is destroyed.",
			Validators: []validator.Set{setvalidator.ValueStringsAre(framework.Name())},
		},
		"allow_empty": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the directory group may be empty. Without it, a group that is found empty changes " +
				"nothing and gives a warning " +
				"(at creation, an error), since that is more often a mistake than intended. Default `false`.",
		},
		"max_departures": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "The most members that one apply lets leave. With more leavers than that, the plan keeps " +
				"all of them and says so. " +
				"Left out, there is no limit.",
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		},
		"triggers": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Values of your choice: when one changes, the group is imported again, in place. Needs " +
				"`allow_update = true`.",
		},
	}
}

// importedGroupPeople are the attributes that the provider computes.
func importedGroupPeople() map[string]schema.Attribute {
	people := func(description string) schema.MapAttribute {
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"directory_members": people("Who is in the directory group as of the last refresh: user name to display name."),
		"members": people("The people this resource manages who exist in CloudShell: user name to display name. It is " +
			"planned to equal `directory_members`, " +
			"so that the plan shows joiners and leavers by name. After `terraform import`: every person of the directory " +
			"group who exists in CloudShell."),
		"outdated_members": people("Members with something that is not as it should be: e-mail or SID differ from the " +
			"directory's, the user is " +
			"inactive, or a group of `groups` is missing. What the next apply changes is planned away."),
		"created_members": people("The users that this resource created in CloudShell, including leavers who were kept: " +
			"user name to display name."),
		"held_back": people("Leavers that a guard keeps: user name to the reason. The guards are `max_departures` and a " +
			"directory group that is empty, " +
			"has vanished or cannot be read. `terraform plan -detailed-exitcode` does not show them, so drift jobs should " +
			"read this from the plan's JSON."),
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "The group's name."},
		"distinguished_name": schema.StringAttribute{
			Computed: true, MarkdownDescription: "The group's distinguished name in the directory, as of the import.",
		},
	}
}

func (r *importedGroupResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "The group's name in the directory."},
	}}
}

// ValidateConfig checks what concerns more than one attribute.
func (r *importedGroupResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config importedGroupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !config.Triggers.IsNull() && !config.Triggers.IsUnknown() && !config.AllowUpdate.IsUnknown() &&
		!config.AllowUpdate.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("triggers"), "Triggers Need allow_update",
			"A trigger imports again people who exist already, which needs allow_update = true.")
	}
	for _, other := range stringsOf(config.RetainMembersOf) {
		if !config.Name.IsUnknown() && names.Same(other, config.Name.ValueString()) {
			resp.Diagnostics.AddAttributeError(path.Root("retain_members_of"), "Group Retains Its Own Members",
				fmt.Sprintf("%q is the imported group itself: at destroy it would retain everyone. Name other groups only.", other))
		}
	}
}
