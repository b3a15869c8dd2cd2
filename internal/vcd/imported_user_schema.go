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

const importedUserDescription = `Imports one person of an organization's LDAP directory (or SAML or OAuth identity provider) as a user of VMware Cloud
Director or VCF Automation, and keeps the user's roles and settings.

A name that the directory does not know fails at plan, with near matches in the message, where the server offers its directory
search (API version 36.0 and later). A user of that name who exists already, from the same provider type, is adopted, with a
warning; a local account never is.

~> **Virtual machines.** Cloud Director deletes the powered-off virtual machines of a user together with the user. Before it
deletes anybody, this resource therefore takes over what they own (` + "`take_ownership`" + `), and where that fails nobody is deleted.

-> API tokens and service accounts (` + "`api_token`" + ` in the provider configuration) may read users but not change them. Log in with user
name and password, or with the bearer token of such a login.`

// Schema implements resource.Resource.
func (r *importedUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := importedUserSettings()
	maps.Copy(attributes, importedUserComputed())
	resp.Schema = schema.Schema{MarkdownDescription: importedUserDescription, Attributes: attributes}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *importedUserResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org":  identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the organization."},
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user."},
	}}
}

func importedUserSettings() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org": orgAttribute(),
		"name": schema.StringAttribute{
			MarkdownDescription: "The user's name in the directory, by the attribute that the organization's LDAP settings name (`sAMAccountName`, " +
				"`userPrincipalName`, …). Names compare without regard to case, since Cloud Director folds them; another name replaces the user.",
			Required:      true,
			Validators:    []validator.String{framework.Name()},
			PlanModifiers: []planmodifier.String{framework.KeepSpelling()},
		},
		"roles": rolesAttribute("user"),
		"enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether the user may log in. Default: `true`.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"provider_type": schema.StringAttribute{
			MarkdownDescription: "Where the user comes from: `LDAP` (default), `SAML` or `OAUTH`. Another type replaces the user.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString(vcdapi.ProviderLDAP),
			Validators:    []validator.String{stringvalidator.OneOf(vcdapi.ProviderLDAP, vcdapi.ProviderSAML, vcdapi.ProviderOAuth)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Free text. Default: empty.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString(""),
		},
		"inherit_group_roles": schema.BoolAttribute{
			MarkdownDescription: "Whether the user has the roles of their groups too. VCF Automation only: elsewhere it is an error at plan.",
			Optional:            true, Computed: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deployed_vm_quota": quotaAttribute("running"),
		"stored_vm_quota":   quotaAttribute("stored"),
		"take_ownership": schema.BoolAttribute{
			MarkdownDescription: "Whether what the user owns moves to the account that the provider logs in with before the user is deleted. Default: `true`. " +
				"**With `false`, virtual machines of the user that are powered off are deleted with the user.** Where ownership cannot be taken, nothing is deleted.",
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What becomes of the user when this resource is destroyed: `auto` (default) deletes a user whom this resource brought in and " +
				"leaves, with a warning, one whom it adopted or got by `terraform import`; `delete` deletes in any case; `disable` leaves the user " +
				"disabled; `abandon` leaves the user as they are.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(policyAuto),
			Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyDisable, policyAbandon)},
		},
	}
}

func quotaAttribute(kind string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "How many " + kind + " virtual machines the user may have; 0 is unlimited. For the XML interface and CloudAPI " +
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
		"created":        truth("Whether this resource brought the user in. False for a user whom it adopted or who came by `terraform import`."),
		"locked":         truth("Whether the user is locked. A locked user cannot be changed. XML interface and CloudAPI 37.2 and later, null elsewhere."),
		"stranded":       truth("Whether the user is gone from the directory. CloudAPI 37.2 and later, null elsewhere."),
		"group_names": schema.ListAttribute{
			MarkdownDescription: "Names of the imported groups that the user is in. XML interface only, null elsewhere, where it would take a request for every " +
				"user: see `user_names` of `directory_vcd_imported_group`.",
			ElementType: types.StringType, Computed: true,
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	}
}
