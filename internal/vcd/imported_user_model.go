// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/names"
	"github.com/external-directory/terraform-provider-directory/internal/vcd/importer"
)

// importedUserModel is the resource as Terraform has it.
type importedUserModel struct {
	Org               types.String `tfsdk:"org"`
	Name              types.String `tfsdk:"name"`
	AllowUpdate       types.Bool   `tfsdk:"allow_update"`
	Roles             types.Set    `tfsdk:"roles"`
	Enabled           types.Bool   `tfsdk:"enabled"`
	ProviderType      types.String `tfsdk:"provider_type"`
	Description       types.String `tfsdk:"description"`
	InheritGroupRoles types.Bool   `tfsdk:"inherit_group_roles"`
	DeployedVMQuota   types.Int64  `tfsdk:"deployed_vm_quota"`
	StoredVMQuota     types.Int64  `tfsdk:"stored_vm_quota"`
	TakeOwnership     types.Bool   `tfsdk:"take_ownership"`
	DeletionPolicy    types.String `tfsdk:"deletion_policy"`
	Created           types.Bool   `tfsdk:"created"`
	ID                types.String `tfsdk:"id"`
	FullName          types.String `tfsdk:"full_name"`
	Email             types.String `tfsdk:"email"`
	Telephone         types.String `tfsdk:"telephone"`
	NameInSource      types.String `tfsdk:"name_in_source"`
	Locked            types.Bool   `tfsdk:"locked"`
	Stranded          types.Bool   `tfsdk:"stranded"`
	GroupNames        types.List   `tfsdk:"group_names"`
}

// importedUserIdentity is what identifies the user to Terraform.
type importedUserIdentity struct {
	Org  types.String `tfsdk:"org"`
	Name types.String `tfsdk:"name"`
}

func (m importedUserModel) identity() importedUserIdentity {
	return importedUserIdentity{Org: m.Org, Name: m.Name}
}

// existingUser is the state of a user that no import of this resource made, with defaults for the settings that the
// server does not keep. The rest is read afterwards.
func existingUser(org string, user vcdapi.User) importedUserModel {
	return importedUserModel{
		Org: types.StringValue(org), Name: types.StringValue(user.Username), AllowUpdate: types.BoolValue(false),
		Created: types.BoolValue(false), TakeOwnership: types.BoolValue(true), DeletionPolicy: types.StringValue(policyAuto),
	}
}

// settings is what the plan says of the user; what it leaves open stays as the server has it.
func (m importedUserModel) settings(roles []vcdapi.Reference) importer.Settings {
	settings := importer.Settings{Roles: roles, Enabled: m.Enabled.ValueBool(), Description: m.Description.ValueString()}
	if known(m.InheritGroupRoles) {
		settings.InheritGroupRoles = m.InheritGroupRoles.ValueBoolPointer()
	}
	if known(m.DeployedVMQuota) {
		settings.DeployedVMQuota = m.DeployedVMQuota.ValueInt64Pointer()
	}
	if known(m.StoredVMQuota) {
		settings.StoredVMQuota = m.StoredVMQuota.ValueInt64Pointer()
	}
	return settings
}

// change is what the plan changes of the user. Locked counts only where the configuration says it. A name that the plan
// leaves as it is may be another one on the server by now, and stays that.
func (m importedUserModel) change(config, state importedUserModel, roles []vcdapi.Reference) importer.Change {
	change := importer.Change{
		Unlock: known(config.Locked) && !config.Locked.ValueBool(), Settings: m.settings(roles),
	}
	if !m.Name.Equal(state.Name) {
		change.Name = m.Name.ValueString()
	}
	if !m.ProviderType.Equal(state.ProviderType) {
		change.ProviderType = m.ProviderType.ValueString()
	}
	return change
}

// changesUser reports whether a plan changes anything that the server keeps.
func (m importedUserModel) changesUser(state importedUserModel) bool {
	return !m.Name.Equal(state.Name) || !m.ProviderType.Equal(state.ProviderType) || !m.Locked.Equal(state.Locked) ||
		!m.Roles.Equal(state.Roles) || !m.Enabled.Equal(state.Enabled) || !m.Description.Equal(state.Description) ||
		!m.InheritGroupRoles.Equal(state.InheritGroupRoles) ||
		!m.DeployedVMQuota.Equal(state.DeployedVMQuota) || !m.StoredVMQuota.Equal(state.StoredVMQuota)
}

// policy is the deletion policy, with auto resolved to delete for a user that this resource created.
func (m importedUserModel) policy() string {
	if policy := m.DeletionPolicy.ValueString(); policy != policyAuto {
		return policy
	}
	if m.Created.ValueBool() {
		return policyDelete
	}
	return policyAuto
}

// account is what state knows of the user: enough to tell whose account it is.
func (m importedUserModel) account() vcdapi.User {
	user := vcdapi.User{ID: m.ID.ValueString(), Username: m.Name.ValueString()}
	roles, _ := knownStrings(m.Roles)
	for _, name := range roles {
		user.Roles = append(user.Roles, vcdapi.Reference{Name: name})
	}
	return user
}

// person is the user in claims.
func (m importedUserModel) person() claims.Person {
	return claims.Person{Scope: m.Org.ValueString(), Name: m.Name.ValueString(), ID: m.ID.ValueString()}
}

// read takes over what the server says. The spelling of the name stays where the server takes both for one name.
func (m *importedUserModel) read(u vcdapi.User, same func(a, b string) bool) {
	if !same(m.Name.ValueString(), u.Username) {
		m.Name = types.StringValue(u.Username)
	}
	m.Roles = nameSet(sortedNames(u.Roles))
	m.Enabled = types.BoolValue(u.Enabled)
	m.ProviderType = types.StringValue(u.ProviderType)
	m.Description = types.StringValue(u.Description)
	m.InheritGroupRoles = types.BoolPointerValue(u.InheritGroupRoles)
	m.DeployedVMQuota = types.Int64PointerValue(u.DeployedVMQuota)
	m.StoredVMQuota = types.Int64PointerValue(u.StoredVMQuota)
	m.ID = types.StringValue(u.ID)
	m.FullName = types.StringValue(u.FullName)
	m.Email = types.StringValue(u.Email)
	m.Telephone = types.StringPointerValue(u.Telephone)
	m.NameInSource = types.StringValue(u.NameInSource)
	m.Locked = types.BoolPointerValue(u.Locked)
	m.Stranded = types.BoolPointerValue(u.Stranded)
	m.GroupNames = types.ListNull(types.StringType)
	if u.Groups != nil {
		m.GroupNames = nameList(u.Groups)
	}
}

// complete fills in what the plan left unknown from the server's answer, and keeps what was planned: Terraform requires
// the planned values, and the next refresh shows where the server has something else.
func (m *importedUserModel) complete(u vcdapi.User) {
	answered := *m
	answered.read(u, names.Same)
	fill(&m.ID, answered.ID)
	fill(&m.InheritGroupRoles, answered.InheritGroupRoles)
	fill(&m.DeployedVMQuota, answered.DeployedVMQuota)
	fill(&m.StoredVMQuota, answered.StoredVMQuota)
	fill(&m.FullName, answered.FullName)
	fill(&m.Email, answered.Email)
	fill(&m.Telephone, answered.Telephone)
	fill(&m.NameInSource, answered.NameInSource)
	fill(&m.Locked, answered.Locked)
	fill(&m.Stranded, answered.Stranded)
	fill(&m.GroupNames, answered.GroupNames)
}

// ignored compares what the server has with what was asked, and returns a sentence for each setting that it took and
// did not keep. Notes remember them, so that state goes on showing what was asked and plans are empty.
func (m importedUserModel) ignored(ctx context.Context, tenant *vcdapi.Tenant, user vcdapi.User, n *notes) []string {
	if asked := m.settings(user.Roles); !asked.Has(user) {
		if fresh, err := tenant.FreshUser(ctx, user.ID); err == nil { // some answers say less than the server has
			user = fresh
		}
	}
	var sentences []string
	compare := func(attribute, asked, has string) {
		if n.compare(attribute, asked, has) {
			sentences = append(sentences, ignoredText(attribute, asked, has))
		}
	}
	compare("description", m.Description.ValueString(), user.Description)
	if known(m.InheritGroupRoles) && user.InheritGroupRoles != nil {
		compare("inherit_group_roles", fmt.Sprint(m.InheritGroupRoles.ValueBool()), fmt.Sprint(*user.InheritGroupRoles))
	}
	if known(m.DeployedVMQuota) && user.DeployedVMQuota != nil {
		compare("deployed_vm_quota", fmt.Sprint(m.DeployedVMQuota.ValueInt64()), fmt.Sprint(*user.DeployedVMQuota))
	}
	if known(m.StoredVMQuota) && user.StoredVMQuota != nil {
		compare("stored_vm_quota", fmt.Sprint(m.StoredVMQuota.ValueInt64()), fmt.Sprint(*user.StoredVMQuota))
	}
	if m.Enabled.ValueBool() != user.Enabled {
		sentences = append(sentences, ignoredText("enabled", fmt.Sprint(m.Enabled.ValueBool()), fmt.Sprint(user.Enabled)))
	}
	return sentences
}

// keepIgnored keeps in state what was asked for settings that the server ignores.
func (m *importedUserModel) keepIgnored(n notes) {
	m.Description = types.StringValue(n.keepIgnored("description", m.Description.ValueString()))
	keepIgnoredBool(n, "inherit_group_roles", &m.InheritGroupRoles)
	keepIgnoredNumber(n, "deployed_vm_quota", &m.DeployedVMQuota)
	keepIgnoredNumber(n, "stored_vm_quota", &m.StoredVMQuota)
}

func keepIgnoredBool(n notes, attribute string, value *types.Bool) {
	if kept, err := strconv.ParseBool(n.keepIgnored(attribute, fmt.Sprint(value.ValueBool()))); known(*value) &&
		err == nil {
		*value = types.BoolValue(kept)
	}
}

func keepIgnoredNumber(n notes, attribute string, value *types.Int64) {
	if kept, err := strconv.ParseInt(n.keepIgnored(attribute, fmt.Sprint(value.ValueInt64())), 10, 64); known(*value) &&
		err == nil {
		*value = types.Int64Value(kept)
	}
}

// fill replaces a value that is unknown.
func fill[T attr.Value](value *T, answered T) {
	if (*value).IsUnknown() {
		*value = answered
	}
}

// known reports whether Terraform has a value: neither null nor unknown.
func known(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

// nameSet is a set of names.
func nameSet(elements []string) types.Set {
	values := make([]attr.Value, len(elements))
	for i, name := range elements {
		values[i] = types.StringValue(name)
	}
	return types.SetValueMust(types.StringType, values)
}
