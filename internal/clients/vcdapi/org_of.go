// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// OrgOf finds out which organization a user or group is in, by the URN: the login organization, or for a provider
// administrator what the query service says. ErrNotFound where it has no such user or group.
func (c *Client) OrgOf(ctx context.Context, id string) (string, error) {
	s, err := c.conn.session(ctx)
	if err != nil {
		return "", err
	}
	if !s.provider() {
		return s.org.Name, nil
	}
	kind := "adminUser"
	if strings.HasPrefix(id, "urn:vcloud:group:") {
		kind = "adminGroup"
	}
	var page struct {
		Users  []orgRecord `xml:"AdminUserRecord"`
		Groups []orgRecord `xml:"AdminGroupRecord"`
	}
	all := scope{conn: c.conn, version: s.version}
	filter := url.Values{"type": {kind}, "format": {"records"}, "page": {"1"}, "pageSize": {"1"}, "filter": {"id==" + id}}
	if err := all.legacy(ctx, http.MethodGet, "/query", filter, "", nil, &page); err != nil {
		return "", fmt.Errorf("cannot find out which organization %s is in: %w", id, err)
	}
	for _, record := range append(page.Users, page.Groups...) {
		if record.OrgName != "" {
			return record.OrgName, nil
		}
		if record.Org != "" {
			return c.orgName(ctx, record.Org)
		}
	}
	return "", errors.Join(ErrNotFound, fmt.Errorf("no organization has %s", id))
}

// orgName is the name of the organization with that href, which an entry may have without a name.
func (c *Client) orgName(ctx context.Context, href string) (string, error) {
	orgs, err := c.Orgs(ctx)
	if err != nil {
		return "", err
	}
	for _, org := range orgs {
		if bareID(org.ID) == bareID(href) {
			return org.Name, nil
		}
	}
	return "", fmt.Errorf("%w: %s", ErrOrgNotFound, href)
}

// orgRecord is an entry of the query service for a provider administrator.
type orgRecord struct {
	OrgName string `xml:"orgName,attr"`
	Org     string `xml:"org,attr"`
}
