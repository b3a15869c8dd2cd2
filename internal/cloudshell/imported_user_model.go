package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// importedUserModel is the resource's configuration, plan or state.
type importedUserModel struct {
	ID             types.Int64  `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	AllowUpdate    types.Bool   `tfsdk:"allow_update"`
	Groups         types.Set    `tfsdk:"groups"`
	Triggers       types.Map    `tfsdk:"triggers"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
	Created        types.Bool   `tfsdk:"created"`

	Active   types.Bool   `tfsdk:"active"`
	Admin    types.Bool   `tfsdk:"admin"`
	TimeZone types.String `tfsdk:"time_zone"`

	MaxReservationDuration    types.Int64 `tfsdk:"max_reservation_duration"`
	MaxConcurrentReservations types.Int64 `tfsdk:"max_concurrent_reservations"`
	MaxScheduledSandboxes     types.Int64 `tfsdk:"max_scheduled_sandboxes"`
	MaxOwnedBlueprints        types.Int64 `tfsdk:"max_owned_blueprints"`
	MaxSavedSandboxes         types.Int64 `tfsdk:"max_saved_sandboxes"`

	Username    types.String `tfsdk:"username"`
	Email       types.String `tfsdk:"email"`
	SID         types.String `tfsdk:"sid"`
	ImportedSID types.String `tfsdk:"imported_sid"`
	DomainName  types.String `tfsdk:"domain_name"`
	GroupIDs    types.Set    `tfsdk:"group_ids"`
	DomainRoles types.List   `tfsdk:"domain_roles"`
}

// The limits of a user, in the order that limits and limitsOf return them.
const limitCount = 5

var limitNames = [limitCount]string{
	"max_reservation_duration", "max_concurrent_reservations", "max_scheduled_sandboxes", "max_owned_blueprints", "max_saved_sandboxes",
}

func (m *importedUserModel) limits() [limitCount]*types.Int64 {
	return [limitCount]*types.Int64{
		&m.MaxReservationDuration, &m.MaxConcurrentReservations, &m.MaxScheduledSandboxes, &m.MaxOwnedBlueprints, &m.MaxSavedSandboxes,
	}
}

func limitsOf(user *cloudshellapi.User) [limitCount]**int64 {
	return [limitCount]**int64{
		&user.MaxReservationDuration, &user.MaxConcurrentReservations, &user.MaxScheduledSandboxes, &user.MaxOwnedBlueprints, &user.MaxSavedSandboxes,
	}
}

// identityModel is the resource's identity.
type identityModel struct {
	Username types.String `tfsdk:"username"`
}

var domainRoleType = types.ObjectType{AttrTypes: map[string]attr.Type{"domain_id": types.StringType, "role": types.StringType}}

// take fills the model with what the server holds. Limits of -1 stay as long as the server holds what it made of them, a
// username stays as long as only its spelling differs. Groups by name are not the user's to tell, see takeGroups.
func (m *importedUserModel) take(user cloudshellapi.User, notes userNotes) {
	m.ID = types.Int64Value(user.ID)
	m.Active = types.BoolValue(user.IsActive)
	m.Admin = types.BoolValue(user.IsAdmin)
	m.TimeZone = textOrNull(user.TimeZoneInfoID)
	held := limitsOf(&user)
	for i, limit := range m.limits() {
		if limit.ValueInt64() != leastLimit || !notes.isDefault(limitNames[i], *held[i]) {
			*limit = types.Int64PointerValue(*held[i])
		}
	}
	if !framework.SameName(m.Username.ValueString(), user.Username) {
		m.Username = types.StringValue(user.Username)
	}
	m.Email = textOrNull(user.Email)
	m.SID = types.StringValue(user.Sid)
	m.ImportedSID = textOrNull(user.ImportedSid)
	m.DomainName = textOrNull(user.DomainName)
	m.GroupIDs = int64Set(user.GroupIDs)
	m.DomainRoles = domainRoles(user.DomainRoles)
}

// equal reports whether both hold the same of what a refresh may change.
func (m *importedUserModel) equal(other *importedUserModel) bool {
	return slices.EqualFunc(m.refreshed(), other.refreshed(), attr.Value.Equal)
}

func (m *importedUserModel) refreshed() []attr.Value {
	values := []attr.Value{
		m.ID, m.Groups, m.Active, m.Admin, m.TimeZone, m.Username, m.Email, m.SID, m.ImportedSID, m.DomainName, m.GroupIDs, m.DomainRoles,
	}
	for _, limit := range m.limits() {
		values = append(values, *limit)
	}
	return values
}

// takeGroups sets the names of the user's groups, where the resource manages them.
func (m *importedUserModel) takeGroups(ctx context.Context, client *cloudshellapi.Client, user cloudshellapi.User, notes userNotes) error {
	if m.Groups.IsNull() || notes.Groups != nil && slices.Equal(notes.Groups, managedGroups(user)) {
		return nil // nobody touched them
	}
	names, err := groupNames(ctx, client, user.GroupIDs, stringsOf(m.Groups))
	if err != nil {
		return err
	}
	m.Groups = stringSet(names)
	return nil
}

// complete gives every attribute that the plan left open its value from what the server holds now. Values that were
// planned stay: what somebody else changed meanwhile is the next refresh's business.
func (m *importedUserModel) complete(user cloudshellapi.User, notes userNotes) {
	held := *m
	held.take(user, notes)
	m.fillFrom(&held)
}

// fillFrom gives every attribute that the plan left open the value of another model.
func (m *importedUserModel) fillFrom(held *importedUserModel) {
	fill(&m.ID, held.ID)
	fill(&m.Active, held.Active)
	fill(&m.Admin, held.Admin)
	fill(&m.TimeZone, held.TimeZone)
	heldLimits := held.limits()
	for i, limit := range m.limits() {
		fill(limit, *heldLimits[i])
	}
	fill(&m.Username, held.Username)
	fill(&m.Email, held.Email)
	fill(&m.SID, held.SID)
	fill(&m.ImportedSID, held.ImportedSID)
	fill(&m.DomainName, held.DomainName)
	fill(&m.GroupIDs, held.GroupIDs)
	fill(&m.DomainRoles, held.DomainRoles)
}

func fill[V attr.Value](planned *V, held V) {
	if (*planned).IsUnknown() {
		*planned = held
	}
}

// managedGroups are the ids of a user's groups without the built-in ones, sorted.
func managedGroups(user cloudshellapi.User) []int64 {
	ids := slices.DeleteFunc(slices.Clone(user.GroupIDs), isBuiltInGroup)
	slices.Sort(ids)
	return ids
}

func domainRoles(roles []cloudshellapi.DomainRole) types.List {
	elements := make([]attr.Value, len(roles))
	for i, role := range roles {
		elements[i] = types.ObjectValueMust(domainRoleType.AttrTypes, map[string]attr.Value{
			"domain_id": types.StringValue(role.DomainID), "role": types.StringValue(role.Role),
		})
	}
	return types.ListValueMust(domainRoleType, elements)
}
