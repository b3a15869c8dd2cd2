package cloudshell

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// importedGroupModel is the resource's configuration, plan or state.
type importedGroupModel struct {
	ID                types.String `tfsdk:"id"`
	Name              types.String `tfsdk:"name"`
	DistinguishedName types.String `tfsdk:"distinguished_name"`

	AllowUpdate     types.Bool     `tfsdk:"allow_update"`
	Groups          types.Set      `tfsdk:"groups"`
	DepartedMembers types.String   `tfsdk:"departed_members"`
	DeletionPolicy  types.String   `tfsdk:"deletion_policy"`
	RetainMembersOf types.Set      `tfsdk:"retain_members_of"`
	AllowEmpty      types.Bool     `tfsdk:"allow_empty"`
	MaxDepartures   types.Int64    `tfsdk:"max_departures"`
	Triggers        types.Map      `tfsdk:"triggers"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`

	DirectoryMembers types.Map `tfsdk:"directory_members"`
	Members          types.Map `tfsdk:"members"`
	OutdatedMembers  types.Map `tfsdk:"outdated_members"`
	CreatedMembers   types.Map `tfsdk:"created_members"`
}

// importedGroupIdentity is the resource's identity.
type importedGroupIdentity struct {
	Name types.String `tfsdk:"name"`
}

func (m *importedGroupModel) identity() importedGroupIdentity {
	return importedGroupIdentity{Name: m.Name}
}

// people is the part of the model that names people.
func (m *importedGroupModel) people() roster.State {
	return roster.State{
		Directory: namesOf(m.DirectoryMembers), Members: namesOf(m.Members),
		Outdated: namesOf(m.OutdatedMembers), Created: namesOf(m.CreatedMembers),
	}
}

// setPeople is the reverse of people.
func (m *importedGroupModel) setPeople(state roster.State) {
	m.DirectoryMembers, m.Members = mapOf(state.Directory), mapOf(state.Members)
	m.OutdatedMembers, m.CreatedMembers = mapOf(state.Outdated), mapOf(state.Created)
}

// settings is the configuration as far as it decides about people. Call it when settled reports true.
func (m *importedGroupModel) settings() roster.Settings {
	return roster.Settings{
		AllowUpdate: m.AllowUpdate.ValueBool(), AllowEmpty: m.AllowEmpty.ValueBool(), MaxDepartures: m.MaxDepartures.ValueInt64Pointer(),
		Departed: m.DepartedMembers.ValueString(), Retain: stringsOf(m.RetainMembersOf),
	}
}

// settled reports whether Terraform knows everything that settings returns.
func (m *importedGroupModel) settled() bool {
	return !m.AllowUpdate.IsUnknown() && !m.AllowEmpty.IsUnknown() && !m.MaxDepartures.IsUnknown() && !m.DepartedMembers.IsUnknown() &&
		wholly(m.RetainMembersOf)
}

// defaults gives what `terraform import` leaves open the values that a configuration without them has.
func (m *importedGroupModel) defaults() {
	m.ID = m.Name
	m.AllowUpdate, m.AllowEmpty = types.BoolValue(false), types.BoolValue(false)
	m.DepartedMembers, m.DeletionPolicy = types.StringValue(roster.DepartedKeep), types.StringValue(policyDeactivate)
}

func namesOf(from types.Map) roster.Names {
	plain := make(map[string]string, len(from.Elements()))
	for name, value := range from.Elements() {
		if text, ok := value.(types.String); ok {
			plain[name] = text.ValueString()
		}
	}
	return roster.NamesOf(plain)
}

func mapOf(names roster.Names) types.Map {
	elements := make(map[string]attr.Value, names.Len())
	for name, text := range names.Map() {
		elements[name] = types.StringValue(text)
	}
	return types.MapValueMust(types.StringType, elements)
}

// groupNotesKey is where private state keeps the notes.
const groupNotesKey = "imported_group"

func readGroupNotes(ctx context.Context, from framework.PrivateReader, diags *diag.Diagnostics) roster.Notes {
	var notes roster.Notes
	diags.Append(framework.ReadPrivate(ctx, from, groupNotesKey, &notes)...)
	return notes
}

func writeGroupNotes(ctx context.Context, to framework.PrivateWriter, notes roster.Notes) diag.Diagnostics {
	return framework.WritePrivate(ctx, to, groupNotesKey, notes)
}
