// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/importer"
	"github.com/external-directory/terraform-provider-directory/internal/cloudshell/roster"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/framework/packed"
	"github.com/external-directory/terraform-provider-directory/internal/names"
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
	RetainUsers     types.Set      `tfsdk:"retain_users"`
	AllowEmpty      types.Bool     `tfsdk:"allow_empty"`
	MaxDepartures   types.Int64    `tfsdk:"max_departures"`
	Triggers        types.Map      `tfsdk:"triggers"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`

	// Maps of strings, packed.
	DirectoryMembers types.String `tfsdk:"directory_members"`
	Members          types.String `tfsdk:"members"`
	OutdatedMembers  types.String `tfsdk:"outdated_members"`
	CreatedMembers   types.String `tfsdk:"created_members"`
	HeldBack         types.String `tfsdk:"held_back"`
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
		Outdated: namesOf(m.OutdatedMembers), Created: namesOf(m.CreatedMembers), HeldBack: namesOf(m.HeldBack),
	}
}

// setPeople is the reverse of people.
func (m *importedGroupModel) setPeople(state roster.State) {
	m.DirectoryMembers, m.Members = mapOf(state.Directory), mapOf(state.Members)
	m.OutdatedMembers, m.CreatedMembers, m.HeldBack = mapOf(state.Outdated), mapOf(state.Created), mapOf(state.HeldBack)
}

// settings is the configuration as far as it decides about people. Call it when settingsKnown reports true.
func (m *importedGroupModel) settings() roster.Settings {
	return roster.Settings{
		AllowUpdate: m.AllowUpdate.ValueBool(), AllowEmpty: m.AllowEmpty.ValueBool(),
		MaxDepartures: m.MaxDepartures.ValueInt64Pointer(),
		Departed:      m.DepartedMembers.ValueString(), Retain: stringsOf(m.RetainMembersOf),
		RetainUsers: stringsOf(m.RetainUsers),
	}
}

// settingsKnown reports whether Terraform knows everything that settings returns.
func (m *importedGroupModel) settingsKnown() bool {
	return !m.AllowUpdate.IsUnknown() && !m.AllowEmpty.IsUnknown() && !m.MaxDepartures.IsUnknown() &&
		!m.DepartedMembers.IsUnknown() &&
		wholly(m.RetainMembersOf) && wholly(m.RetainUsers)
}

// keepSpellings takes over state's spelling of sets of names, so that another spelling is no change.
func (m *importedGroupModel) keepSpellings(state importedGroupModel) {
	m.Groups = withSpelling(m.Groups, state.Groups)
	m.RetainMembersOf = withSpelling(m.RetainMembersOf, state.RetainMembersOf)
	m.RetainUsers = withSpelling(m.RetainUsers, state.RetainUsers)
}

// setDefaults gives what `terraform import` leaves open the values that a configuration without them has.
func (m *importedGroupModel) setDefaults() {
	m.ID = m.Name
	m.AllowUpdate, m.AllowEmpty = types.BoolValue(false), types.BoolValue(false)
	m.DepartedMembers, m.DeletionPolicy = types.StringValue(roster.DepartedKeep), types.StringValue(policyDeactivate)
}

// keepDropped keeps CloudShell groups in state that members could not be removed from, so that the next plan shows
// them as leaving.
func (m *importedGroupModel) keepDropped(dropped []roster.Group, problems []importer.Problem) {
	listed := stringsOf(m.Groups)
	for _, group := range dropped {
		if slices.ContainsFunc(problems, func(p importer.Problem) bool {
			return p.Kind == importer.NotRemoved &&
				p.Group == group.Name
		}) {
			listed = append(listed, group.Name)
			m.Groups = stringSet(listed)
		}
	}
}

func namesOf(from types.String) roster.Names { return roster.NamesOf(packed.Strings(from)) }

func mapOf(from roster.Names) types.String { return packed.Of(from.Map()) }

// groupNotes is what private state keeps.
type groupNotes struct {
	roster.Notes

	// Holder stands for the resource in claims.
	Holder claims.Holder `json:"holder,omitempty"`
	// Spelling is the group's name as the server spells it, which may differ from the configuration's in case or
	// composition.
	Spelling string `json:"spelling,omitempty"`
}

// spelling is the name to ask the server for.
func (n groupNotes) spelling(name string) string {
	if names.Same(n.Spelling, name) {
		return n.Spelling
	}
	return name
}

// groupNotesKey is where private state keeps the notes.
const groupNotesKey = "imported_group"

func readGroupNotes(ctx context.Context, from framework.PrivateReader, diags *diag.Diagnostics) groupNotes {
	var notes groupNotes
	diags.Append(framework.ReadPrivate(ctx, from, groupNotesKey, &notes)...)
	return notes
}

func writeGroupNotes(ctx context.Context, to framework.PrivateWriter, notes groupNotes) diag.Diagnostics {
	return framework.WritePrivate(ctx, to, groupNotesKey, notes)
}
