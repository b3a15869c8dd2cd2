// SPDX-License-Identifier: MPL-2.0

package setting_test

import (
	"encoding/json"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// inJSON is how text stands between the quotes of a JSON string.
func inJSON(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // text can be encoded
	}
	return string(encoded[1 : len(encoded)-1])
}

func quoted(text string) string {
	text = strconv.Quote(text)
	return text[1 : len(text)-1]
}

// escapes are what servers and libraries do with what they repeat.
var escapes = map[string]func(string) string{
	"nothing":                  func(text string) string { return text },
	"JSON":                     inJSON,
	"JSON in JSON":             func(text string) string { return inJSON(inJSON(text)) },
	"JSON of ASCII":            func(text string) string { return strconv.QuoteToASCII(inJSON(text)) },
	"HTML":                     html.EscapeString,
	"HTML in HTML":             func(text string) string { return html.EscapeString(html.EscapeString(text)) },
	"a form":                   url.QueryEscape,
	"a path":                   url.PathEscape,
	"a path in lower case":     func(text string) string { return lowerEscapes(url.PathEscape(text)) },
	"a form in a form":         func(text string) string { return url.QueryEscape(url.PathEscape(text)) },
	"a form in JSON":           func(text string) string { return inJSON(url.QueryEscape(text)) },
	"HTML in JSON":             func(text string) string { return inJSON(html.EscapeString(text)) },
	"Go":                       quoted,
	"Go, ASCII alone":          strconv.QuoteToASCII,
	"JSON that Go quotes":      func(text string) string { return quoted(inJSON(text)) },
	"XML with decimal numbers": func(text string) string { return numbered(text, "&#", 10) },
	"XML with hexadecimal":     func(text string) string { return numbered(text, "&#x", 16) },
}

// lowerEscapes writes %2f for %2F, as .NET does.
func lowerEscapes(address string) string {
	parts := strings.Split(address, "%")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToLower(parts[i][:2]) + parts[i][2:]
	}
	return strings.Join(parts, "%")
}

// numbered writes everything but letters and digits as a reference to its number.
func numbered(text, before string, base int) string {
	var written strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			written.WriteRune(r)
			continue
		}
		written.WriteString(before + strconv.FormatInt(int64(r), base) + ";")
	}
	return written.String()
}

func TestMaskKnowsEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[ -~äßİ€😀\t]{1,12}`).Draw(t, "secret")
		if len(secret) < 3 {
			t.Skip("too short to be masked")
		}
		for name, escape := range escapes {
			const before, after = "§§", "§§"
			if got := setting.Mask(before+escape(secret)+after, secret); !strings.HasPrefix(got, before) ||
				!strings.HasSuffix(got, after) || strings.Trim(got[len(before):len(got)-len(after)], `"*`) != "" {
				t.Errorf("%s: %q is in %q", name, secret, got)
			}
		}
	})
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		secrets []string
		want    string
	}{
		{"no: abcdef", []string{"abc", "abcdef"}, "no: ***"}, // in either order
		{"no: abcdef", []string{"abcdef", "abc"}, "no: ***"},
		{"abc and abcd", []string{"abc"}, "*** and ***d"},
		{"ab is too short", []string{"ab", ""}, "ab is too short"},
		{"a+b", []string{"a b"}, "***"},
		{"A.C abc", []string{"a.c"}, "A.C abc"},
		{"nothing of it", []string{"secret"}, "nothing of it"},
	} {
		if got := setting.Mask(c.text, c.secrets...); got != c.want {
			t.Errorf("Mask(%q, %q) = %q, want %q", c.text, c.secrets, got, c.want)
		}
	}
}
