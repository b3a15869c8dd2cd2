// SPDX-License-Identifier: MPL-2.0

package cloudshellapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
)

// answers are the seeds of the decoders: what servers send, and what they should not.
var answers = []string{
	`{"Users":[{"Id":11,"Username":"a","IsActive":true,"GroupIds":[1],"ImportedSid":"S-1-5-21-1"}],"Cursor":null}`,
	`{"Users":[{"Id":"11","Username":"a","IsActive":"True","GroupIds":["1",null]}],"Cursor":"b/+="}`,
	`{"Users":[{"Id":"11","Username":"a","DomainRoles":{"DomainId":1,"role":"Regular"}}]}`,
	`{"users":null,"cursor":250,"TotalCount":"3"}`,
	`{"Groups":[{"Id":-1,"Name":"System Administrators","groupRole":"SystemAdmin"}]}`,
	`{"Users":{"Id":1,"Username":"one"},"Errors":"none"}`,
	`{"Users":[],"Errors":[{"User":{"Username":"a"},"Error":{"Code":409,"Message":"User 'a' exists"}}]}`,
	`{"Message":"busy"}`, `{}`, `null`, `[]`, `""`, `"token"`, `1e400`, `{"Id":1e3,"Username":"x"}`,
	`{"Id":9223372036854775808,"Username":"x"}`,
	"\xef\xbb\xbf" + `{"Users":[]}`, `{"Users":[{"Id":1.5}]}`, `{"Users":[`, "\xff", ``,
}

func seed(f *testing.F) {
	f.Helper()
	for _, answer := range answers {
		f.Add([]byte(answer))
	}
}

func FuzzDecodePage(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, status := range []int{http.StatusOK, http.StatusAccepted} {
			answer := &transport.Response{Status: status, Header: http.Header{}, Body: body}
			for _, key := range []string{"Users", "Groups", "Domains"} {
				users, err := openAndDecode[User](t, key, answer)
				if err == nil && status == http.StatusAccepted {
					t.Error("a partial answer is a list")
				}
				for _, user := range users.items {
					if user.Username == "" {
						t.Error("a user without a name")
					}
				}
				_, _ = openAndDecode[Group](t, key, answer)
				_, _ = openAndDecode[Domain](t, key, answer)
				_, _ = openAndDecode[GroupDomain](t, key, answer)
				_, _ = openAndDecode[ExternalUser](t, key, answer)
				_, _ = openAndDecode[ExternalGroup](t, key, answer)
			}
		}
	})
}

func openAndDecode[T any](t *testing.T, key string, answer *transport.Response) (page[T], error) {
	t.Helper()
	l := list[T]{path: "/", field: key}
	raw, err := openPage(l, answer)
	read, err := raw.decode(l, err)
	if err == nil && raw.isEmpty() != (len(read.items) == 0) {
		t.Errorf("%s: empty is %t, with %d entries", answer.Body, raw.isEmpty(), len(read.items))
	}
	return read, err
}

// FuzzUser: a user who was read is written as they were received, without a password.
func FuzzUser(f *testing.F) {
	seed(f)
	f.Add([]byte(`{"ID":"7","username":"a","Password":"x","New":{"field":[1]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var user User
		if json.Unmarshal(body, &user) != nil {
			return
		}
		fields, err := user.encode()
		if err != nil {
			t.Fatal(err)
		}
		for name := range fields {
			if strings.EqualFold(name, "Password") {
				t.Error("a password is sent")
			}
		}
		encoded, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		var again User
		if err := json.Unmarshal(encoded, &again); err != nil || again.ID != user.ID || again.Username != user.Username ||
			again.IsActive != user.IsActive {
			t.Errorf("%s\nbecame %s\n%v", body, encoded, err)
		}
	})
}

func FuzzImportErrors(f *testing.F) {
	seed(f)
	f.Add([]byte(`["User 'jporter' already exists",{"Username":"a","ErrorMessage":"b"},{"token":"x","y":1}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var read struct{ Errors importErrors }
		if json.Unmarshal(body, &read) != nil && json.Unmarshal(body, &read.Errors) != nil {
			return
		}
		for _, entry := range read.Errors {
			if entry.String() == "" {
				t.Errorf("%s says nothing", entry.Raw)
			}
			_ = entry.Username()
		}
		if err := read.Errors.asError(http.MethodPost, "/x", http.StatusOK); (err == nil) != (len(read.Errors) == 0) {
			t.Errorf("%d entries make the error %v", len(read.Errors), err)
		}
	})
}

// FuzzCursor: a cursor survives the way into the URL and back.
func FuzzCursor(f *testing.F) {
	seed(f)
	for _, cursor := range []string{`"Pz8/Pj4+e30="`, `250`, `"a b&c=d#e%"`, `-1`, `0`, `"0"`, `true`} {
		f.Add([]byte(cursor))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var read cursor
		if json.Unmarshal(body, &read) != nil {
			return
		}
		query, err := url.ParseQuery(url.Values{"cursor": {string(read)}}.Encode())
		if err != nil || query.Get("cursor") != string(read) {
			t.Errorf("%q arrives as %q, %v", read, query, err)
		}
	})
}

func FuzzReadToken(f *testing.F) {
	seed(f)
	f.Add([]byte(`"UJvRg9mn6EywpLYMpRPiQg2"`))
	f.Add([]byte(`UJvRg9mn6EywpLYMpRPiQg2`))
	f.Fuzz(func(t *testing.T, body []byte) {
		answer := &transport.Response{Status: http.StatusOK, Header: http.Header{}, Body: body}
		token, err := readToken(answer)
		switch {
		case (token == "") != (err != nil):
			t.Errorf("token %q, error %v", token, err)
		case err != nil && !errors.Is(err, ErrNotCloudShell):
			t.Errorf("error %v", err)
		}
	})
}

func FuzzBaseURL(f *testing.F) {
	for _, text := range []string{
		"https://a:9000/api/", "http://[::1]:9000", "https://u:secret@a", "a", "ftp://a", "https://a/api/api?x#y",
		"http://%zz", " ",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		base, err := baseURL(text)
		if err != nil {
			return
		}
		if _, err := url.Parse(base + usersPath); err != nil {
			t.Errorf("%q became %q: %v", text, base, err)
		}
	})
}

func FuzzNumber(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var read number
		if json.Unmarshal(body, &read) != nil || !read.given {
			return
		}
		var exact int64
		if json.Unmarshal(body, &exact) == nil && exact != read.value {
			t.Errorf("%s is read as %s", body, strconv.FormatInt(read.value, 10))
		}
	})
}
