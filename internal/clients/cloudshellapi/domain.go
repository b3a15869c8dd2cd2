// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/sharedread"
)

const domainsPath = "/api/v1/domains"

// Domain is a CloudShell domain: a set of resources and blueprints that groups have access to.
type Domain struct {
	// ID is a UUID.
	ID, Name, Description string
	// Archived domains are out of use, and CloudShell gives no access to them.
	Archived bool
	// EndTime is when the domain ends, in the server's words; "" if it does not.
	EndTime string
	// LicensePoolID is "" where no pool is assigned.
	LicensePoolID string
}

// GroupDomain is a domain that a group has access to.
type GroupDomain struct {
	Domain
	ViewOnly bool
}

// Domains reads all domains, once in a run.
func (c *Client) Domains(ctx context.Context) ([]Domain, error) { return c.domains.All(ctx) }

// DomainsSince is Domains from a list that was begun at that time or later.
func (c *Client) DomainsSince(ctx context.Context, begun time.Time) ([]Domain, error) {
	if time.Unix(0, c.domainsBegun.Load()).Before(begun) {
		c.domains.Drop()
	}
	return c.domains.All(ctx)
}

// GroupDomains reads the domains that a CloudShell group has access to; ErrNotFound if there is no such group. It
// always asks the server.
func (c *Client) GroupDomains(ctx context.Context, groupID int64) ([]GroupDomain, error) {
	key := func(domain GroupDomain) string { return domain.ID }
	return readList(
		ctx,
		c,
		list[GroupDomain]{path: withID(groupsPath, groupID) + "/domains", field: "Domains", key: key},
		nil,
	)
}

// GiveDomain gives a CloudShell group access to a domain. Doing it twice does no harm. It is documented nowhere what
// the server does when the group has the domain in the other mode, so read the domains again.
func (c *Client) GiveDomain(ctx context.Context, groupID int64, domainID string, viewOnly bool) error {
	type group struct {
		Id       int64 //nolint:revive // the field's name on the wire
		ViewOnly bool
	}
	type domain struct{ Id string } //nolint:revive // the field's name on the wire
	return c.changeAccess(ctx,
		write{
			method: http.MethodPost, path: domainsPath + "/" + url.PathEscape(domainID) + "/groups", repeatable: true,
			body: map[string][]group{"Groups": {{groupID, viewOnly}}},
		},
		write{
			method: http.MethodPost, path: withID(groupsPath, groupID) + "/domain", repeatable: true,
			body: map[string]any{"Domains": []domain{{domainID}}, "ViewOnly": viewOnly},
		})
}

// TakeDomain takes a CloudShell group's access to a domain away. Doing it twice does no harm.
func (c *Client) TakeDomain(ctx context.Context, groupID int64, domainID string) error {
	type group struct{ Id int64 }   //nolint:revive // the field's name on the wire
	type domain struct{ Id string } //nolint:revive // the field's name on the wire
	return c.changeAccess(ctx,
		write{
			method: http.MethodDelete, path: domainsPath + "/" + url.PathEscape(domainID) + "/groups",
			body: map[string][]group{"Groups": {{groupID}}},
		},
		write{
			method: http.MethodDelete, path: withID(groupsPath, groupID) + "/domains",
			body: map[string][]domain{"Domains": {{domainID}}},
		})
}

// changeAccess sends the request in the form that the server has: both are documented, and one may be missing. An
// answer that a path is not there may mean the domain or the group as well, so the first answer counts if neither form
// succeeds.
func (c *Client) changeAccess(ctx context.Context, byDomain, byGroup write) error {
	defer c.users.Drop() // DomainRoles
	first, second := byDomain, byGroup
	if c.domainsByGroup.Load() {
		first, second = byGroup, byDomain
	}
	err := c.writeAnd(ctx, first)
	if !isWrongPath(err) {
		return err
	}
	other := c.writeAnd(ctx, second)
	if isWrongPath(other) {
		return err
	}
	if other == nil {
		c.domainsByGroup.Store(second.path == byGroup.path)
	}
	return other
}

func (c *Client) newDomainReader() *sharedread.Reader[Domain] {
	key := func(domain Domain) string { return domain.ID }
	domains := list[Domain]{path: domainsPath, field: "Domains", key: key}
	return sharedread.New(sharedread.Source[Domain]{
		One: func(context.Context, string) (Domain, error) {
			return Domain{}, errors.New("the API has no path for one domain")
		},
		Page: func(ctx context.Context, cursor string) (sharedread.Page[Domain], error) {
			if cursor == "" {
				c.domainsBegun.Store(time.Now().UnixNano())
			}
			read, err := readPage(ctx, c, domains, cursor)
			return read.shared(), err
		},
		Key:      key,
		NotFound: func(id string) error { return fmt.Errorf("CloudShell domain %s: %w", id, ErrNotFound) },
	})
}

// domainFields is a domain as the server sends it.
type domainFields struct {
	ID            text `json:"Id"`
	Name          text
	Description   text
	Archived      truth
	EndTime       text
	LicensePoolID text `json:"LicensePoolId"`
	ViewOnly      truth
}

func (f domainFields) domain() Domain {
	return Domain{
		ID: f.ID.value, Name: f.Name.value, Description: f.Description.value, Archived: f.Archived.value,
		EndTime: f.EndTime.value, LicensePoolID: f.LicensePoolID.value,
	}
}

func readDomainFields(data []byte) (domainFields, error) {
	var read domainFields
	if err := json.Unmarshal(data, &read); err != nil {
		return read, err
	}
	if !read.ID.given {
		return read, errors.New("a domain without Id")
	}
	return read, nil
}

// UnmarshalJSON reads a domain as the server sends it.
func (d *Domain) UnmarshalJSON(data []byte) error {
	read, err := readDomainFields(data)
	*d = read.domain()
	return err
}

// UnmarshalJSON reads a group's domain as the server sends it.
func (d *GroupDomain) UnmarshalJSON(data []byte) error {
	read, err := readDomainFields(data)
	*d = GroupDomain{Domain: read.domain(), ViewOnly: read.ViewOnly.value}
	return err
}
