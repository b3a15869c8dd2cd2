// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// cloudUser is what CloudAPI says of a user, as far as this package reads it.
type cloudUser struct {
	ID                string      `json:"id"`
	Username          string      `json:"username"`
	FullName          string      `json:"fullName"`
	GivenName         string      `json:"givenName"`  // VCF Automation
	FamilyName        string      `json:"familyName"` // VCF Automation
	Description       string      `json:"description"`
	Email             string      `json:"email"`
	NameInSource      string      `json:"nameInSource"`
	ProviderType      string      `json:"providerType"`
	Enabled           bool        `json:"enabled"`
	Locked            *bool       `json:"locked"`
	Stranded          *bool       `json:"stranded"`
	Roles             []Reference `json:"roleEntityRefs"`
	GroupRole         *bool       `json:"isGroupRole"`
	InheritGroupRoles *bool       `json:"inheritGroupRoles"`
	DeployedVMQuota   *int64      `json:"deployedVmQuota"`
	StoredVMQuota     *int64      `json:"storedVmQuota"`
}

func readCloudUser(raw json.RawMessage) (User, error) {
	var in cloudUser
	if err := json.Unmarshal(raw, &in); err != nil {
		return User{}, err
	}
	if in.ID == "" || in.Username == "" {
		return User{}, fmt.Errorf("the answer is no user: it lacks id or username")
	}
	if in.FullName == "" {
		in.FullName = strings.TrimSpace(in.GivenName + " " + in.FamilyName)
	}
	return User{
		ID: in.ID, Username: in.Username, FullName: in.FullName, Email: in.Email, Description: in.Description,
		NameInSource: in.NameInSource, ProviderType: in.ProviderType, Enabled: in.Enabled, Locked: in.Locked,
		Stranded: in.Stranded, Roles: in.Roles, GroupRole: in.GroupRole, InheritGroupRoles: in.InheritGroupRoles,
		DeployedVMQuota: in.DeployedVMQuota, StoredVMQuota: in.StoredVMQuota, raw: raw,
	}, nil
}

// writeCloudUser is the body of a POST or PUT: everything the server said of the user, with what is set in u on top.
func writeCloudUser(u User) (map[string]any, error) {
	out, err := sendBack(u.raw)
	if err != nil {
		return nil, err
	}
	out["username"] = u.Username
	out["enabled"] = u.Enabled
	out["providerType"] = u.ProviderType
	out["roleEntityRefs"] = append([]Reference{}, u.Roles...) // the contract knows no null
	if u.Description != "" || u.raw != nil {
		out["description"] = u.Description
	}
	if u.Locked != nil && u.raw != nil {
		out["locked"] = *u.Locked
	}
	if u.InheritGroupRoles != nil {
		out["inheritGroupRoles"] = *u.InheritGroupRoles
	}
	if u.DeployedVMQuota != nil {
		out["deployedVmQuota"] = *u.DeployedVMQuota
	}
	if u.StoredVMQuota != nil {
		out["storedVmQuota"] = *u.StoredVMQuota
	}
	return out, nil
}

// cloudGroup is what CloudAPI says of a group. Cloud Director gives it one role, VCF Automation several.
type cloudGroup struct {
	ID           string      `json:"id"`
	Name         string      `json:"name"`
	Description  string      `json:"description"`
	NameInSource string      `json:"nameInSource"`
	ProviderType string      `json:"providerType"`
	Role         *Reference  `json:"roleEntityRef"`
	Roles        []Reference `json:"roleEntityRefs"`
}

func readCloudGroup(raw json.RawMessage) (Group, error) {
	var in cloudGroup
	if err := json.Unmarshal(raw, &in); err != nil {
		return Group{}, err
	}
	if in.ID == "" || in.Name == "" {
		return Group{}, fmt.Errorf("the answer is no group: it lacks id or name")
	}
	if len(in.Roles) == 0 && in.Role != nil {
		in.Roles = []Reference{*in.Role}
	}
	return Group{
		ID: in.ID, Name: in.Name, Description: in.Description, NameInSource: in.NameInSource,
		ProviderType: in.ProviderType, Roles: in.Roles, raw: raw,
	}, nil
}

// writeCloudGroup is the body of a POST or PUT, as writeCloudUser's. The contract wants description and organization
// always.
func writeCloudGroup(g Group, org Reference, severalRoles bool) (map[string]any, error) {
	if len(g.Roles) == 0 || len(g.Roles) > 1 && !severalRoles {
		return nil, fmt.Errorf("a group takes exactly one role here, and %d are given", len(g.Roles))
	}
	out, err := sendBack(g.raw)
	if err != nil {
		return nil, err
	}
	out["name"] = g.Name
	out["description"] = g.Description
	out["providerType"] = g.ProviderType
	if _, ok := out["orgEntityRef"]; !ok {
		out["orgEntityRef"] = org
	}
	delete(out, "roleEntityRef")
	delete(out, "roleEntityRefs")
	if severalRoles {
		out["roleEntityRefs"] = g.Roles
	} else {
		out["roleEntityRef"] = g.Roles[0]
	}
	return out, nil
}

// sendBack is an object as the server sent it, less its nulls, which the contract does not take back; empty when there
// is none.
func sendBack(raw json.RawMessage) (map[string]any, error) {
	var whole map[string]json.RawMessage
	if raw != nil {
		if err := json.Unmarshal(raw, &whole); err != nil {
			return nil, err
		}
	}
	out := make(map[string]any, len(whole)+8)
	for key, value := range whole {
		if !bytes.Equal(value, []byte("null")) {
			out[key] = value
		}
	}
	return out, nil
}
