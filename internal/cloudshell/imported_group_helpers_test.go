// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/faults"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const (
	groupType        = "directory_cloudshell_imported_group"
	labGroup         = "Lab Engineers"
	externalGroupURL = "/api/v1/integrations/IdentityManagement/groups/*/users"
)

// lab is a directory with the group "Lab Engineers" (anna, bert, cleo), the empty group "Lab Operators", and dora and
// emil, who are in none of them.
func lab() *mockldap.Directory {
	directory := mockldap.NewDirectory()
	for _, name := range []string{"anna", "bert", "cleo", "dora", "emil"} {
		directory.AddUser(people.User{Username: name, DisplayName: strings.ToUpper(name[:1]) + name[1:] + " Lab",
			Email: name + "@lab.example", Domain: "LAB"})
	}
	directory.AddGroup(people.Group{Name: labGroup}, "anna", "bert", "cleo")
	directory.AddGroup(people.Group{Name: "Lab Operators"})
	return directory
}

// world is a directory, a CloudShell that imports from it and has the CloudShell groups "Engineers" and "Guests", and
// a provider at protocol level.
type world struct {
	t         *testing.T
	directory *mockldap.Directory
	server    *cloudshell.Server
	engineers int64
	guests    int64
	provider  *acctest.Protocol
}

func newWorld(t *testing.T, options cloudshell.Options) *world {
	t.Helper()
	directory, ok := options.Directory.(*mockldap.Directory)
	if !ok {
		directory = lab()
		options.Directory = directory
	}
	w := &world{t: t, directory: directory, server: start(t, options)}
	w.engineers, w.guests = w.server.AddGroup("Engineers").ID, w.server.AddGroup("Guests").ID
	w.provider = acctest.Configured(t, providerObject(w.server))
	return w
}

// existing adds people of the directory to CloudShell, as an earlier import would have left them.
func (w *world) existing(names ...string) {
	w.t.Helper()
	for _, name := range names {
		person, ok, err := w.directory.FindUser(w.t.Context(), name)
		if err != nil || !ok {
			w.t.Fatalf("the directory has no %s: %v", name, err)
		}
		w.server.AddImportedUser(person)
	}
}

// group is a group resource of the provider with a configuration.
type group struct {
	*acctest.Instance
	w      *world
	config object
}

func (w *world) group(config object) *group {
	if config["name"] == nil {
		config["name"] = labGroup
	}
	return &group{Instance: w.provider.Instance(groupType), w: w, config: config}
}

// rerun serves the provider again, as each run of Terraform does.
func (g *group) rerun() {
	g.w.t.Helper()
	g.w.provider = acctest.Configured(g.w.t, providerObject(g.w.server))
	g.moveTo(g.w.provider)
}

func (g *group) moveTo(provider *acctest.Protocol) {
	g.Instance = g.In(provider)
}

// refresh refreshes state, and returns the warnings.
func (g *group) refresh() string {
	g.w.t.Helper()
	diagnostics := g.Refresh()
	if text := acctest.Errors(diagnostics); text != "" {
		g.w.t.Fatalf("refresh: %s", text)
	}
	return acctest.Warnings(diagnostics)
}

// plan refreshes and plans; it returns the planned values and the warnings of the plan.
func (g *group) plan() (object, string) {
	g.w.t.Helper()
	if g.State != nil {
		g.refresh()
	}
	resp, planned := g.Plan(g.config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		g.w.t.Fatalf("plan: %s", text)
	}
	return planned, acctest.Warnings(resp.Diagnostics)
}

// try applies without a refresh, as a saved plan would, and returns errors and warnings. It checks what Terraform
// checks: that a second plan says the same, and that what was planned is what comes out, unless there are errors.
func (g *group) try() (failed, warned string) {
	g.w.t.Helper()
	_, first := g.Plan(g.config)
	resp, planned := g.Plan(g.config)
	if text := acctest.Errors(resp.Diagnostics); text != "" {
		return text, acctest.Warnings(resp.Diagnostics)
	}
	if differ := contradictions(first, planned); differ != "" {
		g.w.t.Errorf("inconsistent final plan: %s", differ)
	}
	diagnostics := g.Apply(g.config)
	failed, warned = acctest.Errors(diagnostics), acctest.Warnings(diagnostics)
	if differ := contradictions(planned, g.State); differ != "" && failed == "" {
		g.w.t.Errorf("inconsistent result after apply: %s", differ)
	}
	return failed, warned
}

// apply refreshes and applies; it returns the warnings. Errors end the test.
func (g *group) apply() string {
	g.w.t.Helper()
	if g.State != nil {
		g.refresh()
	}
	failed, warned := g.try()
	if failed != "" {
		g.w.t.Fatalf("apply: %s", failed)
	}
	return warned
}

// planEmpty asserts that a refresh and a plan change nothing.
func (g *group) planEmpty() {
	g.w.t.Helper()
	if changes := g.changes(); changes != "" {
		g.w.t.Errorf("another plan changes %s", changes)
	}
}

// changes refreshes, plans and names what the plan changes.
func (g *group) changes() string {
	g.w.t.Helper()
	planned, _ := g.plan()
	return differences(g.State, planned)
}

func (g *group) destroy() string {
	g.w.t.Helper()
	g.refresh()
	diagnostics := g.Apply(nil)
	if text := acctest.Errors(diagnostics); text != "" {
		g.w.t.Fatalf("destroy: %s", text)
	}
	return acctest.Warnings(diagnostics)
}

// names are the sorted keys of a map of people.
func names(from object, attribute string) string {
	peopleIn, ok := from[attribute].(object)
	if !ok {
		return fmt.Sprint(from[attribute])
	}
	return strings.Join(slices.Sorted(maps.Keys(peopleIn)), " ")
}

// wantNames asserts the keys of maps of people: attribute to space-separated names.
func (w *world) wantNames(from object, want map[string]string) {
	w.t.Helper()
	for _, attribute := range slices.Sorted(maps.Keys(want)) {
		if got := names(from, attribute); got != want[attribute] {
			w.t.Errorf("%s has %q, want %q", attribute, got, want[attribute])
		}
	}
}

// in returns who is in a CloudShell group.
func (w *world) in(id int64) string {
	var found []string
	for _, user := range w.server.Users() {
		if user.InGroup(id) {
			found = append(found, user.Username)
		}
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}

// imported returns the imported users: active ones by name, inactive ones in parentheses.
func (w *world) imported() string {
	var found []string
	for _, user := range w.server.Users() {
		switch {
		case !user.IsImported():
		case user.IsActive:
			found = append(found, user.Username)
		default:
			found = append(found, "("+user.Username+")")
		}
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}

func (w *world) wantImported(want string) {
	w.t.Helper()
	if got := w.imported(); got != want {
		w.t.Errorf("CloudShell has %q, want %q", got, want)
	}
}

func (w *world) wantIn(id int64, want string) {
	w.t.Helper()
	if got := w.in(id); got != want {
		w.t.Errorf("CloudShell group %d has %q, want %q", id, got, want)
	}
}

// contradictions names what a later object says otherwise than an earlier one, whose unknown values allow anything.
func contradictions(earlier, later object) string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(earlier)) {
		if earlier[name] != acctest.Unknown && fmt.Sprint(earlier[name]) != fmt.Sprint(later[name]) {
			found = append(found, fmt.Sprintf("%s: %v -> %v", name, earlier[name], later[name]))
		}
	}
	return strings.Join(found, ", ")
}

func differences(before, after object) string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if fmt.Sprint(before[name]) != fmt.Sprint(after[name]) {
			found = append(found, fmt.Sprintf("%s: %v -> %v", name, before[name], after[name]))
		}
	}
	return strings.Join(found, ", ")
}

// validate checks a configuration as `terraform validate` does, and returns the errors.
func (w *world) validate(config object) string {
	w.t.Helper()
	resp, err := w.provider.Server.ValidateResourceConfig(w.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: groupType, Config: w.provider.Dynamic(w.provider.ResourceType(groupType), config),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return acctest.Errors(resp.Diagnostics)
}

// onImport makes the next import meet a fault.
func (w *world) onImport(fault faults.Fault) {
	w.server.Faults().Add(faults.Rule{Method: "POST", Path: importPath, Fault: fault})
}
