// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// FuzzVersions: what a server publishes is read, or refused with words, and never leads to a version that it does not
// offer.
func FuzzVersions(f *testing.F) {
	for _, text := range []string{"37.2", "41.0.0-alpha", "9.1.0", "39.2", "-1.0", "40", "", "1.2.3.4", "37.2 ",
		"99999999999999999999.0"} {
		f.Add([]byte(`<SupportedVersions><VersionInfo deprecated="false"><Version>` + text +
			`</Version></VersionInfo></SupportedVersions>`))
	}
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]>` +
		`<SupportedVersions><VersionInfo><Version>&b;</Version></VersionInfo></SupportedVersions>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		best, err := bestVersion(body)
		if err != nil {
			return
		}
		offered, _, err := offeredVersions(body)
		if err != nil || !best.supported() || !slices.ContainsFunc(offered,
			func(o string) bool { return strings.TrimSpace(o) == best.text }) {
			t.Errorf("chose %q of %q, %v", best.text, offered, err)
		}
		if again, err := parseVersion(best.text); err != nil || again != best {
			t.Errorf("%q is read as %+v, then as %+v, %v", best.text, best, again, err)
		}
	})
}

// FuzzCloudEntities: whatever JSON a server sends for a user or group, a change sends it back with nothing lost and no
// null.
func FuzzCloudEntities(f *testing.F) {
	for _, text := range []string{
		`{"id":"urn:vcloud:user:7","username":"anna","name":"staff",` +
			`"roleEntityRefs":[{"id":"urn:vcloud:role:1","name":"r"}],"later":{"a":[1,2.50]},"no":null}`,
		`{"id":"urn:vcloud:group:7","name":"staff","username":"a",` +
			`"roleEntityRef":{"id":"urn:vcloud:role:1"},"locked":true,"description":null}`,
		`{}`, `null`, `[]`, `{"id":1}`, `{"id":"a","username":"b","id":"c"}`, `{"id":"a","username":"\ud800"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if u, err := readCloudUser(body); err == nil {
			sent, err := writeCloudUser(u)
			wantSentBack(t, body, sent, err)
		}
		g, err := readCloudGroup(body)
		if err != nil || len(g.Roles) == 0 {
			return
		}
		sent, err := writeCloudGroup(g, Reference{ID: "urn:vcloud:org:1"}, true)
		wantSentBack(t, body, sent, err)
		_, _ = readOrg(body)
		_, _ = readReference(body)
	})
}

func wantSentBack(t *testing.T, body []byte, sent map[string]any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var had, has map[string]json.RawMessage
	if json.Unmarshal(body, &had) != nil || json.Unmarshal(encoded, &has) != nil {
		t.Fatalf("%s was sent back as %s", body, encoded)
	}
	for key, value := range had {
		gone := has[key] == nil && !slices.Contains([]string{"roleEntityRef", "roleEntityRefs"}, key)
		if string(value) == "null" {
			gone = string(has[key]) == "null"
		}
		if gone {
			t.Errorf("%s: %q is sent back as %s", body, key, has[key])
		}
	}
}

// FuzzPages: pages of any content end in a list, or in an error, after a bounded number.
func FuzzPages(f *testing.F) {
	f.Add([]byte(`{"resultTotal":3,"page":1,"values":[{"id":"1","name":"a"}]}`), 1)
	f.Add([]byte(`{"resultTotal":-1,"values":[]}`), 0)
	f.Add([]byte(`{"values":null}`), 7)
	f.Add([]byte(`{"resultTotal":9223372036854775807,"values":[{}]}`), 2)
	f.Fuzz(func(t *testing.T, body []byte, entries int) {
		var page listPage
		if json.Unmarshal(body, &page) != nil || entries < 0 || entries > 1000 {
			return
		}
		at := position{page: 1}
		for pages := 0; !at.last; pages++ {
			next, err := at.after(page.Total, entries)
			if err != nil {
				return
			}
			if again, err := parsePosition(next.String()); err != nil || again.page != next.page || again.seen != next.seen {
				t.Fatalf("%v is read as %v, %v", next, again, err)
			}
			if pages > maxPages+1 || next.pages(entries) < 0 {
				t.Fatalf("%+v after %d pages", next, pages)
			}
			at = next
		}
	})
}

// FuzzXMLEntities: whatever XML a server sends for a user or group, a change sends a document that holds all of it, in
// order.
func FuzzXMLEntities(f *testing.F) {
	for _, text := range []string{
		`<User xmlns="http://www.vmware.com/vcloud/v1.5" name="a" href="h/7"><Link rel="edit"/>` +
			`<FullName>A &amp; B</FullName><Later a="1">x<y/></Later>` +
			`<IsEnabled>true</IsEnabled><Role href="r/1"/></User>`,
		`<v:User xmlns:v="http://www.vmware.com/vcloud/v1.5" name="a"><v:IsEnabled>true</v:IsEnabled></v:User>`,
		`<Group name="g"><UsersList><UserReference href="u/1"/></UsersList><Role href="r/1"/></Group>`,
		`<a><!-- c --><![CDATA[<b>]]><b/></a>`, `<a>`, `</a>`, `<a></b>`, `<a/><a/>`, `<?xml version="1.0"?><a b="&#10;"/>`,
		`<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><a>&m;</a>`, strings.Repeat("<a>", 200) +
			strings.Repeat("</a>", 200),
	} {
		f.Add([]byte(text))
	}
	href := func(r Reference) string { return "h/role/" + bareID(r.ID) }
	f.Fuzz(func(t *testing.T, body []byte) {
		var u xmlUser
		if xml.Unmarshal(body, &u) == nil {
			u.keep(body)
			user := u.user()
			sent, err := sendBackXML(body, xmlFromUser(user, href), xmlUserSequence, "")
			wantXMLSentBack(t, body, sent, err)
		}
		var g xmlGroup
		if xml.Unmarshal(body, &g) == nil {
			g.keep(body)
			sent, err := sendBackXML(body, xmlFromGroup(g.group(), href), xmlGroupSequence, "UsersList")
			wantXMLSentBack(t, body, sent, err)
		}
		var page queryPage
		_ = xml.Unmarshal(body, &page)
		var doc xmlOrg
		_ = xml.Unmarshal(body, &doc)
	})
}

func wantXMLSentBack(t *testing.T, body []byte, sent encodedXML, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	had, err := cutXML(body)
	if err != nil {
		t.Fatal(err)
	}
	has, err := cutXML(sent)
	if err != nil {
		t.Fatalf("%s was sent back as %s: %v", body, sent, err)
	}
	if had.root.Name != has.root.Name {
		t.Errorf("%s was sent back as %s", body, sent)
	}
	for _, child := range had.children {
		if child.name != "UsersList" && !slices.ContainsFunc(has.children,
			func(c xmlPart) bool { return c.name == child.name }) {
			t.Errorf("%q is lost of %s: %s", child.name, body, sent)
		}
	}
}

// FuzzAnswers: errors, tasks, settings, role names and addresses of any form are read without harm.
func FuzzAnswers(f *testing.F) {
	for _, text := range []string{
		`{"minorErrorCode":"DUPLICATE_NAME","message":"x already exists","stackTrace":null}`,
		`<Error xmlns="http://www.vmware.com/vcloud/v1.5" majorErrorCode="400" minorErrorCode="BAD_REQUEST" message="no"/>`,
		`<Task status="error"><Error message="no" minorErrorCode="B"/></Task>`, `{"status":"success"}`,
		`{"orgLdapMode":"NONE"}`, `{"mode":1}`,
		"Author, Editor,Author", ",,,", "https://vcd/api/task/1?x=%zz", "/cloudapi/1.0.0/x", "@elsewhere/x",
		"https://u:p@vcd.example.com/api", "https://vcd.example.com/a@b%3Fc%23", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_ = answerError(&transport.Error{Status: http.StatusForbidden, Body: []byte(text)}).Error()
		_ = ldapModeOf([]byte(text))
		var state task
		if json.Unmarshal([]byte(text), &state) == nil || xml.Unmarshal([]byte(text), &state) == nil {
			_ = state.failure().Error()
		}
		known := []string{"Author", "Author, Editor", "Editor"}
		for _, at := range splitNames(text, known) {
			if !strings.Contains(text, known[at]) {
				t.Errorf("%q lists no %q", text, known[at])
			}
		}
		if c, err := taskCall(text); err == nil && !strings.HasPrefix(c.path, "/") {
			t.Errorf("the task %q is at %q", text, c.path)
		}
		if base, err := baseURL(text); err == nil {
			u, err := url.Parse(base)
			if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(base, "/") {
				t.Errorf("%q becomes %q, %v", text, base, err)
			}
		}
		_ = urn("user", text)
		if path, err := entityPath("/users", text); err == nil && (strings.Count(path, "/") > 2 ||
			strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..")) {
			t.Errorf("the id %q leaves the collection: %s", text, path)
		}
	})
}
