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

const importedGroupDescription = `Imports a group of an organization's LDAP directory (or SAML or OAuth identity
provider) into VMware Cloud Director or VCF Automation, with the roles that its members have. Members need no import of
their own: each member who logs in becomes a user with the group's roles.

A name that the directory does not know fails at plan, with near matches in the message, where the server offers its
directory search (API version 36.0 and later). A group that exists already is an error at plan unless
` + "`allow_update = true`" + `: bring it into state with an ` + "`import`" + ` block, or let this resource adopt it,
with a warning that shows what changes.

Deleting a group strands the users who are in the organization by the group alone: they cannot log in any more.

-> API tokens and service accounts (` + "`api_token`" + ` in the provider configuration) may read groups but not change
them. Log in with user name and password, or with the bearer token of such a login.`

// Schema implements resource.Resource.
func (r *importedGroupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: importedGroupDescription,
		Attributes: map[string]schema.Attribute{
			"org": orgAttribute(),
			"name": schema.StringAttribute{
				MarkdownDescription: "The group's name in the directory. Another name replaces the group. Cloud Director " +
					"disregards case, so another " +
					"spelling is no change; VCF Automation (API 40 and later) matches names exactly, so there it replaces the " +
					"group too.",
				Required:   true,
				Validators: []validator.String{framework.Name()},
			},
			"allow_update": allowUpdateAttribute("group", "roles and description"),
			"roles":        rolesAttribute("group"),
			"provider_type": schema.StringAttribute{
				MarkdownDescription: "Where the group comes from: `LDAP` (default), `SAML` or `OAUTH`. Another type replaces " +
					"the group.",
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
				MarkdownDescription: "What becomes of the group when this resource is destroyed: `auto` (default) deletes a " +
					"group that this resource created and " +
					"leaves, with a warning, one that it adopted or got by `terraform import`; `delete` deletes in any case; " +
					"`abandon` leaves the group as it is. " +
					"The users of a deleted group stay, without the roles that they had from it.",
				Optional:   true,
				Computed:   true,
				Default:    stringdefault.StaticString(policyAuto),
				Validators: []validator.String{stringvalidator.OneOf(policyAuto, policyDelete, policyAbandon)},
			},
			"created": schema.BoolAttribute{
				MarkdownDescription: "Whether this resource made the group, proved. False for a group that it adopted or that " +
					"came by `terraform import`.",
				Computed:      true,
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "URN of the group: `urn:vcloud:group:…`.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name_in_source": schema.StringAttribute{
				MarkdownDescription: "The directory's own identifier of the group, in the server's encoding.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"user_names": schema.ListAttribute{
				MarkdownDescription: "Names of the users that the server knows to be in the group, in alphabetical order. It " +
					"fills only with users who were imported " +
					"after the group, or who have logged in since.",
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
