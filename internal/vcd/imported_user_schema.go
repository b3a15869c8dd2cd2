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

const importedUserDescription = `Imports one person of an organization's LDAP directory (or of its SAML or OAuth
identity provider) as a user of VMware Cloud Director or VCF Automation, and manages the user's roles and settings.

If the directory does not know the name, the plan fails and offers similar names. This needs a server with a directory
search (API version 36.0 and later).

**Existing users.** A user who exists already is an error at plan, unless you set ` + "`allow_update = true`" + `:
then this resource adopts the user, and the plan warns about what changes. To take the user into state without a
change, write an ` + "`import`" + ` block. A local user is never adopted.

**Deletion.** By default, destroying the resource deletes the user only if the resource created them.
` + "`created`" + ` is true only if the resource saw that the name was free and then imported it. If another client
imports the same person between that look and the import, the provider cannot tell.

**Renames.** If the server can remap users (CloudAPI 37.1 and later), a changed ` + "`name`" + ` or
` + "`provider_type`" + ` is an update in place: the user keeps their id and everything they own. Otherwise it
replaces the user. If someone renames the user on the server, the user stays in state, and a warning gives the new
name to write.

**One user, one resource.** If the address of a resource changes (another ` + "`for_each`" + ` key, a shorter
` + "`count`" + ` list), write a ` + "`moved`" + ` block. The plan reports a user that one resource deletes and
another one keeps. It does not see resources of another provider alias, and with ` + "`-target`" + ` or
` + "`-refresh=false`" + ` it sees fewer resources.

~> **Virtual machines.** When Cloud Director deletes a user, it also deletes the user's virtual machines that are
powered off. Therefore this resource takes ownership of what the user owns before it deletes the user
(` + "`take_ownership`" + `). If it cannot take ownership, it deletes nothing.

-> API tokens and service accounts (` + "`api_token`" + ` in the provider configuration) can read users but not change
them. To make changes, log in with user name and password, or with the bearer token of such a login.`

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
			MarkdownDescription: "The person's name in the directory: the attribute that the organization's LDAP settings " +
				"name (`sAMAccountName`, `userPrincipalName`, …). Another name is a remap in place if the server supports it " +
				"(CloudAPI 37.1 and later); otherwise it replaces the user. Cloud Director ignores case, so there a difference " +
				"in case is no change. VCF Automation (API 40 and later) matches names exactly: there it is a remap, and the " +
				"plan fails if the directory spells the name differently.",
			Required:   true,
			Validators: []validator.String{framework.Name()},
		},
		"allow_update": allowUpdateAttribute("user", "roles, state and settings"),
		"roles":        rolesAttribute("user"),
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the user may log in. Default `true`.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"locked": schema.BoolAttribute{
			MarkdownDescription: "Whether failed logins have locked the user. With `false`, each apply that finds the user " +
				"locked unlocks them (CloudAPI 37.2 and later, elsewhere an error): **this undoes the server's lock-outs**. " +
				"`true` is not allowed. Left out, a locked user stays locked and cannot be changed. Read from the XML interface " +
				"and from CloudAPI 37.2 and later; null elsewhere.",
			Optional: true, Computed: true,
			Validators:    []validator.Bool{neverTrue{}},
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"provider_type": schema.StringAttribute{
			MarkdownDescription: "Where the user comes from: `LDAP`, `SAML` or `OAUTH`. Another type is a remap in place if " +
				"the server supports it (CloudAPI 37.1 and later); otherwise it replaces the user. Default `LDAP`.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(vcdapi.ProviderLDAP),
			Validators: []validator.String{stringvalidator.OneOf(vcdapi.ProviderLDAP, vcdapi.ProviderSAML,
				vcdapi.ProviderOAuth)},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Free text. Default: empty.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString(""),
		},
		"inherit_group_roles": schema.BoolAttribute{
			MarkdownDescription: "Whether the user also has the roles of their groups. VCF Automation only; elsewhere an " +
				"error at plan.",
			Optional: true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deployed_vm_quota": quotaAttribute("running"),
		"stored_vm_quota":   quotaAttribute("stored"),
		"take_ownership": schema.BoolAttribute{
			MarkdownDescription: "Whether the account that the provider logs in with takes ownership of what the user owns, " +
				"before the user is deleted. Default `true`. **With `false`, virtual machines of the user that are powered off " +
				"are deleted with the user.** If the provider cannot take ownership, it does not delete the user.",
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What happens to the user when this resource is destroyed. `auto` deletes a user that this " +
				"resource created; one that it adopted or got by an import stays, with a warning. `delete` deletes the user. " +
				"`disable` disables the user. `abandon` leaves the user as is. Default `auto`.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(policyAuto),
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyDisable, policyAbandon)},
		},
	}
}

func quotaAttribute(kind string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "How many " + kind + " virtual machines the user may have; `0` means no limit. XML interface " +
			"and CloudAPI before 37.0 only; elsewhere an error at plan.",
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
		"telephone":      text("Telephone number, from the directory. XML interface only; null elsewhere."),
		"name_in_source": text("Id of the person in the directory, in the server's encoding."),
		"created": truth("Whether this resource created the user. It is `true` only if the provider saw, before the " +
			"import, that the name was free. `false` for a user that was adopted or imported into state."),
		"stranded": truth("Whether the user has logged in before and can no longer do so, because they are gone from the " +
			"directory or the group that gave them their role is gone. CloudAPI 37.2 and later; null elsewhere."),
		"group_names": schema.ListAttribute{
			MarkdownDescription: "Names of the imported groups that the user is in. XML interface only; null elsewhere, where " +
				"it would cost a request for each user. See `user_names` of `directory_vcd_imported_group`.",
			ElementType: types.StringType, Computed: true,
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	}
}
