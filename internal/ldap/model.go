// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// person is how people appear in lists.
type person struct {
	DN          types.String `tfsdk:"dn"`
	Username    types.String `tfsdk:"username"`
	DisplayName types.String `tfsdk:"display_name"`
	Email       types.String `tfsdk:"email"`
	Telephone   types.String `tfsdk:"telephone"`
	SID         types.String `tfsdk:"sid"`
	GUID        types.String `tfsdk:"guid"`
	Disabled    types.Bool   `tfsdk:"disabled"`
	// DisabledReason is what the directory says of an account that is disabled.
	DisabledReason types.String `tfsdk:"disabled_reason"`
}

func toPerson(u directory.User) person {
	return person{
		DN:          legible(u.DN),
		Username:    optional(u.Username),
		DisplayName: optional(u.DisplayName),
		Email:       optional(u.Email),
		Telephone:   optional(u.Telephone),
		SID:         optional(u.SID),
		GUID:        optional(u.GUID),
		Disabled:    types.BoolPointerValue(u.Disabled),

		DisabledReason: optional(u.DisabledReason),
	}
}

// personTypes are the types of a person's attributes.
var personTypes = map[string]attr.Type{
	"dn": types.StringType, "username": types.StringType, "display_name": types.StringType, "email": types.StringType,
	"telephone": types.StringType, "sid": types.StringType, "guid": types.StringType,
	"disabled": types.BoolType, "disabled_reason": types.StringType,
}

// toPeople makes the list without the framework's reflection, which takes seconds for 20,000 people.
func toPeople(users []directory.User) types.List {
	people := make([]attr.Value, len(users))
	for i, u := range users {
		p := toPerson(u)
		people[i] = types.ObjectValueMust(personTypes, map[string]attr.Value{
			"dn": p.DN, "username": p.Username, "display_name": p.DisplayName, "email": p.Email,
			"telephone": p.Telephone, "sid": p.SID, "guid": p.GUID,
			"disabled": p.Disabled, "disabled_reason": p.DisabledReason,
		})
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: personTypes}, people)
}

// usernames are the people's login names, each once, sorted.
func usernames(users []directory.User) []string {
	logins := make([]string, 0, len(users))
	for _, u := range users {
		if u.Username != "" {
			logins = append(logins, u.Username)
		}
	}
	return append([]string{}, slices.Compact(names.Sorted(logins))...)
}

// usernamesAttribute describes usernames.
func usernamesAttribute() schema.ListAttribute {
	return schema.ListAttribute{
		ElementType: types.StringType, Computed: true,
		MarkdownDescription: "The `username` of each of these people, sorted: for `for_each = toset(…)`, and for " +
			"`terraform test`, which can mock plain lists only. If two people have the same name, it occurs once.",
	}
}

// optional is null for what the directory does not have.
func optional(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}

// legible is a DN for Terraform, whose state holds UTF-8 alone: anything else would differ from state in every plan.
func legible(dn string) types.String { return types.StringValue(directory.Legible(dn)) }

// allLegible are DNs and other member values for Terraform.
func allLegible(values []string) []string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = directory.Legible(value)
	}
	return all
}

// personAttributes describes a person in a list.
func personAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"dn": schema.StringAttribute{Computed: true, MarkdownDescription: "Distinguished name."},
		"username": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Login name: `sAMAccountName`, or `uid` outside Active Directory (if there are several, the " +
				"one in `dn`).",
		},
		"display_name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "`displayName`, or else `cn`. If it only exists with a language option, that value is used.",
		},
		"email":     schema.StringAttribute{Computed: true, MarkdownDescription: "`mail`."},
		"telephone": schema.StringAttribute{Computed: true, MarkdownDescription: "`telephoneNumber`."},
		"sid": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "`objectSid` as text, such as `S-1-5-21-…`. Active Directory only.",
		},
		"guid": schema.StringAttribute{Computed: true, MarkdownDescription: "`objectGUID` or `entryUUID` as text."},
		"disabled": schema.BoolAttribute{
			Computed: true,
			MarkdownDescription: "Whether the person cannot log in until an administrator acts: the account is disabled, " +
				"expired or locked permanently. A temporary lock after wrong passwords does not count. Null if the entry does " +
				"not say.",
		},
		"disabled_reason": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Why the account is disabled, as the directory says it, such as `nsAccountLock is TRUE`. " +
				"Null if it is not disabled.",
		},
	}
}
