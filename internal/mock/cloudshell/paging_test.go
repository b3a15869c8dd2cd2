// SPDX-License-Identifier: MPL-2.0

package cloudshell_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
	"github.com/external-directory/terraform-provider-directory/internal/mock/ldap"
	"github.com/external-directory/terraform-provider-directory/internal/mock/people"
)

func TestPagesWithEveryCursor(t *testing.T) {
	t.Parallel()
	directory := ldap.NewDirectory()
	directory.AddGroup(people.Group{Name: "All"})
	for _, p := range people.People(600) {
		directory.AddUser(p)
		directory.AddMember("All", p.Username)
	}
	for _, form := range []cloudshell.CursorForm{cloudshell.CursorBase64, cloudshell.CursorNumber} {
		c := start(t, cloudshell.Options{Directory: directory, Cursor: form})
		c.want(200, "POST", importPath, `{"GroupName": "All"}`)
		for path, want := range map[string][2]int{
			"/api/v1/users": {602, 3}, "/api/v1/integrations/IdentityManagement/groups/All/users": {600, 3},
		} {
			seen, pages, cursor := map[string]bool{}, 0, ""
			for {
				page := c.want(
					200,
					"GET",
					path+"?paginationProperties.limit=250&paginationProperties.cursor="+url.QueryEscape(cursor),
					"",
				)
				pages++
				for _, name := range usernames(page["Users"]) {
					seen[name] = true
				}
				if page["Cursor"] == nil {
					break
				}
				cursor = fmt.Sprint(page["Cursor"])
				if form == cloudshell.CursorBase64 && !strings.ContainsAny(cursor, "+/") {
					t.Errorf("cursor %q needs no escaping", cursor)
				}
			}
			if len(seen) != want[0] || pages != want[1] {
				t.Errorf("%s: %d users on %d pages, want %v", path, len(seen), pages, want)
			}
		}
		filtered := c.want(200, "GET", "/api/v1/users?paginationProperties.filter=USER000", "")
		if names := usernames(filtered["Users"]); len(names) != 9 {
			t.Errorf("filter found %v, want 9 by substring", names)
		}
		if n := len(c.want(200, "GET", "/api/v1/users", "")["Users"].([]any)); n != 50 {
			t.Errorf("default page of %d, want 50", n)
		}
	}
}

func TestBrokenCursors(t *testing.T) {
	t.Parallel()
	repeated := start(t, cloudshell.Options{Cursor: cloudshell.CursorRepeated})
	first := repeated.want(200, "GET", "/api/v1/users", "")["Cursor"]
	const usersAgain = "/api/v1/users?paginationProperties.cursor=again"
	if again := repeated.want(200, "GET", usersAgain, "")["Cursor"]; first != again {
		t.Errorf("cursors %v and %v, want the same", first, again)
	}
	endless := start(t, cloudshell.Options{Cursor: cloudshell.CursorEndless})
	seen, cursor := map[string]bool{}, ""
	for range 5 {
		cursor = fmt.Sprint(endless.want(200, "GET", "/api/v1/users?paginationProperties.cursor="+cursor, "")["Cursor"])
		if seen[cursor] {
			t.Errorf("cursor %s came twice", cursor)
		}
		seen[cursor] = true
	}
}

func TestCursorSurvivesADeletion(t *testing.T) {
	t.Parallel()
	c := start(t, cloudshell.Options{})
	c.want(200, "POST", importPath, `{"GroupName": "Azure_DevOps_Cloud_Admins"}`)
	first := c.want(200, "GET", "/api/v1/users?paginationProperties.limit=3", "")
	c.server.RemoveUser("operator")
	rest := c.want(200, "GET", "/api/v1/users?paginationProperties.cursor="+url.QueryEscape(first["Cursor"].(string)), "")
	if names := fmt.Sprint(usernames(rest["Users"])); names != "[asmith bkhan]" {
		t.Errorf("second page %s, want [asmith bkhan]", names)
	}
}

func TestTenThousandUsers(t *testing.T) {
	t.Parallel()
	directory := ldap.NewDirectory()
	everyone := people.People(10_000)
	directory.AddUser(everyone...)
	usernames := make([]string, len(everyone))
	for i, p := range everyone {
		usernames[i] = p.Username
	}
	directory.AddGroup(people.Group{Name: "All"}, usernames...)
	c := start(t, cloudshell.Options{Directory: directory})
	began := time.Now()
	if n := len(c.want(200, "POST", importPath, `{"GroupName": "All"}`)["Users"].([]any)); n != 10_000 {
		t.Errorf("imported %d", n)
	}
	for range 40 {
		page := c.want(200, "GET", "/api/v1/users?paginationProperties.limit=250&paginationProperties.sort-order=-1", "")
		if n := len(page["Users"].([]any)); n != 250 {
			t.Fatalf("a page of %d, want 250", n)
		}
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("an import and 40 pages took %s", took)
	}
}
