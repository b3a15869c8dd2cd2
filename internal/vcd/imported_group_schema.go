// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

const importedGroupDescription = `Imports a group of an organization's LDAP directory (or of its SAML or OAuth
identity provider) into VMware Cloud Director or VCF Automation, with the roles that its members get. You do not have
to import the members: each member who logs in becomes a user with the group's roles.

If the directory does not know the name, the plan fails and offers similar names. This needs a server with a directory
search (API version 36.0 and later).

A group that exists already is an error at plan, unless you set ` + "`allow_update = true`" + `: then this resource
adopts the group, and the plan warns about what changes. To take the group into state without a change, write an
` + "`import`" + ` block.

If Terraform deletes the group, users who got into the organization only through this group can no longer log in. If
the account that the provider logs in with has its roles from this group, the provider neither deletes the group nor
changes its roles.

-> API tokens and service accounts (` + "`api_token`" + ` in the provider configuration) can read groups but not
change them. To make changes, log in with user name and password, or with the bearer token of such a login.`

// Schema implements resource.Resource.
func (r *importedGroupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: importedGroupDescription,
		Attributes: map[string]schema.Attribute{
			"org": orgAttribute(),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the group in the directory. Another name replaces the group. Cloud Director " +
					"ignores case, so there a difference in case is no change. VCF Automation (API 40 and later) matches names " +
					"exactly, so there it replaces the group.",
				Required:   true,
				Validators: []validator.String{framework.Name()},
			},
			"allow_update": allowUpdateAttribute("group", "roles and description"),
			"roles":        rolesAttribute("group"),
			"provider_type": schema.StringAttribute{
				MarkdownDescription: "Where the group comes from: `LDAP`, `SAML` or `OAUTH`. Another type replaces the group. " +
					"Default `LDAP`.",
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(vcdapi.ProviderLDAP),
				Validators: []validator.String{stringvalidator.OneOf(vcdapi.ProviderLDAP, vcdapi.ProviderSAML,
					vcdapi.ProviderOAuth)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "Free text. Default: empty.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(""),
			},
			"deletion_policy": schema.StringAttribute{
				MarkdownDescription: "What happens to the group when this resource is destroyed. `auto` deletes a group that " +
					"this resource created; one that it adopted or got by an import stays, with a warning. `delete` deletes the " +
					"group. `abandon` leaves it as it is. Users of a deleted group lose the roles that they had from it. Default " +
					"`auto`.",
				Optional:   true,
				Computed:   true,
				Default:    stringdefault.StaticString(policyAuto),
				Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyAbandon)},
			},
			"created": schema.BoolAttribute{
				MarkdownDescription: "Whether this resource created the group. It is `true` only if the provider saw, before the " +
					"import, that the name was free. `false` for a group that was adopted or imported into state.",
				Computed:      true,
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "URN of the group: `urn:vcloud:group:…`.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name_in_source": schema.StringAttribute{
				MarkdownDescription: "Id of the group in the directory, in the server's encoding.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"user_names": schema.ListAttribute{
				MarkdownDescription: "Names of the users in the group, as far as the server knows, in alphabetical order. The " +
					"server only counts users who were imported after the group, or who have logged in since.",
				Computed:      true,
				ElementType:   types.StringType,
				PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *importedGroupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"org":  identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the organization."},
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the group."},
	}}
}
