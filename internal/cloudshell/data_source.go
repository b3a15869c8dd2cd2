// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// dataSource is what the data sources of this wing have in common.
type dataSource struct{ framework.DataSource }

func newDataSource(typeName string) dataSource {
	return dataSource{framework.DataSource{TypeName: typeName}}
}

// client returns CloudShell's client; without one the error says why.
func (d *dataSource) client(summary string, diags *diag.Diagnostics) *cloudshellapi.Client {
	client, err := d.Clients.CloudShell()
	if err != nil {
		addFault(diags, summary, err)
	}
	return client
}

// userObject is a user as data sources show them.
type userObject struct {
	ID          types.Int64  `tfsdk:"id"`
	Username    types.String `tfsdk:"username"`
	Email       types.String `tfsdk:"email"`
	Imported    types.Bool   `tfsdk:"imported"`
	Active      types.Bool   `tfsdk:"active"`
	Admin       types.Bool   `tfsdk:"admin"`
	TimeZone    types.String `tfsdk:"time_zone"`
	SID         types.String `tfsdk:"sid"`
	ImportedSID types.String `tfsdk:"imported_sid"`
	DomainName  types.String `tfsdk:"domain_name"`
	GroupIDs    []int64      `tfsdk:"group_ids"`
	DomainRoles types.List   `tfsdk:"domain_roles"`

	MaxReservationDuration    types.Int64 `tfsdk:"max_reservation_duration"`
	MaxConcurrentReservations types.Int64 `tfsdk:"max_concurrent_reservations"`
	MaxScheduledSandboxes     types.Int64 `tfsdk:"max_scheduled_sandboxes"`
	MaxOwnedBlueprints        types.Int64 `tfsdk:"max_owned_blueprints"`
	MaxSavedSandboxes         types.Int64 `tfsdk:"max_saved_sandboxes"`
}

func newUserObject(user cloudshellapi.User) userObject {
	ids := user.GroupIDs
	if ids == nil {
		ids = []int64{}
	}
	return userObject{
		ID:                        types.Int64Value(user.ID),
		Username:                  types.StringValue(user.Username),
		Email:                     textOrNull(user.Email),
		Imported:                  types.BoolValue(user.IsImported()),
		Active:                    types.BoolValue(user.IsActive),
		Admin:                     types.BoolValue(user.IsAdmin),
		TimeZone:                  textOrNull(user.TimeZoneInfoID),
		SID:                       types.StringValue(user.Sid),
		ImportedSID:               textOrNull(user.ImportedSid),
		DomainName:                textOrNull(user.DomainName),
		GroupIDs:                  ids,
		DomainRoles:               domainRoles(user.DomainRoles),
		MaxReservationDuration:    types.Int64PointerValue(user.MaxReservationDuration),
		MaxConcurrentReservations: types.Int64PointerValue(user.MaxConcurrentReservations),
		MaxScheduledSandboxes:     types.Int64PointerValue(user.MaxScheduledSandboxes),
		MaxOwnedBlueprints:        types.Int64PointerValue(user.MaxOwnedBlueprints),
		MaxSavedSandboxes:         types.Int64PointerValue(user.MaxSavedSandboxes),
	}
}

// userObjectAttributes are the attributes of a user, username excepted where the configuration gives it.
func userObjectAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the user in CloudShell."},
		"username": shown("Name of the user in CloudShell."),
		"email":    shown("E-mail address."),
		"imported": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether the user comes from the directory. If not, the user is a local user.",
		},
		"active": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user can log in."},
		"admin": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether the user is a system administrator.",
		},
		"time_zone":    shown("Time zone of the user: its Windows name."),
		"sid":          shown("Unique id of the user in CloudShell (a UUID)."),
		"imported_sid": shown("Id of the person in the directory; null for a local user."),
		"domain_name":  shown("Directory domain that the user comes from."),
		"group_ids": schema.ListAttribute{
			Computed:            true,
			ElementType:         types.Int64Type,
			MarkdownDescription: "Ids of the user's CloudShell groups: `1` is `Everyone`, `-1` is `System Administrators`.",
		},
		"domain_roles": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Roles of the user in CloudShell domains.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"domain_id": shown("Id of the domain."),
				"role":      shown("Role in the domain: `Regular`, `DomainAdmin` or `External`."),
			}},
		},
		"max_reservation_duration": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Maximum length of a reservation, in minutes.",
		},
		"max_concurrent_reservations": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Maximum number of reservations at the same time.",
		},
		"max_scheduled_sandboxes": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Maximum number of scheduled sandboxes at the same time.",
		},
		"max_owned_blueprints": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Maximum number of blueprints that the user owns.",
		},
		"max_saved_sandboxes": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Maximum number of saved sandboxes.",
		},
	}
}

func shown(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// objectType is the type of a nested object with the given attributes.
func objectType(attributes map[string]schema.Attribute) types.ObjectType {
	attributeTypes := make(map[string]attr.Type, len(attributes))
	for name, attribute := range attributes {
		attributeTypes[name] = attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attributeTypes}
}

// addNotFound is the error of a data source whose name does not exist, with near names.
func addNotFound(diags *diag.Diagnostics, at string, subject framework.Subject, candidates []string) {
	diags.AddAttributeError(
		path.Root(at),
		framework.IsUnknown(subject),
		"Names are compared as a whole, in any spelling of their letters."+names.DidYouMean(
			names.Near(subject.Name, candidates),
		),
	)
}
