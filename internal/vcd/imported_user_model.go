package vcd

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// importedUserModel is the resource as Terraform has it.
type importedUserModel struct {
	Org               types.String `tfsdk:"org"`
	Name              types.String `tfsdk:"name"`
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

// applyTo writes what the plan wants into a user; what it leaves open stays as the user has it.
func (m importedUserModel) applyTo(u *vcdapi.User, roles []vcdapi.Reference) {
	u.Roles = roles
	u.Enabled = m.Enabled.ValueBool()
	u.Description = m.Description.ValueString()
	if known(m.InheritGroupRoles) {
		u.InheritGroupRoles = m.InheritGroupRoles.ValueBoolPointer()
	}
	if known(m.DeployedVMQuota) {
		u.DeployedVMQuota = m.DeployedVMQuota.ValueInt64Pointer()
	}
	if known(m.StoredVMQuota) {
		u.StoredVMQuota = m.StoredVMQuota.ValueInt64Pointer()
	}
}

// sameSettings tells whether the user has every setting that the other has, as far as this resource manages them.
func sameSettings(a, b vcdapi.User) bool {
	return a.Enabled == b.Enabled && a.Description == b.Description && sameReferences(a.Roles, b.Roles) &&
		samePointer(a.InheritGroupRoles, b.InheritGroupRoles) &&
		samePointer(a.DeployedVMQuota, b.DeployedVMQuota) && samePointer(a.StoredVMQuota, b.StoredVMQuota)
}

func sameReferences(a, b []vcdapi.Reference) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(wanted vcdapi.Reference) bool {
		return !slices.ContainsFunc(b, func(has vcdapi.Reference) bool { return has.ID == wanted.ID })
	})
}

func samePointer[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// read takes over everything that the server says. The spelling of the name stays as long as the letters are the same.
func (m *importedUserModel) read(u vcdapi.User) {
	if !framework.SameName(m.Name.ValueString(), u.Username) {
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

// settle fills what the plan left unknown with what the server answered, and keeps what was planned: Terraform wants it back
// exactly so, and the next refresh tells where the server holds something else.
func (m *importedUserModel) settle(u vcdapi.User) {
	answered := *m
	answered.read(u)
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

// fill replaces a value that is unknown.
func fill[T attr.Value](value *T, answered T) {
	if (*value).IsUnknown() {
		*value = answered
	}
}

// known tells whether Terraform has a value: neither null nor unknown.
func known(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

// nameSet is a set of names.
func nameSet(names []string) types.Set {
	values := make([]attr.Value, len(names))
	for i, name := range names {
		values[i] = types.StringValue(name)
	}
	return types.SetValueMust(types.StringType, values)
}
