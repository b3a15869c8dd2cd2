// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
	mockcloudshell "github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	mockldap "github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

const (
	guidesRoot     = examplesRoot + "/guides"
	guideTemplates = "../../templates/guides"
)

// Every file below examples/guides stands in a guide, so that no guide shows code that is not tested.
func TestGuidesShowTheirExamples(t *testing.T) {
	t.Parallel()
	var pages strings.Builder
	templates, err := filepath.Glob(guideTemplates + "/*.md.tmpl")
	if err != nil || len(templates) < 9 {
		t.Fatalf("%d guides, %v", len(templates), err)
	}
	for _, template := range templates {
		pages.WriteString(read(t, template))
	}
	err = filepath.WalkDir(guidesRoot, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) == ".pem" {
			return err
		}
		shown, _ := filepath.Rel("../..", path)
		if !strings.Contains(pages.String(), `"`+filepath.ToSlash(shown)+`"`) {
			t.Errorf("no guide shows %s", shown)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

var guideHeading = regexp.MustCompile("(?m)^### `(.+)`$")

// The headings of the guide for troubleshooting are messages that the provider has.
func TestTroubleshootingNamesRealMessages(t *testing.T) {
	t.Parallel()
	user := framework.Subject{Platform: clients.CloudShell, Kind: "User", Name: "jporter"}
	group := framework.Subject{Platform: clients.CloudShell, Kind: "Group", Name: "Lab Engineers"}
	person := framework.Subject{Platform: clients.LDAP, Kind: "User", Name: "jporter"}
	made := map[string]bool{}
	for _, summary := range []string{
		framework.IsUnknown(user), framework.IsUnknown(person), framework.IsAmbiguous(person), framework.AlreadyExists(user),
		framework.AlreadyExists(group), framework.WillBeAdopted(user), framework.IsLocal(user), framework.IsOwnAccount(user),
		framework.IsHeldElsewhere(user), framework.IsHeldElsewhere(group),
		clients.CloudShell.Title() + " Is Not Configured",
		"Unable to Log In to " + clients.CloudShell.Title(),
		framework.IsUnknown(framework.Subject{Platform: clients.CloudShell, Kind: "Domain", Name: "Lab"}),
	} {
		made[summary] = true
	}
	var source strings.Builder
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		source.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	headings := guideHeading.FindAllStringSubmatch(read(t, guideTemplates+"/troubleshoot.md.tmpl"), -1)
	if len(headings) < 15 {
		t.Errorf("only %d messages are explained", len(headings))
	}
	for _, heading := range headings {
		pattern := regexp.MustCompile(`"[^"]+"`).ReplaceAllString(heading[1], "%q")
		// `CloudShell Domain %q Is Archived` is made of a subject and a literal.
		subject, rest, _ := strings.Cut(pattern, "%q")
		isLiteral := strings.Contains(source.String(), `"`+pattern+`"`) ||
			subject != pattern && rest != "" && strings.Contains(source.String(), `"`+rest+`"`)
		if !made[heading[1]] && !isLiteral {
			t.Errorf("the provider has no message %q", heading[1])
		}
	}
}

// The guide says that 500 people come in by import blocks without a change, and that the next plan is empty.
func TestGuideAdoptsFiveHundredPeople(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	const count = 500
	directory := mockldap.NewDirectory()
	directory.AddUser(people.People(count)...)
	server, err := mockcloudshell.Start(mockcloudshell.Options{Directory: directory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	for _, person := range people.People(count) {
		known, _, err := directory.FindUser(t.Context(), person.Username)
		if err != nil {
			t.Fatal(err)
		}
		server.AddImportedUser(known)
	}
	bench := newBenchOver(t, []string{
		"CLOUDSHELL_URL=" + server.URL(),
		"CLOUDSHELL_USERNAME=" + server.Username(),
		"CLOUDSHELL_PASSWORD=" + server.Password(),
	})
	list := bench.workspace(t, guidesRoot+"/adopt-existing-people/list")
	bench.run(t, list, bench.cli, "apply", "-no-color", "-input=false", "-auto-approve")
	var usernames []string
	people := bench.output(t, list, bench.cli, "output", "-json", "people")
	if err := json.Unmarshal(people, &usernames); err != nil || len(usernames) != count {
		t.Fatalf("%d people, %v", len(usernames), err)
	}
	adopt := bench.workspace(t, guidesRoot+"/adopt-existing-people/import")
	variables, err := json.Marshal(map[string]any{"people": usernames})
	if err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(adopt, "people.auto.tfvars.json"), string(variables))
	server.ResetRequests()
	said := bench.run(t, adopt, bench.cli, "apply", "-no-color", "-input=false", "-auto-approve")
	expected := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy", count)
	if !strings.Contains(said, expected) {
		t.Errorf("the plan does not say %q", expected)
	}
	if writes := server.Count("POST", "") + server.Count("DELETE", "") + server.Count("PUT", "/api/v1/**"); writes > 0 {
		t.Errorf("adopting changed something on the server: %d requests", writes)
	}
	if got := server.CountWork(); got > count/10 {
		t.Errorf("adopting took %d requests", got)
	}
	said = bench.run(t, adopt, bench.cli, "plan", "-no-color", "-input=false")
	if !strings.Contains(said, "No changes.") {
		t.Error("the next plan is not empty")
	}
}

// workspace copies a folder of examples to where Terraform may write.
func (b *exampleBench) workspace(t *testing.T, folder string) string {
	t.Helper()
	copied := t.TempDir()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	hasVersions := false
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		content := read(t, filepath.Join(folder, file.Name()))
		hasVersions = hasVersions || strings.Contains(content, "required_providers")
		save(t, filepath.Join(copied, file.Name()), content)
	}
	if !hasVersions {
		save(t, filepath.Join(copied, "versions.tf"), versionsTF)
	}
	return copied
}

// output is what a command wrote to its standard output.
func (b *exampleBench) output(t *testing.T, folder, name string, arguments ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir, command.Env = folder, b.environment
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, said.String())
	}
	return output
}

// The jq filter of the guide tells joiners and leavers of a real plan.
func TestGuideTableOfChanges(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	jq := findProgram(t, "jq")
	l := newLab(t)
	bench := newBenchOver(t, l.environment())
	folder := bench.workspace(t, guidesRoot+"/review-access-in-pull-requests")
	save(
		t,
		filepath.Join(folder, "users.tf"),
		`resource "directory_cloudshell_imported_user" "user" {
  name   = "dchen"
  groups = ["Lab Users"]
}
`,
	)
	table := func() string {
		bench.run(t, folder, bench.cli, "plan", "-no-color", "-input=false", "-out=tfplan")
		save(t, filepath.Join(folder, "plan.json"), string(bench.output(t, folder, bench.cli, "show", "-json", "tfplan")))
		return string(bench.output(t, folder, jq, "-r", "-f", "changes.jq", "plan.json"))
	}
	first := table()
	for _, row := range []string{
		"| Who | | Details | Resource |\n|---|---|---|---|\n",
		"| jporter | joins | James Porter | directory_cloudshell_imported_group.engineers |",
		"| dchen | joins | Lab Users | directory_cloudshell_imported_user.user |",
	} {
		if !strings.Contains(first, row) {
			t.Errorf("the table lacks %q:\n%s", row, first)
		}
	}
	if strings.Contains(first, "mlopez") {
		t.Errorf("mlopez is there already and does not join:\n%s", first)
	}
	bench.run(t, folder, bench.cli, "apply", "-no-color", "-input=false", "tfplan")
	if none := table(); none != "No one joins or leaves.\n" {
		t.Errorf("after the apply: %s", none)
	}
	l.ldap.People().RemoveMember("Lab Engineers", "akumar")
	const row = "| akumar | leaves | Arjun Kumar | directory_cloudshell_imported_group.engineers |"
	if leaves := table(); !strings.Contains(leaves, row) {
		t.Errorf("akumar does not leave:\n%s", leaves)
	}
	heldBack := func() string { return string(bench.output(t, folder, jq, "-r", "-f", "held-back.jq", "plan.json")) }
	if said := heldBack(); said != "" {
		t.Errorf("no one is held back, but the filter says: %s", said)
	}
	group := read(t, filepath.Join(folder, "group.tf"))
	save(t, filepath.Join(folder, "group.tf"), strings.Replace(group, "max_departures   = 10", "max_departures   = 0", 1))
	if held := table(); !strings.Contains(held, "| akumar | is held back | ") || strings.Contains(held, "leaves") {
		t.Errorf("akumar is not held back:\n%s", held)
	}
	if said := heldBack(); !strings.HasPrefix(said, "directory_cloudshell_imported_group.engineers: akumar (") {
		t.Errorf("the nightly job does not learn of akumar: %q", said)
	}
}

// findProgram skips the test where the program is missing, and fails it where CI wants all tests.
func findProgram(t *testing.T, name string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err == nil {
		return program
	}
	if os.Getenv("CI") == "true" || os.Getenv("DIRECTORY_REQUIRE_SERVERS") == "1" {
		t.Fatalf("%s is not installed: apt-get install %s", name, name)
	}
	t.Skipf("*** %s is not installed: apt-get install %s ***", name, name)
	return ""
}
