package ldap

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
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
}

func toPerson(u directory.User) person {
	return person{
		DN:          types.StringValue(u.DN),
		Username:    optional(u.Username),
		DisplayName: optional(u.DisplayName),
		Email:       optional(u.Email),
		Telephone:   optional(u.Telephone),
		SID:         optional(u.SID),
		GUID:        optional(u.GUID),
		Disabled:    types.BoolPointerValue(u.Disabled),
	}
}

func toPeople(users []directory.User) []person {
	people := make([]person, len(users))
	for i, u := range users {
		people[i] = toPerson(u)
	}
	return people
}

// optional is null for what the directory does not have.
func optional(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// personAttributes describes a person in a list.
func personAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"dn":           schema.StringAttribute{Computed: true, MarkdownDescription: "Distinguished name."},
		"username":     schema.StringAttribute{Computed: true, MarkdownDescription: "Login name: `sAMAccountName`, or `uid` outside of Active Directory."},
		"display_name": schema.StringAttribute{Computed: true, MarkdownDescription: "`displayName`, or else `cn`."},
		"email":        schema.StringAttribute{Computed: true, MarkdownDescription: "`mail`."},
		"telephone":    schema.StringAttribute{Computed: true, MarkdownDescription: "`telephoneNumber`."},
		"sid":          schema.StringAttribute{Computed: true, MarkdownDescription: "`objectSid` as text, such as `S-1-5-21-…`. Active Directory only."},
		"guid":         schema.StringAttribute{Computed: true, MarkdownDescription: "`objectGUID` or `entryUUID` as text."},
		"disabled":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the account is disabled. Null where the server has no notion of it."},
	}
}
