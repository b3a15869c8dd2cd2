package framework_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

func TestNear(t *testing.T) {
	t.Parallel()
	groups := []string{"Engineers", "Trainers", "Lab Engineers", "Лаборатория", "QA", "QB", "日本チーム"}
	for name, want := range map[string][]string{
		"Enginers":    {"Engineers", "Lab Engineers"},
		"ENGINEERS":   {"Engineers", "Lab Engineers"},
		"Egnineers":   {"Engineers", "Lab Engineers"},
		"engineer":    {"Engineers", "Lab Engineers"},
		"Лабратория":  {"Лаборатория"},
		"日本チ－ム":       {"日本チーム"},
		"QC":          {"QA", "QB"},
		"Completely":  nil,
		"":            nil,
		"Trainerss":   {"Trainers"},
		"Accountants": nil,
	} {
		got := framework.Near(name, groups)
		if !slices.Equal(got, want) && (len(want) == 0 || len(got) == 0 || got[0] != want[0]) {
			t.Errorf("Near(%q) = %q, want %q", name, got, want)
		}
	}
	many := make([]string, 100)
	for i := range many {
		many[i] = "team" + strings.Repeat("x", i%3)
	}
	if got := framework.Near("team", many); len(got) != 3 {
		t.Errorf("names are repeated or missing: %q", got)
	}
}

func TestNearFindsASlip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-zA-Zа-я0-9]{4,30}`).Draw(t, "name")
		runes := []rune(name)
		at := rapid.IntRange(0, len(runes)-1).Draw(t, "at")
		slip := string(runes[:at]) + string(runes[at+1:])
		if !slices.Contains(framework.Near(slip, []string{"something else entirely", name}), name) {
			t.Fatalf("%q is not near %q", name, slip)
		}
	})
}

func TestFoldNameAgreesWithSameName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringOf(rapid.SampledFrom([]rune("aAkKsSſKßẞiIİıΣσςЖж日 "))).Draw(t, "a")
		b := rapid.StringOf(rapid.SampledFrom([]rune("aAkKsSſKßẞiIİıΣσςЖж日 "))).Draw(t, "b")
		if framework.SameName(a, b) != (framework.FoldName(a) == framework.FoldName(b)) {
			t.Fatalf("%q and %q: same %v, folded %q and %q", a, b, framework.SameName(a, b), framework.FoldName(a), framework.FoldName(b))
		}
	})
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{``: nil, `"a"`: {"a"}, `"a" or "b"`: {"a", "b"}, `"a", "b" or "c\"d"`: {"a", "b", `c"d`}} {
		if got := framework.Quoted(names, "or"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
