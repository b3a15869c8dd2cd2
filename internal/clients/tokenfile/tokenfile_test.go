// SPDX-License-Identifier: MPL-2.0

package tokenfile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/clients/tokenfile"
)

const wait = 10 * time.Second

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestUse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, next, after string }{
		"text":              {"old", "new", "new"},
		"text with a break": {"old\r\n", "new", "new\r\n"},
		"byte order mark":   {"\ufeffold\n", "new", "\ufeffnew\n"},
		"not rotated":       {"old\n", "", "old\n"},
		"the same again":    {"old\n", "old", "old\n"},
		"JSON not rotated":  {`{"refresh_token":"old"}`, "", `{"refresh_token":"old"}`},
		"JSON":              {`{"refresh_token":"old"}`, "new", `{"refresh_token":"new"}`},
		"JSON with the rest": {
			`{"token_type":"Service Account","refresh_token":"old","access_token":"a","x":[1]}`, "new",
			`{"token_type":"Service Account","refresh_token":"new","x":[1]}`,
		},
	} {
		path := write(t, c.before)
		used := ""
		err := tokenfile.Use(t.Context(), path, wait, func(token string) (string, error) { used = token; return c.next, nil })
		if err != nil || used != "old" {
			t.Errorf("%s: used %q, %v", name, used, err)
		}
		if after := content(t, path); after != c.after && compact(after) != compact(c.after) {
			t.Errorf("%s: %q, want %q", name, after, c.after)
		}
		if info, err := os.Stat(path); err != nil || c.next == "new" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
		if left, _ := filepath.Glob(filepath.Dir(path) + "/*.tmp"); left != nil {
			t.Errorf("%s: %q is left", name, left)
		}
	}
}

func compact(text string) string {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return text
	}
	short, _ := json.Marshal(object)
	return string(short)
}

// The vendor's files tell who wrote them and when.
func TestUseKeepsTheVendorsForm(t *testing.T) {
	t.Parallel()
	path := write(
		t,
		`{"token_type":"Service `+
			`Account","refresh_token":"old","updated_by":"terraform-provider-vcd","updated_on":"2023-04-18T14:33:07+03:00"}`,
	)
	if err := tokenfile.Use(t.Context(), path, wait, func(string) (string, error) { return "new", nil }); err != nil {
		t.Fatal(err)
	}
	var after struct {
		Type    string    `json:"token_type"`
		Token   string    `json:"refresh_token"`
		Updated string    `json:"updated_by"`
		On      time.Time `json:"updated_on"`
	}
	if err := json.Unmarshal([]byte(content(t, path)), &after); err != nil {
		t.Fatal(err)
	}
	if after.Type != "Service Account" || after.Token != "new" || after.Updated != "terraform-provider-directory" ||
		time.Since(after.On) > time.Minute {
		t.Errorf("%+v", after)
	}
}

// What else is in the file stays as it is.
func TestUseKeepsNumbers(t *testing.T) {
	t.Parallel()
	path := write(t, `{"refresh_token":"old","id":12345678901234567891}`)
	if err := tokenfile.Use(t.Context(), path, wait, func(string) (string, error) { return "new", nil }); err != nil {
		t.Fatal(err)
	}
	text := content(t, path)
	if !strings.Contains(text, `"id": 12345678901234567891`) || !strings.Contains(text, `"new"`) {
		t.Error(text)
	}
}

func TestUseKeepsLinks(t *testing.T) {
	t.Parallel()
	path := write(t, "old")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	if err := tokenfile.Use(t.Context(), link, wait, func(string) (string, error) { return "new", nil }); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || target != path || content(t, path) != "new" {
		t.Errorf("%s, %v, %q", target, err, content(t, path))
	}
}

// What cannot be used is found before the token is spent, and nothing of it is told.
func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"missing":           filepath.Join(t.TempDir(), "missing"),
		"a folder":          folder,
		"empty":             write(t, " \n"),
		"two words":         write(t, "very secret"),
		"broken JSON":       write(t, `{"refresh_token":"very-secret`),
		"JSON without":      write(t, `{"access_token":"very-secret"}`),
		"JSON of a number":  write(t, `{"refresh_token":7}`),
		"JSON with a space": write(t, `{"refresh_token":"very-secret\n"}`),
		"UTF-16":            write(t, "v\x00e\x00r\x00y\x00-\x00s\x00e\x00c\x00r\x00e\x00t\x00"),
		"large":             write(t, strings.Repeat("very-secret", 10_000)),
	} {
		err := tokenfile.Use(
			t.Context(),
			path,
			wait,
			func(string) (string, error) { t.Error(name + " is used"); return "", nil },
		)
		if !errors.Is(err, tokenfile.ErrUnusable) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := write(t, "old")
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	err := tokenfile.Use(t.Context(), path, wait, func(string) (string, error) { t.Error("used"); return "new", nil })
	if !errors.Is(err, tokenfile.ErrUnusable) {
		t.Error(err)
	}
}

// A login that fails leaves the token as it is.
func TestFailedExchange(t *testing.T) {
	t.Parallel()
	path, refused := write(t, "old\n"), errors.New("refused")
	if err := tokenfile.Use(t.Context(), path, wait, func(string) (string, error) { return "new", refused }); !errors.Is(
		err,
		refused,
	) {
		t.Error(err)
	}
	if content(t, path) != "old\n" {
		t.Errorf("%q", content(t, path))
	}
}

func TestLockThatIsNotReleased(t *testing.T) {
	t.Parallel()
	path := write(t, "old")
	err := tokenfile.Use(t.Context(), path, wait, func(string) (string, error) {
		err := tokenfile.Use(
			t.Context(),
			path,
			100*time.Millisecond,
			func(string) (string, error) { t.Error("used twice"); return "", nil },
		)
		if !errors.Is(err, tokenfile.ErrLocked) {
			t.Error(err)
		}
		return "", nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rotations is how often each process of TestProcesses uses the file.
const rotations = 20

// A token counts up at each use. Had two processes used one token, the count would be too low.
func TestProcesses(t *testing.T) {
	t.Parallel()
	path := write(t, "0\n")
	var running sync.WaitGroup
	const processes = 3
	for range processes {
		running.Go(func() {
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcess$", "-test.count=1")
			command.Env = append(os.Environ(), "TOKENFILE_OF_TEST="+path)
			if output, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, output)
			}
		})
	}
	running.Wait()
	if want := fmt.Sprintf("%d\n", processes*rotations); content(t, path) != want {
		t.Errorf("%q, want %q", content(t, path), want)
	}
}

// TestProcess is what one process of TestProcesses does.
func TestProcess(t *testing.T) {
	path := os.Getenv("TOKENFILE_OF_TEST")
	if path == "" {
		t.Skip("part of TestProcesses")
	}
	for range rotations {
		err := tokenfile.Use(t.Context(), path, time.Minute, func(token string) (string, error) {
			count, err := strconv.Atoi(token)
			return strconv.Itoa(count + 1), err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
