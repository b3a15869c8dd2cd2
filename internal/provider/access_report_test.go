// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	mockcloudshell "github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
	mockvcd "github.com/external-directory/terraform-provider-directory/internal/mock/vcd"
)

const reportFolder = examplesRoot + "/access-report"

// The picture in the guide is made by: go test ./internal/provider -run AccessReport -keep-picture
// ../../examples/access-report/report.png
var keepPicture = flag.String("keep-picture", "", "file for the picture of the access report")

// hostileName is a user name that would be markup in a page and a formula in a spreadsheet.
const hostileName = `=cmd|"<script>document.title='taken'</script>`

// report is what the module of examples/access-report made.
type report struct {
	HTML     struct{ Value string }
	CSV      struct{ Value string }
	Missing  struct{ Value []string }
	Disabled struct{ Value []string }
}

// makeReport applies the module over a lab in which every case occurs. More people can be put into Lab Users.
func makeReport(t *testing.T, title string, more ...string) report {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance test: set TF_ACC=1")
	}
	l := newLab(t)
	l.cloudshell.SetAccess("Lab Engineers", "Lab", "full")
	l.cloudshell.SetAccess("Lab Users", "Global", "view_only")
	for group, usernames := range map[string][]string{
		"Lab Engineers": {"jporter", "mlopez", "akumar", "swilson"},
		"Lab Users":     append([]string{"jporter", "vcontractor", "former"}, more...),
	} {
		for _, username := range usernames {
			l.putIntoCloudShell(t, username, group)
		}
	}
	l.cloudshell.ChangeUser("akumar", func(u *mockcloudshell.User) { u.IsActive = false })
	l.vcd.AddGroup("acme", mockvcd.Group{Name: "Lab Engineers", Roles: []string{"vApp User"}})
	l.vcd.AddUser("acme", mockvcd.User{Username: "bmeyer", ProviderType: "LDAP", Enabled: true})
	l.vcd.Login("acme", "bmeyer")
	return applyReport(t, l, fmt.Sprintf(
		`title = %q
cloudshell_groups = ["Lab Engineers", "Lab Users"]
vcd_groups = ["Lab Engineers"]
`, title))
}

func applyReport(t *testing.T, l lab, variables string) report {
	t.Helper()
	bench := newBenchOver(t, l.environment())
	folder := bench.workspace(t, reportFolder)
	save(t, filepath.Join(folder, "terraform.tfvars"), variables)
	bench.run(t, folder, bench.cli, "apply", "-no-color", "-input=false", "-auto-approve")
	var made report
	if err := json.Unmarshal(bench.output(t, folder, bench.cli, "output", "-json"), &made); err != nil {
		t.Fatal(err)
	}
	return made
}

func (l lab) putIntoCloudShell(t *testing.T, username, group string) {
	t.Helper()
	if _, there := l.cloudshell.User(username); !there {
		l.cloudshell.AddImportedUser(people.User{ID: "S-1-5-21-1-2-3-" + username, Username: username, DisplayName: username})
	}
	for _, g := range l.cloudshell.Groups() {
		if g.Name == group {
			l.cloudshell.ChangeUser(username, func(u *mockcloudshell.User) { u.GroupIDs = append(u.GroupIDs, g.ID) })
		}
	}
}

func TestAccessReport(t *testing.T) {
	t.Parallel()
	made := makeReport(t, "Access <of the lab>", hostileName)
	t.Run("words", func(t *testing.T) { checkReport(t, made) })
	t.Run("chromium", func(t *testing.T) { lookAtReport(t, made) })
}

func checkReport(t *testing.T, made report) {
	t.Helper()
	if missing := fmt.Sprintf("%q", made.Missing.Value); missing != fmt.Sprintf("%q", []string{hostileName, "former"}) {
		t.Errorf("missing from the directory: %s", missing)
	}
	if disabled := fmt.Sprint(made.Disabled.Value); disabled != "[vcontractor]" {
		t.Errorf("disabled: %s", disabled)
	}
	for _, part := range []string{
		"<title>Access &lt;of the lab&gt;</title>", "&lt;script&gt;document.title=&#39;taken&#39;&lt;/script&gt;",
		"Lab (full)", "Global (view only)", "vApp User",
		`aria-label="4 members: 1 disabled or inactive, 0 not in the directory"`,
		`aria-label="4 members: 1 disabled or inactive, 2 not in the directory"`,
		"disabled in the directory, and still active in CloudShell",
		"inactive in CloudShell, and not disabled in the directory",
	} {
		if !strings.Contains(made.HTML.Value, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(made.CSV.Value)).ReadAll()
	if err != nil || len(rows) != 9 {
		t.Fatalf("CSV of %d rows, %v: %s", len(rows), err, made.CSV.Value)
	}
	for _, expected := range [][]string{
		{"'" + hostileName, "", "missing", "active", "Lab Users", "Global (view only)", "none", ""},
		{"akumar", "Arjun Kumar", "active", "inactive", "Lab Engineers", "Lab", "none", ""},
		{"bmeyer", "Birgit Meyer", "active", "none", "", "", "enabled", "Lab Engineers"},
	} {
		if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Equal(row, expected) }) {
			t.Errorf("CSV lacks %q: %q", expected, rows)
		}
	}
}

// lookAtReport looks at the page as people do: in a browser.
func lookAtReport(t *testing.T, made report) {
	t.Helper()
	browser := findProgram(t, "chromium")
	folder := t.TempDir()
	page, picture := filepath.Join(folder, "access.html"), filepath.Join(folder, "access.png")
	save(t, page, made.HTML.Value)

	dom := runChromium(t, browser, "--dump-dom", "file://"+page)
	for element, count := range map[string]int{
		`<tr class="person">`: 8, `<tr class="finding">`: 4, `<svg class="bar"`: 3, "<script": 0, "<title>Access &lt;of " +
			"the lab&gt;</title>": 1,
	} {
		if got := strings.Count(dom, element); got != count {
			t.Errorf("the browser shows %s %d times, want %d", element, got, count)
		}
	}
	shown, err := png.Decode(strings.NewReader(takePicture(t, browser, page, picture)))
	if err != nil {
		t.Fatal(err)
	}
	for name, colour := range map[string][3]uint32{
		"may log in": {0x2d, 0xa4, 0x4e}, "disabled": {0xd4, 0xa7, 0x2c}, "missing": {0xcf, 0x22, 0x2e},
	} {
		if pixels := countPixels(shown, colour); pixels < 500 {
			t.Errorf("only %d pixels of the picture show people who are: %s", pixels, name)
		}
	}
	if *keepPicture != "" {
		save(t, page, makeReport(t, "Access to the lab", "ojensen", "dchen", "lrossi").HTML.Value)
		save(t, *keepPicture, takePicture(t, browser, page, picture))
	}
}

func takePicture(t *testing.T, browser, page, file string) string {
	t.Helper()
	runChromium(t, browser, "--hide-scrollbars", "--window-size=1000,600", "--screenshot="+file, "file://"+page)
	return read(t, file)
}

func countPixels(picture image.Image, colour [3]uint32) (count int) {
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); [3]uint32{r >> 8, g >> 8, b >> 8} == colour {
				count++
			}
		}
	}
	return count
}

func runChromium(t *testing.T, browser string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	profile := t.TempDir()
	arguments = append([]string{
		"--headless",
		"--no-sandbox",
		"--disable-gpu",
		"--disable-dev-shm-usage",
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--proxy-server=http://127.0.0.1:9",
		"--user-data-dir=" + profile,
	}, arguments...)
	command := exec.CommandContext(ctx, browser, arguments...)
	command.Env = append(os.Environ(), "HOME="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile)
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return string(output)
}
