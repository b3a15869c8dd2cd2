// SPDX-License-Identifier: MPL-2.0

package vcd_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

var campaignSeeds = flag.Int("campaign-seeds", 2, "how many seeds the campaign of lost answers runs with")

// Sixty people, a third of them there before, with one answer in five lost before or after the server acted: created
// is true for exactly those who were absent, a destroy leaves exactly those who were there, and no virtual machine is
// lost.
func TestImportedUserCampaign(t *testing.T) {
	t.Parallel()
	for _, f := range []flavour{
		{name: "CloudAPI", options: mockvcd.Options{Version: "39.1"}}, {name: "XML",
			options: mockvcd.Options{Version: "35.0"}},
	} {
		for seed := range *campaignSeeds {
			t.Run(fmt.Sprintf("%s %d", f.name, seed), func(t *testing.T) {
				t.Parallel()
				runCampaign(t, f.options, uint64(seed))
			})
		}
	}
}

func runCampaign(t *testing.T, options mockvcd.Options, seed uint64) {
	t.Helper()
	server := startServer(t, options)
	random := rand.New(rand.NewPCG(seed, seed))
	before := map[string]bool{}
	instances := make([]*acctest.Instance, 60)
	configs := make([]acctest.Object, len(instances))
	for i, person := range people.People(len(instances)) {
		server.People().AddUser(person)
		configs[i] = user(person.Username, acctest.Object{"allow_update": true})
		if before[person.Username] = random.IntN(3) == 0; before[person.Username] {
			server.AddUser("acme", mockvcd.User{
				Username: person.Username, Enabled: true, PoweredOffVMs: []string{person.Username + "-vm"}, // just as configured
			})
		}
	}
	server.Faults().Seed(seed)
	for _, fault := range []faults.Fault{
		faults.CutBefore(), faults.CutAfter(), faults.Truncate(), faults.AnswerAfter(502, "text/html", ""),
		faults.BusyAfter(503, 0),
	} {
		server.Faults().Add(faults.Rule{Rate: 0.04, Fault: fault}) // a fifth in all
	}

	runUntil(t, server, instances, configs, func(i *acctest.Instance) bool {
		return i.State != nil &&
			i.State["id"] != ""
	})
	for i, instance := range instances {
		name := configs[i]["name"].(string)
		if created := instance.State["created"]; created != !before[name] {
			t.Errorf("%s was there before = %t, and created = %v", name, before[name], created)
		}
		server.Change("acme", name, func(u *mockvcd.User) { u.PoweredOffVMs = []string{name + "-vm"} })
	}
	runUntil(t, server, instances, make([]acctest.Object, len(instances)),
		func(i *acctest.Instance) bool { return i.State == nil })

	server.Faults().Clear()
	for _, config := range configs {
		name := config["name"].(string)
		if u, stays := server.User("acme", name); stays != before[name] || stays && len(u.PoweredOffVMs) != 1 {
			t.Errorf("%s was there before = %t, and is there now = %t: %+v", name, before[name], stays, u)
		}
	}
	wantNoLoss(t, server)
}

// runUntil applies the configurations, ten at a time, in as many runs of the provider as it takes.
func runUntil(t *testing.T, server *mockvcd.Server, instances []*acctest.Instance, configs []acctest.Object,
	done func(*acctest.Instance) bool) {
	t.Helper()
	for range 20 {
		protocol := acctest.Configured(t, acctest.Object{"vcd": tenantBlock(server, "acme"), "request_timeout": "5s",
			"check_names": "off"})
		var run sync.WaitGroup
		slots := make(chan struct{}, 10)
		for i := range instances {
			if instances[i] == nil {
				instances[i] = protocol.Instance(userType)
			}
			instances[i] = instances[i].In(protocol)
			run.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				if instances[i].State != nil {
					instances[i].Refresh()
				}
				if !done(instances[i]) && (configs[i] != nil || instances[i].State != nil) {
					instances[i].Apply(configs[i])
				}
			})
		}
		run.Wait()
		if !slices.ContainsFunc(instances, func(i *acctest.Instance) bool { return !done(i) }) {
			return
		}
	}
	t.Fatal("twenty runs were not enough")
}
