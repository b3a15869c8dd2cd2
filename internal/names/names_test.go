// SPDX-License-Identifier: MPL-2.0

package names_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

func TestSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"jporter", "JPorter", true},
		{"jporter", "jporters", false},
		{"Jürgen", "ju\u0308rgen", true}, // NFC and NFD
		{"İpek", "i\u0307pek", true},     // lower case of two code points
		{"GROẞ", "gross", true},          // full folding
		{"Straße", "STRASSE", true},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", true}, // final sigma
		{"K", "k", true},             // the Kelvin sign
		{"ı", "i", false},            // dotless i is another letter
		{"ﬃ", "ffi", true},
		{"", " ", false},
		{"J\xfcrgen", "J\xf6rgen", false}, // Latin-1, which a directory can hold by mistake
		{"J\xfcrgen", "j\xfcRGEN", true},
		{"J\xfcrgen", "J\ufffdrgen", false},
	} {
		if names.Same(c.a, c.b) != c.same || names.Same(c.b, c.a) != c.same {
			t.Errorf("Same(%q, %q) is not %t", c.a, c.b, c.same)
		}
	}
}

func TestKeyIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		key := names.Key(name)
		for what, other := range map[string]string{
			"key": key, "upper case": strings.ToUpper(key),
			"decomposed": norm.NFD.String(name), "composed": norm.NFC.String(name),
		} {
			if what == "upper case" && names.Key(strings.ToLower(other)) != key {
				continue // a few letters have no way back from upper case
			}
			if names.Key(other) != key {
				t.Fatalf("Key of the %s %+q is %+q, not %+q", what, other, names.Key(other), key)
			}
		}
	})
}

func TestNear(t *testing.T) {
	t.Parallel()
	candidates := []string{"jporter", "jporter2", "hsato", "Lab Engineers", "Lab Users", "Jürgen"}
	for name, want := range map[string][]string{
		"jportr":        {"jporter", "jporter2"},
		"JPORTER":       {"jporter", "jporter2"},
		"Lab Enginers":  {"Lab Engineers"},
		"engineers":     {"Lab Engineers"},
		"ju\u0308rgenn": {"Jürgen"},
		"zz":            {},
		" ":             {},
	} {
		if got := names.Near(name, candidates); !slices.Equal(got, want) {
			t.Errorf("Near(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestNearOffersAtMostFive(t *testing.T) {
	t.Parallel()
	var candidates []string
	for i := range 9 {
		candidates = append(candidates, fmt.Sprintf("user%d", i))
	}
	if got := names.Near("user", candidates); len(got) != 5 {
		t.Errorf("Near offers %q", got)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	for want, list := range map[string][]string{
		"":                  nil,
		`"a"`:               {"a"},
		`"a" and "b"`:       {"a", "b"},
		`"a", "b" and "\""`: {"a", "b", `"`},
	} {
		if got := names.List(list); got != want {
			t.Errorf("List(%q) = %s, want %s", list, got, want)
		}
	}
	long := names.List(slices.Repeat([]string{"x"}, 25))
	if strings.Count(long, `"x"`) != names.ListLimit || !strings.HasSuffix(long, " and 5 more") {
		t.Errorf("a long list is %s", long)
	}
	if got := names.DidYouMean([]string{"a", "b"}); got != ` Did you mean "a" or "b"?` {
		t.Errorf("DidYouMean = %q", got)
	}
}

func FuzzNear(f *testing.F) {
	f.Add("jportr", "jporter")
	f.Add("i\u0307", "İ")
	f.Fuzz(func(t *testing.T, name, candidate string) {
		for _, near := range names.Near(name, []string{candidate, name}) {
			if near != candidate && near != name {
				t.Errorf("Near invents %q", near)
			}
		}
		if utf8.ValidString(name) && !names.Same(name, name) {
			t.Errorf("%q is not itself", name)
		}
	})
}
