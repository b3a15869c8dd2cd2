// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/vcdapi"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// finder looks for existing users, or groups, of one organization.
type finder[T any] struct {
	set    *clients.Set
	tenant *vcdapi.Tenant
	entity entity
	seen   *clients.Foresight[T] // what plans saw, for the creates that follow

	single func(ctx context.Context, name, providerType string) (T, error) // by a request of its own
	listed func(ctx context.Context, name, providerType string) (T, error) // many share one list
	typeOf func(T) string
}

func userFinder(set *clients.Set, tenant *vcdapi.Tenant) finder[vcdapi.User] {
	return finder[vcdapi.User]{
		set: set, tenant: tenant, entity: userEntity, seen: &set.VCDRun().Users,
		single: tenant.LookForUser, listed: tenant.FindUser, typeOf: func(u vcdapi.User) string { return u.ProviderType },
	}
}

func groupFinder(set *clients.Set, tenant *vcdapi.Tenant) finder[vcdapi.Group] {
	return finder[vcdapi.Group]{
		set: set, tenant: tenant, entity: groupEntity, seen: &set.VCDRun().Groups,
		single: tenant.LookForGroup, listed: tenant.FindGroup, typeOf: func(g vcdapi.Group) string { return g.ProviderType },
	}
}

// forPlan looks for what has the name of a resource that is to be created, and keeps what it saw for Create. It reports
// false where there is nothing, or nothing that can be told.
func (f finder[T]) forPlan(ctx context.Context, name, providerType string, holder claims.Holder,
	diags *diag.Diagnostics) (found T, exists bool) {
	find := f.single
	if !f.set.VCDClaims().Applying() && f.set.VCDRun().NextLook() >= singleLooks {
		find = f.listed
	}
	found, err := find(ctx, name, providerType)
	switch {
	case errors.Is(err, vcdapi.ErrNotFound):
		f.seen.Keep(foresightKey(f.tenant, name, providerType), holder, nil)
		return found, false
	case err != nil:
		warnUnchecked(diags, err)
		return found, false
	case f.typeOf(found) != providerType:
		f.seen.Keep(foresightKey(f.tenant, name, providerType), holder, nil) // the server decides whether both may exist
		warnOtherType(diags, f.entity.subject(name), f.typeOf(found))
		return found, false
	}
	f.seen.Keep(foresightKey(f.tenant, name, providerType), holder, &found)
	return found, true
}

// forCreate returns what has the name: what the plan saw, unless that is old or another resource of this run has worked
// on the user or group since.
func (f finder[T]) forCreate(ctx context.Context, person claims.Person,
	providerType string) (clients.Foreseen[T], error) {
	registry := f.set.VCDClaims()
	seen, ok := f.seen.Take(foresightKey(f.tenant, person.Name, providerType))
	if !ok {
		seen.Holder = claims.NewHolder()
	}
	if seen.Fresh && !registry.CreatedHere(person) && !registry.LeftInPlace(person) {
		return seen, nil
	}
	found, err := f.single(ctx, person.Name, providerType)
	seen.Found = nil
	if err == nil && f.typeOf(found) == providerType {
		seen.Found = &found
	}
	if errors.Is(err, vcdapi.ErrNotFound) {
		err = nil
	}
	return seen, err
}

// openToRead opens the organization of a resource for a refresh, and returns its name, which state may not have yet.
// The tenant is nil where the refresh ends here: with a warning where the configuration is not known yet, else with an
// error.
func openToRead(ctx context.Context, set *clients.Set, subject framework.Subject, org types.String, id string,
	diags *diag.Diagnostics) (*vcdapi.Tenant, types.String) {
	if _, err := set.VCD(); framework.IsUnknownConfiguration(err) {
		framework.WarnStateKept(diags, subject.String(), err)
		return nil, org
	}
	org, err := completeOrg(ctx, set, org, id)
	if err != nil {
		addFault(diags, framework.UnableTo("Read", subject), err)
		return nil, org
	}
	tenant, err := tenantOf(ctx, set, org.ValueString())
	if err != nil {
		addFault(diags, framework.UnableTo("Read", subject), err, renamedOrgAdvice(err)...)
		return nil, org
	}
	return tenant, org
}
