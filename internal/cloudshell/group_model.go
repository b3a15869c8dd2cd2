// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// groupModel is the resource's configuration, plan or state.
type groupModel struct {
	ID             types.Int64  `tfsdk:"id"`
	Name           types.String `tfsdk:"name"`
	Description    types.String `tfsdk:"description"`
	Role           types.String `tfsdk:"role"`
	Domains        types.Map    `tfsdk:"domains"`
	AllowUpdate    types.Bool   `tfsdk:"allow_update"`
	DeletionPolicy types.String `tfsdk:"deletion_policy"`
	Created        types.Bool   `tfsdk:"created"`
	SID            types.String `tfsdk:"sid"`
	Type           types.String `tfsdk:"type"`
}

// take takes over what the server says of the group. A name that differs in spelling only keeps the spelling that it
// has.
func (m *groupModel) take(group cloudshellapi.Group) {
	if !names.Same(m.Name.ValueString(), group.Name) {
		m.Name = types.StringValue(group.Name)
	}
	m.ID, m.SID, m.Type = types.Int64Value(group.ID), textOrNull(&group.Sid), textOrNull(&group.Type)
	m.Description, m.Role = types.StringValue(group.Description), types.StringValue(group.Role)
}

// fields are what to set on the server. What the configuration leaves open stays as the server holds it, and so does
// the spelling of the name.
func (m *groupModel) fields(held cloudshellapi.Group) cloudshellapi.GroupFields {
	fields := fieldsOf(held)
	if name := m.Name.ValueString(); !names.Same(name, held.Name) {
		fields.Name = name
	}
	if !m.Description.IsNull() && !m.Description.IsUnknown() {
		fields.Description = m.Description.ValueString()
	}
	if !m.Role.IsNull() && !m.Role.IsUnknown() {
		fields.Role = m.Role.ValueString()
	}
	return fields
}

// fieldsOf are the fields as the server holds them.
func fieldsOf(group cloudshellapi.Group) cloudshellapi.GroupFields {
	return cloudshellapi.GroupFields{Name: group.Name, Description: group.Description, Role: group.Role}
}

// sameGroup reports whether the server's group of state's id is still the group of state, and not a later one.
func (m *groupModel) sameGroup(group cloudshellapi.Group) bool {
	return group.Sid == "" || m.SID.ValueString() == "" || names.Same(group.Sid, m.SID.ValueString())
}

// halfMade is the state of a group that was just created or adopted and is not set up yet. If the setup fails,
// Terraform taints the resource and replaces it at the next apply. So state's deletion policy is the one that lets the
// next create succeed: a group that this create made is deleted, one that was there before stays with its members.
func (m groupModel) halfMade(group cloudshellapi.Group, created bool) groupModel {
	m.Created, m.Domains = types.BoolValue(created), types.MapNull(types.StringType)
	m.DeletionPolicy = types.StringValue(policyAbandon)
	if created {
		m.DeletionPolicy = types.StringValue(policyDelete)
	}
	m.take(group)
	return m
}

// claim is the group as the claims of this run know it: by its name and, if it exists, by its id, which a renamed group
// keeps.
func (m *groupModel) claim() claims.Person {
	group := claims.Person{Name: m.Name.ValueString()}
	if id := m.ID.ValueInt64(); id != 0 {
		group.ID = strconv.FormatInt(id, 10)
	}
	return group
}

// cloudshellGroup is the group in messages.
func cloudshellGroup(name string) framework.Subject {
	return framework.Subject{Platform: clients.CloudShell, Kind: "Group", Name: name}
}

func domainSubject(name string) framework.Subject {
	return framework.Subject{Platform: clients.CloudShell, Kind: "Domain", Name: name}
}

func groupLabel(name string) string { return `group "` + name + `"` }

// groupHolderKey is the key in private state of the holder under which this resource registers its claims.
const groupHolderKey = "group_holder"

func readGroupHolder(ctx context.Context, from framework.PrivateReader, diags *diag.Diagnostics) claims.Holder {
	var holder claims.Holder
	diags.Append(framework.ReadPrivate(ctx, from, groupHolderKey, &holder)...)
	return holder
}

// groupFromImport is the state of a group that `terraform import` reads.
func groupFromImport(group cloudshellapi.Group) groupModel {
	state := groupModel{
		Name: types.StringValue(group.Name), Domains: types.MapNull(types.StringType), AllowUpdate: types.BoolValue(false),
		DeletionPolicy: types.StringValue(policyAuto), Created: types.BoolValue(false),
	}
	state.take(group)
	return state
}
