// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/acctest"
	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

// cli is Terraform in a folder of its own, with the provider as a program: for options that plugin-testing does not
// know, such as -refresh=false, and to measure.
type cli struct {
	t           *testing.T
	folder      string
	environment []string
	cpu         time.Duration // that Terraform took for the last command
}

func newCLI(t *testing.T, config string) *cli {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	c := &cli{t: t, folder: t.TempDir()}
	settings := filepath.Join(c.folder, "terraformrc")
	c.environment = append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings, "TF_IN_AUTOMATION=1", "TF_INPUT=0")
	c.save(settings, fmt.Sprintf(`provider_installation {
  dev_overrides {
    "external-directory/directory" = %q
  }
  direct {}
}
`, acctest.BuildProvider(t)))
	c.write(`terraform {
  required_providers {
    directory = {
      source = "external-directory/directory"
    }
  }
}
` + config)
	return c
}

func (c *cli) write(config string) {
	c.t.Helper()
	c.save(filepath.Join(c.folder, "main.tf"), config)
}

func (c *cli) save(path, content string) {
	c.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// try runs a command and returns what it printed, line breaks and borders of messages evened out.
func (c *cli) try(arguments ...string) (string, error) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
	command.Dir, command.Env = c.folder, c.environment
	output, err := command.CombinedOutput()
	c.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	return strings.Join(strings.Fields(strings.ReplaceAll(string(output), "│", " ")), " "), err
}

func (c *cli) run(arguments ...string) string {
	c.t.Helper()
	output, err := c.try(arguments...)
	if err != nil {
		c.t.Fatalf("terraform %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

func (c *cli) plan(options ...string) string {
	c.t.Helper()
	return c.run(append([]string{"plan", "-no-color"}, options...)...)
}

func (c *cli) apply(options ...string) string {
	c.t.Helper()
	return c.run(append([]string{"apply", "-no-color", "-auto-approve"}, options...)...)
}

const noChanges = "No changes."

func TestAccImportedGroup_planReads(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	config := groupConfig(w.server, `groups = ["Engineers"]`)
	c := newCLI(t, config)
	contains(t, c.plan(), "Import Will Create People in CloudShell",
		`3 people who do not exist in CloudShell: "anna", "bert" and "cleo"`)
	c.apply()
	w.directory.AddMember(labGroup, "dora")
	w.directory.RemoveMember(labGroup, "anna")
	shown := c.plan()
	contains(
		t,
		shown,
		`~ members = { - "anna" = "Anna Lab" -> null + "dora" = "Dora Lab" # (2 unchanged elements hidden) }`,
		`~ created_members = { + "dora" = "Dora Lab" # (3 unchanged elements hidden) }`,
		"0 to add, 1 to change, 0 to "+
			"destroy",
	)
	if strings.Contains(shown, "bert") || strings.Contains(shown, "known after apply") {
		t.Errorf("the plan shows more than what changes: %s", shown)
	}
}

func TestAccImportedGroup_withoutRefresh(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	c := newCLI(t, groupConfig(w.server))
	c.apply()
	w.directory.AddMember(labGroup, "dora")

	// Without a refresh no one has joined as far as Terraform knows, and nothing is asked.
	w.server.ResetRequests()
	contains(t, c.plan("-refresh=false"), noChanges)
	contains(t, c.apply("-refresh=false"), "0 changed")
	if n := w.server.CountWork(); n != 0 {
		t.Errorf("%d requests", n)
	}
	w.wantImported("anna bert cleo")

	// -refresh-only takes the directory's members into state and imports no one; from then on they are planned.
	shown := c.run("plan", "-no-color", "-refresh-only")
	contains(t, shown, `~ directory_members = { + "dora"`)
	c.apply("-refresh-only")
	w.wantImported("anna bert cleo")
	contains(t, c.plan("-refresh=false"), `~ members = { + "dora" = "Dora Lab"`)
	c.apply("-refresh=false")
	w.wantImported("anna bert cleo dora")
	contains(t, c.plan(), noChanges)
}

func TestAccImportedGroup_planFileAppliedLater(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	c := newCLI(t, groupConfig(w.server, `departed_members = "delete"`))
	c.plan("-out=create.tfplan")
	w.directory.AddMember(labGroup, "dora") // a create imports the people that it finds
	c.run("apply", "-no-color", "create.tfplan")
	w.wantImported("anna bert cleo dora")

	w.directory.AddMember(labGroup, "emil")
	w.directory.RemoveMember(labGroup, "anna", "bert")
	contains(t, c.plan("-out=change.tfplan"), `- "anna" = "Anna Lab" -> null`, `- "bert" = "Bert Lab" -> null`,
		`+ "emil" = "Emil Lab"`)
	w.directory.AddMember(labGroup, "anna")
	w.directory.RemoveMember(labGroup, "emil", "cleo")
	w.existing("emil") // by other hands
	output, err := c.try("apply", "-no-color", "change.tfplan")
	if err == nil {
		t.Error("no error although emil was imported by other hands")
	}
	contains(t, output, "People Appeared in CloudShell Since the Plan", `"emil"`)
	w.wantImported("anna cleo dora emil") // anna is back, so their user stays as it is

	contains(t, c.plan(), `+ "anna" = "Anna Lab"`, `- "cleo" = "Cleo Lab" -> null`)
	c.apply()
	w.wantImported("anna dora emil")
	contains(t, c.plan(), noChanges)
}

func TestAccImportedGroup_targeted(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	config := groupConfig(w.server) + strings.NewReplacer(labGroup, "Lab Operators", `"test"`,
		`"operators"`).Replace(groupBlock("allow_empty = true"))
	c := newCLI(t, config)
	c.apply()
	w.directory.AddMember(labGroup, "dora")
	w.directory.AddMember("Lab Operators", "emil")
	contains(t, c.apply("-target="+groupType+".operators"), "1 changed")
	w.wantImported("anna bert cleo emil")
	contains(t, c.apply(), "1 changed")
	w.wantImported("anna bert cleo dora emil")
	contains(t, c.plan(), noChanges)
	c.run("destroy", "-no-color", "-auto-approve", "-target="+groupAddress)
	w.wantImported("(anna) (bert) (cleo) (dora) emil")
}

// Two groups whose people overlap are applied at the same time: a person that one imports is no stranger to the other.
func TestAccImportedGroup_shareAJoiner(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	c := newCLI(t, groupConfig(w.server)+strings.NewReplacer(labGroup, "Lab Operators", `"test"`,
		`"operators"`).Replace(groupBlock("allow_empty = true")))
	c.apply()
	w.directory.AddMember(labGroup, "dora", "emil")
	w.directory.AddMember("Lab Operators", "dora", "emil")
	contains(t, c.apply(), "2 changed")
	w.wantImported("anna bert cleo dora emil")
	contains(t, c.plan(), noChanges)
}

// A group whose settings depend on what is yet to be created is planned twice: the second time with more known.
func TestAccImportedGroup_settingsKnownAtApply(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	c := newCLI(t, groupConfig(w.server))
	c.apply()
	w.directory.AddMember(labGroup, "dora")
	w.directory.RemoveMember(labGroup, "anna")
	c.write(strings.Replace(read(t, filepath.Join(c.folder, "main.tf")), "resource ", `resource "terraform_data" "late" {
  input = "delete"
}
resource `, 1))
	late := strings.Replace(read(t, filepath.Join(c.folder, "main.tf")), `name = "`+labGroup+`"`, `name = "`+labGroup+`"
  departed_members = terraform_data.late.output
  groups           = terraform_data.late.output == "delete" ? ["Engineers"] : []`, 1)
	c.write(late)
	c.apply()
	w.wantImported("bert cleo dora")
	w.wantIn(w.engineers, "bert cleo dora")
	contains(t, c.plan(), noChanges)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Another spelling of a name in a set of names is no change, in a plan that Terraform checks.
func TestAccImportedGroup_otherSpellingsAreNoChange(t *testing.T) {
	t.Parallel()
	w := accWorld(t, cloudshell.Options{})
	config := groupConfig(w.server, `groups = ["Engineers", "Guests"]`, retain("Lab Operators"),
		`retain_users = ["anna"]`) + annasBlock("allow_update = true", `groups = ["Engineers", "Guests"]`)
	c := newCLI(t, config)
	c.apply()
	contains(t, c.plan(), noChanges)
	respelled := strings.NewReplacer(`["Engineers", "Guests"]`, `["guests", "ENGINEERS"]`,
		`["Lab Operators"]`, `["LAB operators"]`, `["anna"]`, `["Anna"]`)
	c.write(respelled.Replace(read(t, c.folder+"/main.tf")))
	contains(t, c.plan(), noChanges)
	c.apply()
	contains(t, c.plan(), noChanges)
	// With a change of another kind too, state keeps its spelling, and the plan after that is empty.
	c.write(strings.Replace(read(t, c.folder+"/main.tf"), "retain_users", "max_departures = 5\nretain_users", 1))
	changes := c.plan()
	contains(t, changes, "max_departures", "1 to change")
	if strings.Contains(changes, "ENGINEERS") || strings.Contains(changes, "LAB operators") {
		t.Errorf("the plan shows another spelling: %s", changes)
	}
	c.apply()
	contains(t, c.plan(), noChanges)
	w.wantIn(w.engineers, "anna bert cleo")
}
