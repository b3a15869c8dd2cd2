// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"maps"

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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// What becomes of a user when the resource is destroyed.
const (
	policyAuto    = "auto"
	policyDelete  = "delete"
	policyDisable = "disable"
	policyAbandon = "abandon"
)

const importedUserDescription = `Imports one person of an organization's LDAP directory (or SAML or OAuth identity
provider) as a user of VMware Cloud Director or VCF Automation, and keeps the user's roles and settings.

A name that the directory does not know fails at plan, with near matches in the message, where the server offers its
directory search (API version 36.0 and later).

**Users who exist already** are an error at plan unless ` + "`allow_update = true`" + `: bring them into state with an
` + "`import`" + ` block, or let this resource adopt them, with a warning that shows what changes. A local account is
never adopted. ` + "`created`" + ` is true only if this resource looked, found the name free, and then imported it; only
then does destroying the resource delete the user. (An import by others between the look and this resource's own import
cannot be told apart.)

**Renames.** Where the server can remap users (CloudAPI 37.1 and later), another ` + "`name`" + ` or
` + "`provider_type`" + ` is a change in place: the user keeps their id and everything they own. Elsewhere it replaces
the user. A user who is renamed on the server stays in state, and a warning gives the new name to write.

**One user, one resource.** If the address of a resource changes (another ` + "`for_each`" + ` key, a shorter
` + "`count`" + ` list), write a ` + "`moved`" + ` block. The plan reports a user that one resource deletes and another
one has, as far as it sees both: with ` + "`-target`" + `, ` + "`-refresh=false`" + ` or several provider aliases
it sees less.

~> **Virtual machines.** Cloud Director deletes the powered-off virtual machines of a user together with the user.
Before it deletes a user, this resource therefore takes over what they own (` + "`take_ownership`" + `), and where that
fails nothing is deleted.

-> API tokens and service accounts (` + "`api_token`" + ` in the provider configuration) may read users but not change
them. Log in with user name and password, or with the bearer token of such a login.`

// Schema implements resource.Resource.
func (r *importedUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := importedUserSettings()
	maps.Copy(attributes, importedUserComputed())
	resp.Schema = schema.Schema{MarkdownDescription: importedUserDescription, Attributes: attributes}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *importedUserResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org":  identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the organization."},
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user."},
	}}
}

func importedUserSettings() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org": orgAttribute(),
		"name": schema.StringAttribute{
			MarkdownDescription: "The user's name in the directory, by the attribute that the organization's LDAP settings " +
				"name (`sAMAccountName`, " +
				"`userPrincipalName`, …). Another name is a remap in place where the server can (CloudAPI 37.1 and later), else " +
				"it replaces the user. " +
				"Cloud Director disregards case, so another spelling is no change. VCF Automation (API 40 and later) matches " +
				"names " +
				"exactly, so there it is a remap too, and the plan refuses a name that the directory spells otherwise.",
			Required:   true,
			Validators: []validator.String{framework.Name()},
		},
		"allow_update": allowUpdateAttribute("user", "roles, state and settings"),
		"roles":        rolesAttribute("user"),
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the user may log in. Default: `true`.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"locked": schema.BoolAttribute{
			MarkdownDescription: "Whether failed logins have locked the user. `false` unlocks the user at each apply that " +
				"finds them locked (CloudAPI " +
				"37.2 and later, elsewhere an error), **which undoes the server's lock-outs**. `true` cannot be set. Left out, " +
				"a locked user " +
				"stays locked and cannot be changed. Shown by the XML interface and CloudAPI 37.2 and later, null elsewhere.",
			Optional: true, Computed: true,
			Validators:    []validator.Bool{neverTrue{}},
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"provider_type": schema.StringAttribute{
			MarkdownDescription: "Where the user comes from: `LDAP` (default), `SAML` or `OAUTH`. Another type is a remap in " +
				"place where the server " +
				"can (CloudAPI 37.1 and later), else it replaces the user.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(vcdapi.ProviderLDAP),
			Validators: []validator.String{stringvalidator.OneOf(vcdapi.ProviderLDAP, vcdapi.ProviderSAML,
				vcdapi.ProviderOAuth)},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Free text. Default: empty.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString(""),
		},
		"inherit_group_roles": schema.BoolAttribute{
			MarkdownDescription: "Whether the user has the roles of their groups too. VCF Automation only: elsewhere it is " +
				"an error at plan.",
			Optional: true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deployed_vm_quota": quotaAttribute("running"),
		"stored_vm_quota":   quotaAttribute("stored"),
		"take_ownership": schema.BoolAttribute{
			MarkdownDescription: "Whether what the user owns moves to the account that the provider logs in with before the " +
				"user is deleted. Default: `true`. " +
				"**With `false`, virtual machines of the user that are powered off are deleted with the user.** Where ownership " +
				"cannot be taken, nothing is deleted.",
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What becomes of the user when this resource is destroyed: `auto` (default) deletes a user " +
				"that this resource " +
				"created and leaves, with a warning, one that it adopted or got by `terraform import`; `delete` deletes in any " +
				"case; `disable` leaves the user " +
				"disabled; `abandon` leaves the user as they are.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(policyAuto),
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyDisable, policyAbandon)},
		},
	}
}

func quotaAttribute(kind string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "How many " + kind + " virtual machines the user may have; 0 is unlimited. For the XML " +
			"interface and CloudAPI " +
			"before 37.0: elsewhere it is an error at plan.",
		Optional: true, Computed: true,
		Validators:    []validator.Int64{int64validator.Between(0, 1<<31-1)},
		PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
	}
}

func importedUserComputed() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{
			MarkdownDescription: description, Computed: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	truth := func(description string) schema.Attribute {
		return schema.BoolAttribute{
			MarkdownDescription: description, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		}
	}
	return map[string]schema.Attribute{
		"id":             text("URN of the user: `urn:vcloud:user:…`."),
		"full_name":      text("Full name, from the directory."),
		"email":          text("E-mail address, from the directory."),
		"telephone":      text("Telephone number, from the directory. XML interface only, null elsewhere."),
		"name_in_source": text("The directory's own identifier of the user, in the server's encoding."),
		"created": truth("Whether this resource made the user, proved. False for a user that it adopted or that " +
			"came by `terraform import`."),
		"stranded": truth("Whether the user has logged in before and cannot any more: gone from the directory, or the " +
			"group that gave the role is gone. " +
			"CloudAPI 37.2 and later, null elsewhere."),
		"group_names": schema.ListAttribute{
			MarkdownDescription: "Names of the imported groups that the user is in. XML interface only, null elsewhere, " +
				"where it would take a request for every " +
				"user: see `user_names` of `directory_vcd_imported_group`.",
			ElementType: types.StringType, Computed: true,
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	}
}
