// SPDX-License-Identifier: MPL-2.0

package cloudshell

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients/cloudshellapi"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// access is the domains of a group: the name of each, and accessFull or accessViewOnly.
type access map[string]string

// accessOf reads the attribute domains; false while it is null or not wholly known.
func accessOf(value types.Map) (access, bool) {
	if value.IsNull() || value.IsUnknown() {
		return nil, false
	}
	domains := access{}
	for name, element := range value.Elements() {
		mode, isText := element.(types.String)
		if !isText || mode.IsNull() || mode.IsUnknown() {
			return nil, false
		}
		domains[name] = mode.ValueString()
	}
	return domains, true
}

// value is the attribute domains.
func (a access) value() types.Map {
	elements := make(map[string]attr.Value, len(a))
	for name, mode := range a {
		elements[name] = types.StringValue(mode)
	}
	return types.MapValueMust(types.StringType, elements)
}

// find returns the mode of a domain in any spelling of its name.
func (a access) find(name string) (spelling, mode string, found bool) {
	if mode, found := a[name]; found {
		return name, mode, true
	}
	for spelling, mode := range a {
		if names.Same(spelling, name) {
			return spelling, mode, true
		}
	}
	return "", "", false
}

func (a access) equal(b access) bool {
	if len(a) != len(b) {
		return false
	}
	for name, mode := range a {
		if _, other, found := b.find(name); !found || other != mode {
			return false
		}
	}
	return true
}

// duplicateNames are those of the names that are spellings of one name.
func duplicateNames(all []string) []string {
	spellings := map[string][]string{}
	for _, name := range all {
		spellings[names.Key(name)] = append(spellings[names.Key(name)], name)
	}
	var several []string
	for _, same := range spellings {
		if len(same) > 1 {
			several = append(several, same...)
		}
	}
	return names.Sorted(several)
}

func modeOf(viewOnly bool) string {
	if viewOnly {
		return accessViewOnly
	}
	return accessFull
}

// heldAccess is what the server says of a group's domains, in the spelling of a prior state or configuration where that
// names them. An archived domain that the prior names stays even where the server no longer lists it for the group:
// nothing can be done about it, and access to it is no use.
func heldAccess(held []cloudshellapi.GroupDomain, prior access, archived func(name string) bool) access {
	domains := access{}
	for _, domain := range held {
		spelling, _, found := prior.find(domain.Name)
		if !found {
			spelling = domain.Name
		}
		domains[spelling] = modeOf(domain.ViewOnly)
	}
	for name, mode := range prior {
		if _, _, found := domains.find(name); !found && archived(name) {
			domains[name] = mode
		}
	}
	return domains
}

// missesAny reports whether the group lacks a domain of the prior state.
func missesAny(held []cloudshellapi.GroupDomain, prior access) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(prior)), func(name string) bool {
		return !slices.ContainsFunc(
			held,
			func(domain cloudshellapi.GroupDomain) bool { return names.Same(domain.Name, name) },
		)
	})
}

// accessPlan is what to do about a group's domains.
type accessPlan struct {
	give []grant
	take []cloudshellapi.GroupDomain

	unknown, archived []string // names of the configuration that cannot be given
}

// grant gives a domain to the group.
type grant struct {
	domain   cloudshellapi.Domain
	viewOnly bool
	changes  bool // the group has the domain in the other mode
}

func (p accessPlan) isEmpty() bool { return len(p.give) == 0 && len(p.take) == 0 }

// planAccess compares the configured domains with those that the group has. Domains holds all that CloudShell has;
// prior is the state, whose archived domains are left as they are.
func planAccess(configured, prior access, held []cloudshellapi.GroupDomain, domains []cloudshellapi.Domain) accessPlan {
	var plan accessPlan
	for _, name := range names.Sorted(slices.Collect(maps.Keys(configured))) {
		viewOnly := configured[name] == accessViewOnly
		at := slices.IndexFunc(held, func(domain cloudshellapi.GroupDomain) bool { return names.Same(domain.Name, name) })
		if at >= 0 && held[at].ViewOnly == viewOnly {
			continue
		}
		domain, found := domainNamed(name, domains)
		if at >= 0 {
			domain, found = held[at].Domain, true
		}
		_, before, known := prior.find(name)
		switch {
		case !found:
			plan.unknown = append(plan.unknown, name)
		case domain.Archived && known && before == configured[name]:
		case domain.Archived:
			plan.archived = append(plan.archived, name)
		default:
			plan.give = append(plan.give, grant{domain: domain, viewOnly: viewOnly, changes: at >= 0})
		}
	}
	for _, domain := range held {
		if _, _, found := configured.find(domain.Name); !found {
			plan.take = append(plan.take, domain)
		}
	}
	return plan
}

// domainNamed finds a domain by name. Of several that one name stands for, it prefers the exact spelling, and those in
// use.
func domainNamed(name string, domains []cloudshellapi.Domain) (cloudshellapi.Domain, bool) {
	best, score := cloudshellapi.Domain{}, 0
	for _, domain := range domains {
		if !names.Same(domain.Name, name) {
			continue
		}
		points := 1
		if domain.Name == name {
			points++
		}
		if !domain.Archived {
			points += 2
		}
		if points > score {
			best, score = domain, points
		}
	}
	return best, score > 0
}

// carryOut gives domains first and then takes others away, so that a change from one domain to another leaves no gap.
// It returns the server's errors; the caller reads back which domains the group has now.
func (p accessPlan) carryOut(ctx context.Context, client *cloudshellapi.Client, groupID int64) error {
	for _, grant := range p.give {
		err := client.GiveDomain(ctx, groupID, grant.domain.ID, grant.viewOnly)
		if err != nil && !grant.changes {
			return fmt.Errorf("domain %q: %w", grant.domain.Name, err)
		}
	}
	for _, domain := range p.take {
		if err := client.TakeDomain(ctx, groupID, domain.ID); err != nil {
			return fmt.Errorf("domain %q: %w", domain.Name, err)
		}
	}
	return nil
}

// setAccess makes the group's domains those that are configured, and returns what the server then holds. Whether giving
// a domain in another mode changes the mode is documented nowhere: where it did not, the domain is taken away and given
// again.
func setAccess(
	ctx context.Context,
	client *cloudshellapi.Client,
	groupID int64,
	plan accessPlan,
) ([]cloudshellapi.GroupDomain, error) {
	failed := plan.carryOut(ctx, client, groupID)
	held, err := readAccess(ctx, client, groupID)
	if err != nil {
		return nil, firstOf(failed, err)
	}
	left := plan.notDone(held)
	for _, grant := range left {
		if failed != nil || !grant.changes {
			continue
		}
		failed = client.TakeDomain(ctx, groupID, grant.domain.ID)
		if failed == nil {
			failed = client.GiveDomain(ctx, groupID, grant.domain.ID, grant.viewOnly)
		}
	}
	if len(left) == 0 && len(plan.stillHeld(held)) == 0 {
		return held, nil // whatever the server said on the way
	}
	if held, err = readAccess(ctx, client, groupID); err != nil {
		return nil, firstOf(failed, err)
	}
	if left = plan.notDone(held); failed == nil && len(left) > 0 {
		failed = fmt.Errorf(
			"CloudShell accepted the domain %q for the group, but the group does not have it as configured",
			left[0].domain.Name,
		)
	}
	if taken := plan.stillHeld(held); failed == nil && len(taken) > 0 {
		failed = fmt.Errorf(
			"CloudShell accepted to take the domain %q from the group, but the group still has it",
			taken[0].Name,
		)
	}
	return held, failed
}

func readAccess(ctx context.Context, client *cloudshellapi.Client, groupID int64) ([]cloudshellapi.GroupDomain, error) {
	ctx, cancel := transport.InDoubt(ctx, transport.LookUpLimit)
	defer cancel()
	return client.GroupDomains(ctx, groupID)
}

// notDone are the grants that the group does not have as planned.
func (p accessPlan) notDone(held []cloudshellapi.GroupDomain) []grant {
	return slices.DeleteFunc(slices.Clone(p.give), func(grant grant) bool {
		return slices.ContainsFunc(held, func(domain cloudshellapi.GroupDomain) bool {
			return domain.ID == grant.domain.ID && domain.ViewOnly == grant.viewOnly
		})
	})
}

// stillHeld are the domains that were to be taken away and are not.
func (p accessPlan) stillHeld(held []cloudshellapi.GroupDomain) []cloudshellapi.GroupDomain {
	return slices.DeleteFunc(slices.Clone(p.take), func(taken cloudshellapi.GroupDomain) bool {
		return taken.Archived ||
			!slices.ContainsFunc(held, func(domain cloudshellapi.GroupDomain) bool { return domain.ID == taken.ID })
	})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// rememberedFor is how long a list that this process has read counts as what the server holds now.
const rememberedFor = 10 * time.Second

// domainsFor reads all domains, from memory where that knows all the names; a name that it misses is asked for once
// again.
func domainsFor(ctx context.Context, client *cloudshellapi.Client, configured access) ([]cloudshellapi.Domain, error) {
	if len(configured) == 0 {
		return nil, nil
	}
	domains, err := client.Domains(ctx)
	if err != nil {
		return nil, err
	}
	for name := range configured {
		if _, found := domainNamed(name, domains); !found {
			return client.DomainsSince(ctx, time.Now().Add(-rememberedFor))
		}
	}
	return domains, nil
}
