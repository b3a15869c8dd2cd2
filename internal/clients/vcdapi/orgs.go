// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Organization is an organization that the login account can see.
type Organization struct {
	ID          string // URN: urn:vcloud:org:…
	Name        string // as in URLs
	DisplayName string // CloudAPI only, "" elsewhere
	Enabled     *bool  // CloudAPI only, nil elsewhere
}

// Orgs lists the organizations that the login account can see: all for a provider administrator, their own for others.
func (c *Client) Orgs(ctx context.Context) ([]Organization, error) {
	s, err := c.conn.session(ctx)
	if err != nil {
		return nil, err
	}
	chosen, err := chooseInterface(c.config.Interface, s.version)
	if err != nil {
		return nil, err
	}
	everywhere := scope{conn: c.conn, version: s.version}
	if chosen == InterfaceXML {
		return everywhere.orgsInXML(ctx)
	}
	found, err := list(ctx, everywhere, "/orgs", "", "name", readOrg, func(o Organization) string { return o.ID })
	if maybeMissing(err) {
		return everywhere.orgsInXML(ctx) // some releases keep their list of organizations to themselves
	}
	return found, err
}

func readOrg(raw json.RawMessage) (Organization, error) {
	var in struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
		Enabled     *bool  `json:"isEnabled"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return Organization{}, err
	}
	if in.ID == "" || in.Name == "" {
		return Organization{}, fmt.Errorf("the entry is no organization: it lacks id or name")
	}
	return Organization(in), nil
}

func (s scope) orgsInXML(ctx context.Context) ([]Organization, error) {
	var answer struct {
		Orgs []xmlReference `xml:"Org"`
	}
	if err := s.legacy(ctx, http.MethodGet, "/org", nil, "", nil, &answer); err != nil {
		return nil, err
	}
	found := make([]Organization, len(answer.Orgs))
	for i, r := range references("org", answer.Orgs) {
		found[i] = Organization{ID: r.ID, Name: r.Name}
	}
	return found, nil
}
