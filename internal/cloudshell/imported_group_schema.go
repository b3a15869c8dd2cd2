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
	"github.com/external-directory/terraform-provider-directory/internal/framework/packed"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

const importedGroupDescription = "Imports everyone in one group of the directory behind CloudShell, and keeps " +
	"CloudShell up to date with the group.\n\nThe plan names people: `members` shows who joined the directory group " +
	"(`+`) and who left it (`-`), and `outdated_members` shows whose details changed. `terraform apply` does exactly " +
	"that. If someone joins or leaves between plan and apply, the next plan shows it.\n\nThe import itself creates no " +
	"CloudShell group and gives no access. List in `groups` the CloudShell groups that the members get. Users who were " +
	"in CloudShell before become members as they are and are never deleted. *Local* users and the account that the " +
	"provider logs in with are never changed."

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

const importTimeoutDescription = "How long the import may take, such as `30m`. It can be longer than the provider's " +
	"`request_timeout`. Default `20m`."

// importedGroupSettings are the attributes that people write.
func importedGroupSettings() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Name of the group in the directory. Upper and lower case do not matter. Another name is an " +
				"update in place: first the people of the new group join, then those who are not in it leave as " +
				"`departed_members` says. CloudShell finds groups by name alone, so only one group of the directory may have " +
				"this name.",
			Validators: []validator.String{framework.Name()},
		},
		"allow_update": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the import may update members who have a CloudShell user already. It then updates " +
				"details that differ from the directory's, and makes inactive members active. Without it, such members stay as " +
				"they are. Releases of CloudShell before 2024.1 may not know it. Default `false`.",
		},
		"groups": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Names of the CloudShell groups that every member is added to, and that leavers are removed " +
				"from. If you remove a name from this list, the members are removed from that group. Left out, no groups change. " +
				"Other groups of a member stay as they are.",
			Validators: groupsValidators(),
		},
		"departed_members": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(roster.DepartedKeep),
			MarkdownDescription: "What happens to the CloudShell user of a member who left the directory group, apart from " +
				"being removed from `groups`: `keep`, `deactivate`, or `delete`. Instead of being deleted, a user who existed " +
				"before this resource is deactivated. A member who comes back is made active again. Default `keep`.",
			Validators: []validator.String{stringvalidator.OneOf(roster.DepartedKeep, roster.DepartedDeactivate,
				roster.DepartedDelete)},
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(policyDeactivate),
			MarkdownDescription: "What happens to the users that this resource created (`created_members`) when it is " +
				"destroyed. `deactivate` removes them from `groups` and deactivates them. `delete` deletes them. `abandon` " +
				"leaves them as they are. All other users stay as they are, in their groups too. After `deactivate`, people who " +
				"are imported again stay inactive until you set `allow_update = true` or an administrator activates them. " +
				"Default `deactivate`.",
			Validators: []validator.String{stringvalidator.OneOf(policyDelete, policyDeactivate, policyAbandon)},
		},
		"retain_members_of": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Names of other directory groups, for groups that share people. A person who is still in one " +
				"of them stays as they are, CloudShell groups included, when they leave this group or when this resource is " +
				"destroyed. If one of these groups is unknown or cannot be read, everyone stays.",
			Validators: []validator.Set{setvalidator.ValueStringsAre(framework.Name())},
		},
		"retain_users": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "User names of people that other resources manage, such as " +
				"`directory_cloudshell_imported_user`. They stay as they are when they leave this group or when this resource is " +
				"destroyed, also after the directory or CloudShell gave them another name. Write the new name all the same: a " +
				"resource that is tainted or replaced no longer knows the earlier one.",
			Validators: []validator.Set{setvalidator.ValueStringsAre(framework.Name())},
		},
		"allow_empty": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the directory group may be empty. Without it, an empty group is an error when the " +
				"resource is created; later it changes nothing and gives a warning, because an empty group is more often a " +
				"mistake than intended. Default `false`.",
		},
		"max_departures": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "How many members may leave in one apply. If more left the directory group, all of them " +
				"stay, and the plan says so. Left out, there is no limit.",
			Validators: []validator.Int64{int64validator.AtLeast(0)},
		},
		"triggers": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Any values. When one of them changes, the group is imported again, in place. Needs " +
				"`allow_update = true`.",
		},
	}
}

// importedGroupPeople are the attributes that the provider computes.
func importedGroupPeople() map[string]schema.Attribute {
	people := packed.Map
	return map[string]schema.Attribute{
		"directory_members": people("Everyone in the directory group at the last refresh: user name to display name."),
		"members": people("Everyone in CloudShell that this resource manages: user name to display name. The plan sets it " +
			"to `directory_members`, so that it shows joiners and leavers by name. After an import into state: everyone in " +
			"the directory group who exists in CloudShell."),
		"outdated_members": people("Members who are not as they should be: user name to what differs. The e-mail address " +
			"or the SID differs from the directory's, the user is inactive, or a group of `groups` is missing. The plan " +
			"removes the entries that the apply will correct."),
		"created_members": people("Users that this resource created in CloudShell, including leavers who were kept: user " +
			"name to display name."),
		"held_back": people("Leavers who stay for now: user name to reason. They stay if more people left than " +
			"`max_departures` allows, if the directory group is empty, has vanished or cannot be read, or if a group of " +
			"`retain_members_of` was not read yet. `terraform plan -detailed-exitcode` does not report them, so a drift job " +
			"should read this attribute from the plan's JSON."),
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the group."},
		"distinguished_name": schema.StringAttribute{
			Computed: true, MarkdownDescription: "Distinguished name of the group in the directory, at the last import.",
		},
	}
}

func (r *importedGroupResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the group in the directory."},
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
			"A changed trigger imports people again who exist already. That needs allow_update = true.")
	}
	for _, other := range stringsOf(config.RetainMembersOf) {
		if !config.Name.IsUnknown() && names.Same(other, config.Name.ValueString()) {
			resp.Diagnostics.AddAttributeError(path.Root("retain_members_of"), "Group Retains Its Own Members",
				fmt.Sprintf("%q is the imported group itself: at destroy it would retain everyone. Name other groups only.", other))
		}
	}
}
