// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
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

// limits are in the order of importer.LimitsOf.
func (m *importedUserModel) limits() [importer.LimitCount]*types.Int64 {
	return [importer.LimitCount]*types.Int64{
		&m.MaxReservationDuration, &m.MaxConcurrentReservations, &m.MaxScheduledSandboxes, &m.MaxOwnedBlueprints,
		&m.MaxSavedSandboxes,
	}
}

var domainRoleType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"domain_id": types.StringType, "role": types.StringType,
}}

// known is the user that state stands for, as far as it takes to recognize them.
func (m *importedUserModel) known() cloudshellapi.User {
	return cloudshellapi.User{
		ID: m.ID.ValueInt64(), Username: m.Username.ValueString(), ImportedSid: m.ImportedSID.ValueStringPointer(),
	}
}

// take fills the model with what the server holds. Limits of -1 stay as long as the server holds what it made of
// them, a username stays as long as only its spelling differs. For groups by name see takeGroups.
func (m *importedUserModel) take(user cloudshellapi.User, notes userNotes) {
	m.ID = types.Int64Value(user.ID)
	m.Active = types.BoolValue(user.IsActive)
	m.Admin = types.BoolValue(user.IsAdmin)
	m.TimeZone = framework.TimeZoneAsWritten(m.TimeZone, textOrNull(user.TimeZoneInfoID).ValueStringPointer())
	held := importer.LimitsOf(&user)
	for i, limit := range m.limits() {
		if limit.ValueInt64() != importer.DefaultLimit || !notes.isDefault(importer.LimitNames[i], *held[i]) {
			*limit = types.Int64PointerValue(*held[i])
		}
	}
	if !names.Same(m.Username.ValueString(), user.Username) {
		m.Username = types.StringValue(user.Username)
	}
	m.Email = textOrNull(user.Email)
	m.SID = types.StringValue(user.Sid)
	m.ImportedSID = textOrNull(user.ImportedSid)
	m.DomainName = textOrNull(user.DomainName)
	m.GroupIDs = int64Set(user.GroupIDs)
	m.DomainRoles = domainRoles(user.DomainRoles)
}

// takeGroups sets the names of the user's groups, where the resource manages them.
func (m *importedUserModel) takeGroups(
	ctx context.Context,
	client *cloudshellapi.Client,
	user cloudshellapi.User,
) error {
	if m.Groups.IsNull() {
		return nil
	}
	groups, err := groupNames(ctx, client, user.GroupIDs, stringsOf(m.Groups))
	if err != nil {
		return err
	}
	m.Groups = stringSet(groups)
	return nil
}

// equal reports whether both hold the same of what a refresh may change.
func (m *importedUserModel) equal(other *importedUserModel) bool {
	return slices.EqualFunc(m.refreshed(), other.refreshed(), attr.Value.Equal)
}

func (m *importedUserModel) refreshed() []attr.Value {
	values := []attr.Value{
		m.ID, m.Groups, m.Active, m.Admin, m.TimeZone, m.Username, m.Email, m.SID, m.ImportedSID, m.DomainName, m.GroupIDs,
		m.DomainRoles,
	}
	for _, limit := range m.limits() {
		values = append(values, *limit)
	}
	return values
}

// complete gives every attribute that the plan left open its value from what the server holds now. Values that were
// planned stay: what other clients changed meanwhile is for the next refresh.
func (m *importedUserModel) complete(user cloudshellapi.User, notes userNotes) {
	held := *m
	held.take(user, notes)
	m.fillFrom(&held)
}

// fillFrom gives every attribute that the plan left open the value of another model.
func (m *importedUserModel) fillFrom(held *importedUserModel) {
	fill(&m.ID, held.ID)
	fill(&m.Created, held.Created)
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

// settings are all settings that the configuration gives. The ids of the groups have to be looked up, so they are
// given.
func (m *importedUserModel) settings(groups []int64, notes userNotes) importer.Settings {
	settings := importer.Settings{
		Active: m.Active.ValueBoolPointer(), Admin: m.Admin.ValueBoolPointer(), TimeZone: windowsZone(m.TimeZone),
		Groups: groups, SetGroups: !m.Groups.IsNull(),
		IsDefault: func(place int, held *int64) bool { return notes.isDefault(importer.LimitNames[place], held) },
	}
	for i, limit := range m.limits() {
		settings.Limits[i] = limit.ValueInt64Pointer()
	}
	return settings
}

// windowsZone is a time zone by the only name that CloudShell knows; nil: none is given.
func windowsZone(zone types.String) *string {
	if zone.IsNull() || zone.IsUnknown() {
		return nil
	}
	windows := framework.WindowsZone(zone.ValueString())
	return &windows
}

// changesFrom leaves of the settings those that the plan changes. Others stay as the server has them by now: an apply
// does what the plan showed, and the next plan shows the rest.
func (m *importedUserModel) changesFrom(state *importedUserModel, settings importer.Settings) importer.Settings {
	if m.Active.Equal(state.Active) {
		settings.Active = nil
	}
	if m.Admin.Equal(state.Admin) {
		settings.Admin = nil
	}
	if m.TimeZone.Equal(state.TimeZone) {
		settings.TimeZone = nil
	}
	before := state.limits()
	for i, limit := range m.limits() {
		if limit.Equal(*before[i]) {
			settings.Limits[i] = nil
		}
	}
	settings.SetGroups = settings.SetGroups && !m.Groups.Equal(state.Groups)
	return settings
}

// openAfterImport leaves open, in a plan, what an import may change: everything that the configuration does not give.
func (m *importedUserModel) openAfterImport(config *importedUserModel) {
	m.openAfterGroups()
	m.Username, m.Email, m.SID = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.ImportedSID, m.DomainName = types.StringUnknown(), types.StringUnknown()
	open(&m.Active, config.Active, types.BoolUnknown())
	open(&m.Admin, config.Admin, types.BoolUnknown())
	open(&m.TimeZone, config.TimeZone, types.StringUnknown())
	configured := config.limits()
	for i, limit := range m.limits() {
		open(limit, *configured[i], types.Int64Unknown())
	}
}

// openAfterGroups leaves open, in a plan, what follows from a change of groups.
func (m *importedUserModel) openAfterGroups() {
	m.GroupIDs = types.SetUnknown(types.Int64Type)
	m.DomainRoles = types.ListUnknown(domainRoleType)
}

func open[V interface{ IsNull() bool }](planned *V, configured, unknown V) {
	if configured.IsNull() {
		*planned = unknown
	}
}

// halfMade is the state of a user between the import and what comes after. If that fails, Terraform taints the
// resource and replaces it at the next apply. So state's deletion policy is the one that lets the next create
// succeed: an account that this create made is deleted, one that was there before stays as it is.
func (m importedUserModel) halfMade(done importer.Imported) importedUserModel {
	m.take(done.User, userNotes{})
	m.Created = types.BoolValue(done.Created)
	m.DeletionPolicy = types.StringValue(policyAbandon)
	if done.Created {
		m.DeletionPolicy = types.StringValue(policyDelete)
	}
	return m
}

// importedState is the state of a user after `terraform import`: what is not configured yet has its default.
func importedState(user cloudshellapi.User) importedUserModel {
	state := importedUserModel{
		Name: types.StringValue(user.Username), AllowUpdate: types.BoolValue(false),
		DeletionPolicy: types.StringValue(policyAuto), Created: types.BoolValue(false),
		Groups: types.SetNull(types.StringType), Triggers: types.MapNull(types.StringType),
	}
	state.take(user, userNotes{})
	return state
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
